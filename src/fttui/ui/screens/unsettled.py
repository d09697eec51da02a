"""Asks what is to become of a launch without an answer, of two jobs of one launch, or of files no job uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from fttui.domain.jobs.job import Job
from fttui.domain.jobs.operation import Operation
from fttui.domain.jobs.transfer import SentFile
from fttui.domain.text import safe_line
from fttui.ui import present


@dataclass(frozen=True, slots=True)
class LostLaunch:
    """A launch whose answer was lost and of which no job was found."""

    operation: Operation


@dataclass(frozen=True, slots=True)
class DoubledLaunch:
    """A launch that made more than one job, oldest first."""

    operation: Operation
    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class UnusedFiles:
    """Files that were sent for jobs that were never created."""

    files: tuple[SentFile, ...]


Unsettled = LostLaunch | DoubledLaunch | UnusedFiles


class Wish(Enum):
    """What a person wants done."""

    SEND_AGAIN = auto()
    LET_BE = auto()
    CANCEL = auto()
    """Stop one of the jobs."""
    KEEP_ALL = auto()
    DELETE = auto()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person wants done, and with which job where there are several."""

    wish: Wish
    job_id: str = ""


def notice(unsettled: Sequence[Unsettled]) -> str:
    """What waits for a word, in one line; empty where nothing does."""
    lost = sum(isinstance(one, LostLaunch) for one in unsettled)
    doubled = sum(isinstance(one, DoubledLaunch) for one in unsettled)
    files = sum(len(one.files) for one in unsettled if isinstance(one, UnusedFiles))
    words = []
    if lost:
        words.append(f"{present.counted(lost, 'launch', 'launches')} without an answer, and no job found")
    if doubled:
        words.append(f"{present.counted(doubled, 'launch', 'launches')} with more than one job")
    if files:
        words.append(f"{present.counted(files, 'file')} at the provider that no job uses")
    return " · ".join((*words, "u decides")) if words else ""


class UnsettledDialog(ModalScreen[Answer | None]):
    """Shows what is known and what can be done; None leaves it for later.

    Args:
        what: what waits for a word.
    """

    HELP = "Choose with the buttons, or press `escape` to decide later. Nothing is sent without your word."

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "later", "Later", id="unsettled.later"),
        Binding("left,h", "app.focus_previous", "Other button", show=False, id="unsettled.previous"),
        Binding("right,l", "app.focus_next", "Other button", show=False, id="unsettled.next"),
    ]

    def __init__(self, what: Unsettled) -> None:
        super().__init__()
        self._what = what
        self._answers: dict[str, Answer] = {}

    def compose(self) -> ComposeResult:
        title, body, choices = _page(self._what)
        with Vertical(classes="dialog") as box:
            box.border_title = Content(title)
            with VerticalScroll(classes="dialog-body", can_focus=False):
                yield Static(Content(body))
            with Horizontal(classes="dialog-buttons"):
                for number, (label, answer) in enumerate(choices):
                    self._answers[f"choice-{number}"] = answer
                    ends = answer.wish in (Wish.CANCEL, Wish.DELETE)
                    yield Button(Content(label), variant="error" if ends else "default", id=f"choice-{number}")
                yield Button("Later", id="later")

    def on_mount(self) -> None:
        # What may cost money is never under the cursor by itself.
        self.query_one("#later", Button).focus()

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        self.dismiss(self._answers.get(event.button.id or ""))

    def action_later(self) -> None:
        """Leave it for later."""
        self.dismiss(None)


Page = tuple[str, str, Sequence[tuple[str, Answer]]]


def _page(what: Unsettled) -> Page:
    match what:
        case LostLaunch(operation):
            return _lost(operation)
        case DoubledLaunch(operation, jobs):
            return _doubled(operation, jobs)
        case UnusedFiles(files):
            return _unused(files)


def _lost(operation: Operation) -> Page:
    spec = operation.spec
    lines = [
        f"Sent {present.moment(operation.last_sent_at)}. The answer was lost, and there is no job of it.",
        "",
        f"base      {safe_line(spec.model, 60)}",
        f"training  {safe_line(spec.training_file, 60)}",
        *([f"held back {safe_line(spec.validation_file, 60)}"] if spec.validation_file else []),
        f"tag       {operation.id}",
        "",
        "The provider is asked once more before it is sent again.",
        "Should the first job show up after all, you are told of both.",
    ]
    choices = (("Send it again", Answer(Wish.SEND_AGAIN)), ("Let it be", Answer(Wish.LET_BE)))
    return "A launch without an answer", "\n".join(lines), choices


def _doubled(operation: Operation, jobs: Sequence[Job]) -> Page:
    lines = [f"The launch of {present.moment(operation.created_at)} made {len(jobs)} jobs. Each is paid for.", ""]
    for number, job in enumerate(jobs, 1):
        lines += [
            f"{number}  {safe_line(job.id, 50)}",
            f"   {safe_line(job.status, 16)}, {present.moment(job.created_at)}",
        ]
    lines += ["", "Stop those you do not want, or keep them."]
    stoppable = [(number, job) for number, job in enumerate(jobs, 1) if not job.is_final]
    choices = [(f"Stop {number}", Answer(Wish.CANCEL, job.id)) for number, job in stoppable[:3]]
    return "One launch, several jobs", "\n".join(lines), (*choices, ("Keep all", Answer(Wish.KEEP_ALL)))


def _unused(files: Sequence[SentFile]) -> Page:
    lines = ["These files were sent from here, and no job was created with them:", ""]
    lines += [
        f"{safe_line(file.id, 34)}  {present.moment(file.sent_at)}  {safe_line(file.path[-60:], 60)}"
        for file in files[:8]
    ]
    if len(files) > 8:
        lines.append(f"and {len(files) - 8} more")
    lines += ["", "Deleted, they are gone at the provider; your own files stay as they are."]
    return "Files that no job uses", "\n".join(lines), (("Delete them", Answer(Wish.DELETE)),)
