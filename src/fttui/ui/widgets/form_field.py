"""Fields of a compact form, one line each: label, value, and what is wrong or worth knowing beside it."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events, getters
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Label, Static

from fttui.domain.text import safe_line
from fttui.ui.cells import fill
from fttui.ui.widgets.field import Check, Field


class TypedField(Field):
    """A value that is typed; help stands beside it while the cursor is in it, a complaint as long as it holds."""

    DEFAULT_CSS = """
    TypedField { layout: horizontal; height: auto; margin: 0; }
    TypedField > .label { width: 18; }
    TypedField > Input { width: 14; }
    TypedField > .problem, TypedField > .help { width: 1fr; height: auto; padding: 0 0 0 2; }
    TypedField > .help { display: none; }
    TypedField:focus-within > .help { display: block; }
    TypedField.-wrong > .help { display: none; }
    """

    def __init__(
        self, name: str, label: str, help: str, *, value: str = "", hint: str = "", check: Check | None = None
    ) -> None:
        super().__init__(label, value, hint=hint, check=check, id=name.replace("_", "-"))
        self.field_name = name
        self.help = help

    def validate_problem(self, sentence: str) -> str:
        """Leave the label out of a complaint: it stands in the same line."""
        return sentence.removeprefix(f"{self._label} ")

    def compose(self) -> ComposeResult:
        yield from super().compose()
        yield Static(Content(self.help), classes="help")

    def show_help(self, help: str) -> None:
        """Say something else while the cursor is in it."""
        if help != self.help:
            self.help = help
            self.query_one(".help", Static).update(Content(help))


class PickValue(Widget, can_focus=True):
    """The part of a pick field that has the cursor and shows the choice."""

    DEFAULT_CSS = """
    PickValue { height: 1; width: 1fr; padding: 0 1; }
    """
    BINDINGS = [
        Binding("enter,space", "pick", "Choose", id="field.choose"),
        Binding("delete,backspace", "clear", "Empty", show=False, id="field.empty"),
        Binding("j", "app.focus_next", "Next field", show=False, id="field.next"),
        Binding("k", "app.focus_previous", "Field before", show=False, id="field.previous"),
    ]

    text: reactive[str] = reactive("")
    placeholder: reactive[str] = reactive("")

    def render(self) -> Content:
        """The choice, or what to do, and the sign that enter opens a list."""
        room = max(self.content_size.width - 2, 1)
        muted = "" if self.has_focus else "$text-muted"
        shown = fill(safe_line(self.text or self.placeholder), room)
        return Content.assemble((shown, "" if self.text else muted), (" ▾", muted))

    def action_pick(self) -> None:
        """Open the list."""
        if isinstance(self.parent, PickField):
            self.post_message(PickField.Opened(self.parent))

    def action_clear(self) -> None:
        """Choose nothing."""
        if isinstance(self.parent, PickField):
            self.post_message(PickField.Emptied(self.parent))

    def on_click(self, event: events.Click) -> None:
        """Open the list."""
        event.stop()
        self.action_pick()


class PickField(Horizontal):
    """A value that is chosen from a list; the screen opens the list and says what was chosen.

    Args:
        name: the field's name in the specification.
        label: names it for people.
        help: shown beside it while it has the cursor.
        placeholder: shown while nothing is chosen.
    """

    DEFAULT_CSS = """
    PickField { height: auto; }
    PickField > .label { width: 18; }
    PickField > .problem { width: auto; max-width: 40; height: auto; padding: 0 0 0 2; display: none; }
    PickField.-wrong > .problem { display: block; }
    """

    problem: reactive[str] = reactive("")

    picked = getters.query_one(PickValue)

    @dataclass
    class Opened(Message):
        """The list is wanted."""

        field: PickField

        @property
        def control(self) -> PickField:
            """The field, for selectors."""
            return self.field

    @dataclass
    class Emptied(Message):
        """The choice is taken back."""

        field: PickField

        @property
        def control(self) -> PickField:
            """The field, for selectors."""
            return self.field

    def __init__(self, name: str, label: str, help: str, *, placeholder: str = "") -> None:
        super().__init__(id=name.replace("_", "-"))
        self.field_name = name
        self.label = label
        self.help = help
        self._placeholder = placeholder

    def compose(self) -> ComposeResult:
        yield Label(Content(safe_line(self.label)), classes="label")
        value = PickValue()
        value.placeholder = self._placeholder
        yield value
        yield Static(Content(""), classes="problem")

    def show(self, text: str) -> None:
        """Show a choice; an empty text shows the placeholder."""
        self.picked.text = text

    def show_placeholder(self, text: str) -> None:
        """Say something else while nothing is chosen."""
        self.picked.placeholder = text

    def watch_problem(self, problem: str) -> None:
        """Show or hide what is wrong."""
        self.set_class(bool(problem), "-wrong")
        if self.is_mounted:
            self.query_one(".problem", Static).update(Content(f"✗ {safe_line(problem)}" if problem else ""))

    def focus_value(self) -> None:
        """Put the cursor here."""
        self.picked.focus()
