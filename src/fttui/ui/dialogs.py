"""Questions and answers on top of a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from fttui.domain.errors import FttuiError
from fttui.domain.text import safe, safe_line
from fttui.ui.failures import details
from fttui.ui.widgets.field import Check, Field

if TYPE_CHECKING:
    from fttui.ui.app import FttuiApp


class ConfirmDialog(ModalScreen[bool]):
    """Asks before something happens.

    Args:
        title: the question.
        body: what exactly will happen, naming the thing.
        confirm_label: the word on the button that does it.
        danger: it cannot be undone; the cursor starts on Cancel.
        type_to_confirm: a word that must be typed first.
        refuse_label: the word on the other button.
    """

    HELP = "Answer the question with the buttons, or press `escape` to leave things as they are."

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "refuse", "Cancel", id="confirm.cancel"),
        Binding("left,h", "app.focus_previous", "Other button", show=False, id="confirm.previous"),
        Binding("right,l", "app.focus_next", "Other button", show=False, id="confirm.next"),
    ]

    def __init__(
        self,
        title: str,
        body: str,
        confirm_label: str,
        danger: bool = False,
        type_to_confirm: str = "",
        refuse_label: str = "Cancel",
    ) -> None:
        super().__init__()
        self._title = title
        self._body = body
        self._confirm_label = confirm_label
        self._danger = danger
        self._wanted = type_to_confirm
        self._refuse_label = refuse_label

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as box:
            box.border_title = Content(safe_line(self._title))
            with VerticalScroll(classes="dialog-body", can_focus=False):
                yield Static(Content(safe(self._body)))
            if self._wanted:
                yield Field(f"Type {self._wanted} to confirm", check=self._check_word, id="word")
            with Horizontal(classes="dialog-buttons"):
                yield Button(
                    Content(safe_line(self._confirm_label)),
                    variant="error" if self._danger else "primary",
                    id="confirm",
                    disabled=bool(self._wanted),
                )
                yield Button(Content(self._refuse_label), id="cancel")

    def on_mount(self) -> None:
        if self._wanted:
            self.query_one("#word", Field).focus_input()
        else:
            self.query_one("#cancel" if self._danger else "#confirm", Button).focus()

    def _check_word(self, typed: str) -> str | None:
        return None if typed.strip() == self._wanted or not typed else "Not the same word yet"

    @on(Field.Changed)
    def _allow_confirming(self, event: Field.Changed) -> None:
        self.query_one("#confirm", Button).disabled = event.value.strip() != self._wanted

    @on(Field.Submitted)
    def _confirm_by_enter(self, event: Field.Submitted) -> None:
        if event.value.strip() == self._wanted:
            self.dismiss(True)

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "confirm")

    def action_refuse(self) -> None:
        """Leave things as they are."""
        self.dismiss(False)


class ErrorDialog(ModalScreen[None]):
    """Says what went wrong, with everything known about it, to read and to copy."""

    HELP = "Scroll with the arrow keys, `y` copies the text, `escape` closes."

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter", "close", "Close", id="error.close"),
        Binding("y", "copy", "Copy", id="error.copy"),
    ]

    if TYPE_CHECKING:
        app = getters.app(FttuiApp)

    def __init__(self, error: FttuiError) -> None:
        super().__init__()
        self.error = error

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -error") as box:
            box.border_title = Content(safe_line(self.error.title))
            with VerticalScroll(classes="dialog-body"):
                yield Static(Content(safe(details(self.error))))
            with Horizontal(classes="dialog-buttons"):
                yield Button("Close", id="close")
                yield Button("Copy", id="copy")

    def on_mount(self) -> None:
        self.query_one("#close", Button).focus()

    @on(Button.Pressed, "#close")
    def action_close(self) -> None:
        """Go back."""
        self.dismiss(None)

    @on(Button.Pressed, "#copy")
    def action_copy(self) -> None:
        """Send the text to the clipboard."""
        self.app.copy_text(f"{self.error.title}\n{details(self.error)}", "the message")


class PromptDialog(ModalScreen[str | None]):
    """Asks for a line of text; None when nothing was given.

    Args:
        title: what it is for.
        label: names the line.
        value: what stands there at first.
        check: says what is wrong with a value.
        secret: hide what is typed.
    """

    HELP = "Type, then press `enter`; `escape` leaves things as they are."

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel", id="prompt.cancel")]

    def __init__(
        self, title: str, label: str, value: str = "", *, check: Check | None = None, secret: bool = False
    ) -> None:
        super().__init__()
        self._title = title
        self._field = Field(label, value, check=check, secret=secret)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as box:
            box.border_title = Content(safe_line(self._title))
            yield self._field
            with Horizontal(classes="dialog-buttons"):
                yield Button("OK", variant="primary", id="ok")
                yield Button("Cancel", id="cancel")

    def on_mount(self) -> None:
        self._field.focus_input()

    @on(Field.Submitted)
    @on(Button.Pressed, "#ok")
    def accept(self) -> None:
        """Hand over what was typed, if it is good."""
        if self._field.validate_now():
            self.dismiss(self._field.take())

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        """Hand over nothing."""
        self.dismiss(None)
