"""Help for what has the focus: a few words of Markdown, and the keys that work now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Markdown, Static


def help_text(screen: Screen[object]) -> str:
    """The Markdown of the focused widget, its containers and the screen, nearest first."""
    nodes = [screen] if screen.focused is None else list(screen.focused.ancestors_with_self)
    texts = [str(getattr(node, "HELP", "") or "") for node in nodes if isinstance(getattr(node, "HELP", None), str)]
    return "\n\n".join(dict.fromkeys(text.strip() for text in texts if text.strip()))


def live_keys(screen: Screen[object]) -> Iterator[tuple[str, str, bool]]:
    """Key, what it does, and whether it can be done now; one line for an action with several keys."""
    rows: dict[tuple[str, str], tuple[list[str], bool]] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        if not binding.description or binding.id is None:
            # Textual's own keys, such as those that scroll; ours say the same and more.
            continue
        words = binding.tooltip or binding.description
        keys, _ = rows.setdefault((binding.id or binding.action, words), ([], active.enabled))
        display = screen.app.get_key_display(binding)
        if display not in keys:
            keys.append(display)
    for (_, words), (keys, enabled) in rows.items():
        yield " ".join(keys), words, enabled


class HelpDialog(ModalScreen[None]):
    """Shows help for the screen below it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,f1,q", "close", "Close", id="help.close"),
        Binding("j,down", "scroll_down", "Down", show=False, id="help.down"),
        Binding("k,up", "scroll_up", "Up", show=False, id="help.up"),
    ]

    def __init__(self, about: Screen[object]) -> None:
        super().__init__()
        self._text = help_text(about)
        self._keys = list(live_keys(about))

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -help") as box:
            box.border_title = "Help"
            box.border_subtitle = "esc close"
            with VerticalScroll(classes="dialog-body"):
                if self._text:
                    yield Markdown(self._text, open_links=False)
                yield Static(self._key_table(), classes="keys")

    def _key_table(self) -> Content:
        width = max((len(keys) for keys, _, _ in self._keys), default=0)
        lines = []
        for keys, words, enabled in self._keys:
            note = "" if enabled else "  (not now)"
            lines.append(Content.assemble((keys.rjust(width), "$footer-key-foreground bold"), f"  {words}{note}"))
        return Content("\n").join(lines)

    def action_close(self) -> None:
        """Go back."""
        self.dismiss(None)

    def action_scroll_down(self) -> None:
        """Scroll down a line."""
        self.query_one(VerticalScroll).scroll_down(animate=False)

    def action_scroll_up(self) -> None:
        """Scroll up a line."""
        self.query_one(VerticalScroll).scroll_up(animate=False)
