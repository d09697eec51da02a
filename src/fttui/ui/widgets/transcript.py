"""The turns of a conversation, drawn line by line; a streaming reply redraws itself alone."""

from __future__ import annotations

from dataclasses import dataclass

from rich.segment import Segment
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer

from fttui.domain.chat.conversation import Conversation, Ending, Speaker, Turn
from fttui.domain.text import safe, safe_line

REDRAW_SECONDS = 0.125
"""A reply that streams is drawn at most eight times a second, to be thrifty with bytes over SSH."""

INDENT = "  "

_ENDINGS = {
    Ending.STOP: "",
    Ending.LENGTH: "reached the token limit",
    Ending.FILTERED: "held back by the provider's filter",
    Ending.TOOL_CALLS: "asked for a tool",
    Ending.STOPPED: "stopped by you",
    Ending.CUT_OFF: "cut off: the stream broke",
}


@dataclass(frozen=True, slots=True)
class _Laid:
    """A turn as it was laid out: for which width, and its lines."""

    turn: Turn
    width: int
    strips: tuple[Strip, ...]


def facts(turn: Turn) -> str:
    """What is to be said below a reply: how it ended, what it took, how fast it came."""
    said = [_ENDINGS[turn.ending]] if turn.ending is not None else []
    if turn.usage is not None:
        said.append(f"{turn.usage.prompt_tokens} + {turn.usage.completion_tokens} tokens")
    if turn.tokens_per_second is not None:
        said.append(f"{turn.tokens_per_second:.0f} tokens/s")
    if turn.seconds is not None:
        said.append(f"{turn.seconds:.1f} s")
    return " · ".join(entry for entry in said if entry)


class Transcript(ScrollView, can_focus=True):
    """A conversation as a scrolling page; it follows the end unless scrolled away from it."""

    COMPONENT_CLASSES = {"transcript--user", "transcript--assistant", "transcript--facts"}

    DEFAULT_CSS = """
    Transcript {
        height: 1fr;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
    }
    """

    BINDINGS = [
        Binding("j", "scroll_down", "Down", show=False, id="transcript.down"),
        Binding("k", "scroll_up", "Up", show=False, id="transcript.up"),
        Binding("g", "scroll_home", "First turn", show=False, id="transcript.first"),
        Binding("G", "scroll_end", "Last turn", show=False, id="transcript.last"),
        Binding("ctrl+d", "page_down", "Page down", show=False, id="transcript.page-down"),
        Binding("ctrl+u", "page_up", "Page up", show=False, id="transcript.page-up"),
    ]

    conversation: reactive[Conversation | None] = reactive(None, init=False, layout=False)
    hint: reactive[str] = reactive("", init=False)
    """What to say while there is no turn."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._laid: list[_Laid] = []
        self._lines: list[Strip] = []
        self._pending: Timer | None = None

    def on_mount(self) -> None:
        """Stay at the end until somebody scrolls away from it."""
        self.anchor()

    def watch_conversation(self) -> None:
        """Draw soon; pieces that arrive in quick succession are drawn together."""
        if self._pending is None:
            self._pending = self.set_timer(REDRAW_SECONDS, self._draw)

    def watch_hint(self) -> None:
        """The hint stands where turns will be."""
        self._draw()

    def on_resize(self) -> None:
        """Lines are as long as the page is wide."""
        self._draw()

    def render_line(self, y: int) -> Strip:
        """One line of the page."""
        width = self.scrollable_content_region.width
        row = self.scroll_offset.y + y
        line = self._lines[row] if row < len(self._lines) else Strip.blank(width, self.rich_style)
        return line.crop_extend(0, width, self.rich_style)

    def _draw(self) -> None:
        self._pending = None
        width = self.scrollable_content_region.width
        if width <= len(INDENT):
            return
        turns = self.conversation.turns if self.conversation is not None else ()
        kept = self._laid[: len(turns)]
        self._laid = [
            kept[place]
            if place < len(kept) and kept[place].turn == turn and kept[place].width == width
            else _Laid(turn, width, tuple(self._lay_out(turn, width, last=place == len(turns) - 1)))
            for place, turn in enumerate(turns)
        ]
        self._lines = [strip for laid in self._laid for strip in laid.strips] or self._hint_lines(width)
        self.virtual_size = Size(width, len(self._lines))
        self.refresh()

    def _lay_out(self, turn: Turn, width: int, *, last: bool) -> list[Strip]:
        is_reply = turn.speaker is Speaker.ASSISTANT
        model = self.conversation.model if self.conversation is not None else ""
        heading = safe_line(model) if is_reply else "You"
        style = "transcript--assistant" if is_reply else "transcript--user"
        streaming = is_reply and turn.ending is None and turn.seconds is None
        text = turn.text + ("▌" if streaming and last else "")
        if is_reply and not text and not streaming:
            text = "(no text)"
        strips = [self._strip(heading, style, width)]
        strips += [strip for line in safe(text).split("\n") for strip in self._wrapped(line, width)]
        if is_reply and facts(turn):
            strips.append(self._strip(INDENT + facts(turn), "transcript--facts", width))
        strips.append(Strip.blank(width, self.rich_style))
        return strips

    def _wrapped(self, line: str, width: int) -> list[Strip]:
        if not line:
            return [Strip.blank(width, self.rich_style)]
        indent = Segment(INDENT, self.rich_style)
        return [
            Strip([indent, *piece.render_segments(self.visual_style)])
            for piece in Content(line).wrap(width - len(INDENT))
        ]

    def _strip(self, text: str, style: str, width: int) -> Strip:
        content = Content(text).truncate(width, ellipsis=True)
        return Strip(content.render_segments(self.get_visual_style(style)))

    def _hint_lines(self, width: int) -> list[Strip]:
        lines = [line for paragraph in self.hint.split("\n") for line in Content(paragraph).wrap(width - len(INDENT))]
        style = self.get_visual_style("transcript--facts")
        return [Strip([Segment(INDENT, self.rich_style), *line.render_segments(style)]) for line in lines]
