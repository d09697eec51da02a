"""The last net before the terminal: takes out of every line what could steer it."""

from __future__ import annotations

import re

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

_STEERING = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff\ud800-\udfff]"
)


class SafeFilter(LineFilter):
    """Deletes control, bidirectional and invisible characters and links from lines on their way out.

    Text should be safe before it gets here, so every hit is a mistake elsewhere; `hits` counts them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.hits = 0
        self.last_hit = ""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the line without what does not belong there; untouched lines are returned as they are."""
        if not any(_STEERING.search(segment.text) or _has_link(segment.style) for segment in segments):
            return segments
        cleaned: list[Segment] = []
        for segment in segments:
            text, style = segment.text, segment.style
            if _STEERING.search(text):
                self.hits += 1
                self.last_hit = repr(text[:80])
                text = _STEERING.sub("", text)
            if style is not None and style.link is not None:
                self.hits += 1
                self.last_hit = f"link {style.link[:80]!r}"
                style = style.update_link(None)
            cleaned.append(Segment(text, style, segment.control))
        return cleaned


def _has_link(style: Style | None) -> bool:
    return style is not None and style.link is not None
