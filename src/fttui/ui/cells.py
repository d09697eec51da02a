"""Text measured in terminal cells, where a Chinese character takes two: cutting, filling, wrapping."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.cells import cell_len, split_graphemes

TAB = "    "

# Signs that look wrong alone at the start, or at the end, of a line of Chinese or Japanese.
_NOT_FIRST = frozenset("、。，．・：；？！）］｝〉》」』】〕〗”’…‥々ーぁぃぅぇぉっゃゅょァィゥェォッャュョ%‰℃")
_NOT_LAST = frozenset("（［｛〈《「『【〔〖“‘￥＄")


def cut(text: str, width: int) -> str:
    """The start of a one-line text that fits a width in cells, with an ellipsis where something is missing."""
    if width <= 0:
        return ""
    text = text[: width * 8 + 8]  # no cell holds more than a few characters; keeps long texts cheap to measure
    if cell_len(text) <= width:
        return text
    kept, used = 0, 0
    for start, end, cells in split_graphemes(text)[0]:
        if used + cells > width - 1:
            kept = start
            break
        used += cells
        kept = end
    return text[:kept] + "…"


def cut_left(text: str, width: int) -> str:
    """The end of a one-line text that fits a width in cells, for names that differ in their ends."""
    if cell_len(text) <= width:
        return text
    kept = ""
    for start, end, _ in reversed(split_graphemes(text)[0]):
        if cell_len(kept) + cell_len(text[start:end]) > width - 1:
            break
        kept = text[start:end] + kept
    return f"…{kept}" if width > 0 else ""


def fitting(parts: Iterable[str], width: int, dot: str = " · ") -> str:
    """As many parts as fit a width in cells, from the first on; the first one is cut rather than left out."""
    line = ""
    for part in parts:
        longer = f"{line}{dot}{part}" if line else cut(part, width)
        if cell_len(longer) > width:
            break
        line = longer
    return line


def fill(text: str, width: int) -> str:
    """A one-line text cut or padded on the right to exactly a width in cells."""
    shown = cut(text, width)
    return shown + " " * (width - cell_len(shown))


def fill_left(text: str, width: int) -> str:
    """A one-line text cut, or padded on the left, to exactly a width in cells."""
    shown = cut(text, width)
    return " " * (width - cell_len(shown)) + shown


def wrap(text: str, width: int) -> list[str]:
    """Break a text into lines of at most a width in cells.

    Lines end at spaces and between wide characters, never so that closing punctuation starts a line or an opening
    bracket ends one; a word longer than the line is broken anywhere. Leading spaces stay. At least one line comes back.
    """
    width = max(width, 2)
    lines: list[str] = []
    for paragraph in text.replace("\t", TAB).split("\n"):
        if cell_len(paragraph) <= width:
            lines.append(paragraph)
        else:
            lines.extend(_wrap_paragraph(paragraph, width))
    return lines


def _wrap_paragraph(paragraph: str, width: int) -> Iterator[str]:
    spans = split_graphemes(paragraph)[0]
    first = 0
    while first < len(spans):
        last = _line_end(paragraph, spans, first, width)
        yield paragraph[spans[first][0] : spans[last - 1][1]].rstrip(" ")
        first = last
        while first < len(spans) and paragraph[spans[first][0] : spans[first][1]] == " ":
            first += 1


def _line_end(paragraph: str, spans: list[tuple[int, int, int]], first: int, width: int) -> int:
    """Index of the character that starts the next line."""
    used, place, opening = 0, first, True
    best = 0
    while place < len(spans):
        start, end, cells = spans[place]
        if used + cells > width and paragraph[start:end] != " ":
            return best or max(place, first + 1)
        used += cells
        opening = opening and paragraph[start:end] == " "
        place += 1
        if not opening and place < len(spans) and _may_break(paragraph, spans, place):
            best = place
    return place


def _may_break(paragraph: str, spans: list[tuple[int, int, int]], place: int) -> bool:
    """Whether a line may end before a character."""
    before, after = spans[place - 1], spans[place]
    left, right = paragraph[before[0] : before[1]], paragraph[after[0] : after[1]]
    if right == " " or right in _NOT_FIRST or left in _NOT_LAST:
        return False
    return left in (" ", "-") or before[2] == 2 or after[2] == 2
