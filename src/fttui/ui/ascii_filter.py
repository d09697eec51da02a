"""For terminals without box-drawing, block and braille characters: ASCII in their place."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter


def _stand_in(code: int) -> str:
    """The ASCII character for a drawing character."""
    if 0x2500 <= code <= 0x257F:
        if code in (0x2500, 0x2501, 0x2504, 0x2505, 0x2508, 0x2509, 0x254C, 0x254D, 0x2550, 0x2574, 0x2576, 0x2578):
            return "-"
        if code in (0x2502, 0x2503, 0x2506, 0x2507, 0x250A, 0x250B, 0x254E, 0x254F, 0x2551, 0x2575, 0x2577, 0x2579):
            return "|"
        return "+"
    if code == 0x2800:
        return " "
    if 0x2800 < code <= 0x28FF:
        return "*"
    return {0x2581: "_", 0x2582: "_", 0x2583: "_", 0x2594: "-"}.get(code, "#")


_SIGNS = {
    "…": "~", "·": ".", "•": "*", "●": "*", "○": "o", "◆": "*", "◇": "o", "■": "#", "□": "o", "▪": "#",
    "✓": "+", "✔": "+", "✗": "x", "✘": "x", "✕": "x", "×": "x", "⚠": "!", "ℹ": "i",
    "←": "<", "→": ">", "↑": "^", "↓": "v", "▲": "^", "▼": "v", "▶": ">", "◀": "<", "▸": ">", "▾": "v", "◂": "<",
    "›": ">", "‹": "<", "»": ">", "«": "<", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "⏎": "<",
    "␤": "/", "␉": ">",
}  # fmt: skip
_TABLE = {
    **{code: _stand_in(code) for code in (*range(0x2500, 0x25A0), *range(0x2800, 0x2900))},
    **{ord(sign): plain for sign, plain in _SIGNS.items()},
}


class AsciiFilter(LineFilter):
    """Replaces drawing characters one by one, so that nothing moves; letters of all scripts stay."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the line in plain characters."""
        return [Segment(text.translate(_TABLE), style, control) for text, style, control in segments]
