"""Asks which model to talk to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from fttui.domain.errors import FttuiError
from fttui.domain.jobs.lifecycle import Lifecycle
from fttui.domain.remote import RemoteModel
from fttui.domain.text import safe_line
from fttui.ui import present

if TYPE_CHECKING:
    from fttui.ui.app import FttuiApp


def ranked(models: Sequence[RemoteModel]) -> list[RemoteModel]:
    """Models in the order they are wanted: tuned ones, their checkpoints, then bases; newest first in each."""
    return sorted(models, key=lambda model: (not model.is_tuned, model.is_checkpoint, -model.created_at, model.id))


def kind(model: RemoteModel) -> str:
    """What a model is, in a word."""
    if model.is_checkpoint:
        return "checkpoint"
    return "tuned" if model.is_tuned else "base"


class ModelDialog(ModalScreen[str | None]):
    """The models of a profile, narrowed down by what is typed; any other name may be typed as well."""

    HELP = "Type part of a name, choose with the arrow keys, `enter` takes it. A name that is not listed can be typed."

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", id="models.cancel"),
        Binding("down", "move(1)", "Next", show=False, priority=True, id="models.next"),
        Binding("up", "move(-1)", "Previous", show=False, priority=True, id="models.previous"),
    ]

    if TYPE_CHECKING:
        app = getters.app(FttuiApp)

    typed = getters.query_one(Input)
    options = getters.query_one(OptionList)

    def __init__(self, profile: str) -> None:
        super().__init__()
        self._profile = profile
        self._models: list[RemoteModel] = []
        self._is_asking = True
        self._was_taken = False
        """Whether a name was entered before the models were known, among which it may be a part of one."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -models") as box:
            box.border_title = "Talk to which model?"
            yield Input(placeholder="part of a name")
            yield OptionList(markup=False)
            yield Static(Content("Asking the provider for its models…"), classes="note")

    def on_mount(self) -> None:
        self.typed.focus()
        self._load()

    @work(group="models.load", exclusive=True)
    async def _load(self) -> None:
        try:
            self._models = ranked(await self.app.services.list_models(self._profile))
        except FttuiError as error:
            self._note(f"{error.title}: {error.message}. Type the name of a model.")
            self._is_known()
            return
        # Asking may have started the engine.
        self.app.refresh_status()
        self._note(present.counted(len(self._models), "model"))
        self._narrow()
        self._is_known()

    def _is_known(self) -> None:
        self._is_asking = False
        if self._was_taken:
            self._take()

    def _note(self, sentence: str) -> None:
        self.query_one(".note", Static).update(Content(safe_line(sentence)))

    @on(Input.Changed)
    def _narrow(self) -> None:
        wanted = self.typed.value.strip().casefold()
        shown = [model for model in self._models if wanted in model.id.casefold()]
        self.options.clear_options()
        ending_of = self.app.services.ending_of
        self.options.add_options([_option(one, ending_of(one.id, self._profile), self.app.today) for one in shown])
        self.options.highlighted = 0 if shown else None

    @on(Input.Submitted)
    def _take(self) -> None:
        chosen = self.options.highlighted_option
        name = chosen.id if chosen is not None else self.typed.value.strip()
        if name and self._is_asking:
            self._was_taken = True
            self._note("Taken as soon as the models are known; escape leaves it.")
        elif name:
            self.dismiss(name)

    @on(OptionList.OptionSelected)
    def _take_option(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)

    def action_move(self, rows: int) -> None:
        """Move through the list while the cursor stays in the input."""
        if rows > 0:
            self.options.action_cursor_down()
        else:
            self.options.action_cursor_up()

    def action_cancel(self) -> None:
        """Leave the model as it is."""
        self.dismiss(None)


def _option(model: RemoteModel, ending: Lifecycle | None, today: date) -> Option:
    words = "" if ending is None else ending.words(today)
    note = f"{kind(model)}, {words}" if words else kind(model)
    return Option(Content.assemble(safe_line(model.id), (f"  {note}", "$text-muted")), id=model.id)
