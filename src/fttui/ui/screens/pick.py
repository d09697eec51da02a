"""A list to choose one thing from, filtered as one types."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from fttui.domain.text import safe_line
from fttui.ui.cells import cut, fill
from fttui.ui.widgets.line_list import LineList, Piece


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose.

    `value` is what the dialog answers with; `detail` stands at the right; choices of one `section` stay together.
    """

    value: str
    label: str
    detail: str = ""
    section: str = ""


class ChoiceList(LineList):
    """Choices under the headings of their sections."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"choice-list--section", "choice-list--detail"}
    DEFAULT_CSS = """
    ChoiceList {
        height: auto;
        max-height: 14;
        & > .choice-list--section { color: $text-muted; text-style: italic; }
        & > .choice-list--detail { color: $text-muted; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[Choice | str] = ()

    def show(self, choices: Sequence[Choice], cursor_on: str = "") -> None:
        """Show choices; the cursor goes to a value, or the first one."""
        rows: list[Choice | str] = []
        section = ""
        for choice in choices:
            if choice.section != section:
                section = choice.section
                rows.append(section)
            rows.append(choice)
        self._rows = rows
        self.count = len(rows)
        self.styles.height = max(min(len(rows), 14), 1)
        wanted = next((at for at, row in enumerate(rows) if isinstance(row, Choice) and row.value == cursor_on), None)
        self.go_to(wanted if wanted is not None else 0)
        self.refresh()

    @property
    def chosen(self) -> Choice | None:
        """The choice under the cursor."""
        row = self._rows[self.cursor] if self.cursor < len(self._rows) else None
        return row if isinstance(row, Choice) else None

    def selectable(self, number: int) -> bool:
        """Headings cannot be chosen."""
        return isinstance(self._rows[number], Choice)

    def row(self, number: int, width: int) -> Iterable[Piece]:
        """A heading, or a label with its detail at the right."""
        row = self._rows[number]
        if isinstance(row, str):
            yield cut(row, width), "choice-list--section"
            return
        detail = cut(safe_line(row.detail), width // 2)
        room = width - cell_len(detail) - 3
        yield fill(f" {safe_line(row.label)}", room) + "  ", ""
        yield f"{detail} ", "choice-list--detail"


class PickDialog(ModalScreen[str | None]):
    """Asks to choose; answers with the value of the choice, or None.

    Args:
        title: what is chosen.
        choices: what there is.
        chosen: the value the cursor starts on.
        typed_label: names what typing something that is not in the list means, such as `use the file`;
            empty when only the list counts. The answer is then what was typed.
        empty: the sentence shown where there are no choices.
    """

    HELP = "Type to filter, arrows to move, `enter` to choose, `escape` to leave things as they are."

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel", id="pick.cancel"),
        Binding("down", "move(1)", "Down", show=False, id="pick.down"),
        Binding("up", "move(-1)", "Up", show=False, id="pick.up"),
        Binding("pagedown", "move(10)", "Page down", show=False, id="pick.page-down"),
        Binding("pageup", "move(-10)", "Page up", show=False, id="pick.page-up"),
    ]
    DEFAULT_CSS = """
    PickDialog .dialog { padding: 0 1; }
    PickDialog Input { height: 1; padding: 0 1; margin-bottom: 1; }
    PickDialog .empty { color: $text-muted; padding: 0 1; height: auto; display: none; }
    PickDialog.-empty .empty { display: block; }
    PickDialog.-empty ChoiceList { display: none; }
    """

    LIMIT: ClassVar[int] = 500
    """Choices shown at once; the filter reaches the others."""

    query_field = getters.query_one(Input)
    list = getters.query_one(ChoiceList)

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice],
        *,
        chosen: str = "",
        typed_label: str = "",
        empty: str = "Nothing to choose from",
    ) -> None:
        super().__init__()
        self._title = title
        self._choices = choices
        self._chosen = chosen
        self._typed_label = typed_label
        self._empty = empty

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as box:
            box.border_title = Content(safe_line(self._title))
            yield Input(
                placeholder="type to filter, or a name" if self._typed_label else "type to filter",
                compact=True,
            )
            yield ChoiceList()
            yield Static(Content(safe_line(self._empty)), classes="empty")

    def on_mount(self) -> None:
        self.list.can_focus = False
        self._filter("")

    @on(Input.Changed)
    def _filter_by_typed(self, event: Input.Changed) -> None:
        event.stop()
        self._filter(event.value)

    def _filter(self, typed: str) -> None:
        words = typed.casefold().split()
        found = [
            choice
            for choice in self._choices
            if all(word in f"{choice.label} {choice.detail}".casefold() for word in words)
        ][: self.LIMIT]
        if typed.strip() and self._typed_label:
            found.append(Choice(typed.strip(), f"{self._typed_label} {typed.strip()}", section="as typed"))
        self.set_class(not found, "-empty")
        self.list.show(found, self._chosen)
        # A list that shrinks uncovers halves of wide characters, which are painted only together with the others.
        self.refresh()

    def action_move(self, step: int) -> None:
        """Move the cursor of the list."""
        if abs(step) == 1:
            self.list.action_move(step)
        else:
            self.list.go_to(self.list.cursor + step)

    @on(Input.Submitted)
    @on(LineList.Chosen)
    def _choose(self) -> None:
        choice = self.list.chosen
        if choice is not None:
            self.dismiss(choice.value)
