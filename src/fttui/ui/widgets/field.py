"""A labelled text input with a line below that says what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input, Label, Static

from fttui.domain.text import safe_line

Check = Callable[[str], str | None]
"""Given what was typed, a sentence on what is wrong, or None."""


class Field(Vertical):
    """An input under a label; what is typed is checked at every key.

    Args:
        label: names the field.
        value: what stands in it at first.
        hint: shown in the empty input.
        check: says what is wrong with a value.
        secret: hide what is typed, and let nobody copy it.
    """

    DEFAULT_CSS = """
    Field { height: auto; }
    Field > Input { padding: 0 1; }
    Field > .problem { height: auto; display: none; }
    Field.-wrong > .problem { display: block; }
    Field.-row { layout: grid; grid-size: 2; grid-columns: 18 1fr; grid-rows: 1 auto; height: auto; }
    Field.-row > .problem { column-span: 2; }
    """

    problem: reactive[str] = reactive("")
    """What is wrong, from the check or set from outside; empty when all is well."""

    text_input = getters.query_one("Input", Input)

    @dataclass
    class Changed(Message):
        """The value was edited; `problem` is empty when it is good."""

        field: Field
        value: str
        problem: str

        @property
        def control(self) -> Field:
            """The field, for selectors."""
            return self.field

    @dataclass
    class Submitted(Message):
        """Enter was pressed on a good value."""

        field: Field
        value: str

        @property
        def control(self) -> Field:
            """The field, for selectors."""
            return self.field

    def __init__(
        self,
        label: str,
        value: str = "",
        *,
        hint: str = "",
        check: Check | None = None,
        secret: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._label = label
        self._initial = value
        self._hint = hint
        self._check = check
        self._secret = secret

    def compose(self) -> ComposeResult:
        yield Label(Content(safe_line(self._label)), classes="label")
        kind = SecretInput if self._secret else Input
        yield kind(self._initial, placeholder=safe_line(self._hint), select_on_focus=False, compact=True)
        yield Static(Content(""), classes="problem")

    @property
    def value(self) -> str:
        """What stands in the input."""
        return self.text_input.value if self.is_mounted else self._initial

    @value.setter
    def value(self, value: str) -> None:
        self._initial = value
        if self.is_mounted:
            self.text_input.value = value

    def take(self) -> str:
        """Hand the value over and clear the input, for what must not stay on a screen."""
        value = self.value
        self.value = ""
        self.problem = ""
        return value

    def validate_now(self) -> bool:
        """Check the value as it stands; True when it is good."""
        self.problem = (self._check(self.value) if self._check else None) or ""
        return not self.problem

    def watch_problem(self, problem: str) -> None:
        self.set_class(bool(problem), "-wrong")
        if self.is_mounted:
            self.query_one(".problem", Static).update(Content(f"✗ {safe_line(problem)}"))

    def focus_input(self) -> None:
        """Put the cursor here."""
        self.text_input.focus()

    @on(Input.Changed)
    def _check_value(self, event: Input.Changed) -> None:
        event.stop()
        self.validate_now()
        self.post_message(self.Changed(self, event.value, self.problem))

    @on(Input.Submitted)
    def _submit_value(self, event: Input.Submitted) -> None:
        event.stop()
        if self.validate_now():
            self.post_message(self.Submitted(self, event.value))


class SecretInput(Input):
    """An input for keys: hidden, and neither copied nor cut."""

    def __init__(
        self, value: str = "", *, placeholder: str = "", select_on_focus: bool = False, compact: bool = False
    ) -> None:
        super().__init__(
            value, placeholder=placeholder, password=True, select_on_focus=select_on_focus, compact=compact
        )

    def action_copy(self) -> None:
        """Does nothing: a key never goes to a clipboard."""

    def action_cut(self) -> None:
        """Does nothing: a key never goes to a clipboard."""
