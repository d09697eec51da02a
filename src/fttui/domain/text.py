"""Foreign text made fit for a terminal: control, bidirectional and invisible characters become visible signs."""

from __future__ import annotations

import re

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff\ud800-\udfff]"
)
_BREAKS = re.compile("[\n\t]")
_STACKED_MARKS = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4})"
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)


def _visible(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else f"<{code:04X}>"


def safe(text: str) -> str:
    """Make text of any origin fit to be shown over several lines.

    Newlines and tabs stay; every other control character, bidirectional override, invisible
    character and lone surrogate becomes a visible sign; more than four combining marks in a row are cut.
    """
    return _STACKED_MARKS.sub(r"\1", _UNSAFE.sub(_visible, text))


def safe_line(text: str, limit: int | None = None) -> str:
    """Make text of any origin fit to be shown in one line.

    Args:
        text: the foreign text.
        limit: characters to keep; a longer text ends in an ellipsis.
    """
    if limit is not None and len(text) > limit:
        text = text[: max(limit - 1, 0)] + "…"
    return _BREAKS.sub(lambda found: "\u2424" if found[0] == "\n" else "\u2409", safe(text))
