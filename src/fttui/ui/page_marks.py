"""Marks on a page: the message that somebody was led to, and what was searched for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from rich.cells import cell_len

from fttui.domain.text import safe
from fttui.ui.page import Line, Page, cut_line, leads_into

FOUND = "search hit"
"""The anchor of the first place where what was searched for stands; no path of a row looks like it."""
_CONTEXT = 2
"""Lines that stay visible above it."""
_MARKED, _FOUND = "record-view--marked", "record-view--found"


def with_mark(page: Page, path: str, width: int, *, ascii: bool = False) -> Page:
    """The page with the part that a path leads to marked by sign and colour, down to where the next part starts.

    Args:
        page: a laid out row.
        path: as a finding has it; the same page comes back where it leads nowhere.
        width: cells in a line.
        ascii: use no drawing characters.
    """
    anchor = page.anchor_of(path) if path else None
    if anchor is None:
        return page
    first = page.anchors[anchor]
    beyond = (line for part, line in page.anchors.items() if line > first and not leads_into(part, anchor))
    last = page.ends.get(anchor) or min(beyond, default=len(page.lines))
    sign = "> " if ascii else "▶ "
    lines = list(page.lines)
    while last > first + 1 and not lines[last - 1]:
        last -= 1
    for number in range(first, min(last, len(lines))):
        lines[number] = tuple((text, f"{style} {_MARKED}".strip()) for text, style in lines[number])
    if first < len(lines):
        lines[first] = _signed(lines[first], sign, width)
    return replace(page, lines=tuple(lines))


def _signed(line: Line, sign: str, width: int) -> Line:
    """The line with a sign before it, at the cost of the gap in it or of its end."""
    line = ((sign, _MARKED), *line)
    over = sum(cell_len(text) for text, _ in line) - width
    pieces = list(line)
    for place, (text, style) in enumerate(pieces):
        if over > 0 and place and text.isspace() and len(text) > 1:
            kept = max(len(text) - over, 1)
            over -= len(text) - kept
            pieces[place] = (" " * kept, style)
    return cut_line(tuple(pieces), width)


def with_found(page: Page, wanted: str) -> Page:
    """The page with every place marked where a text stands, across the ends of lines too, and an anchor at the first.

    Case counts only where the text has a capital letter.
    """
    pattern = _pattern(wanted)
    if pattern is None:
        return page
    starts: list[int] = []
    bodies: list[str] = []
    length = 0
    for line in page.lines:
        body = "".join(text for text, _ in line[_bars(line) :])
        starts.append(length)
        bodies.append(body)
        length += len(body) + 1
    hits = [found.span() for found in pattern.finditer("\n".join(bodies))]
    if not hits:
        return page
    lines = list(page.lines)
    first = len(lines)
    place = 0
    for number, start in enumerate(starts):
        end = start + len(bodies[number])
        while place < len(hits) and hits[place][1] <= start:
            place += 1
        inside = []
        for hit_start, hit_end in hits[place:]:
            if hit_start >= end:
                break
            inside.append((max(hit_start - start, 0), min(hit_end, end) - start))
        if inside:
            first = min(first, number)
            bars = _bars(lines[number])
            lines[number] = (*lines[number][:bars], *_split(lines[number][bars:], inside))
    return replace(page, lines=tuple(lines), anchors={**page.anchors, FOUND: max(first - _CONTEXT, 0)})


def _pattern(wanted: str) -> re.Pattern[str] | None:
    """What may stand between the characters is the end of a line; white space is as good as other white space."""
    shown = safe(wanted)
    if not shown.strip():
        return None
    pieces = [r"\s+" if character.isspace() else re.escape(character) for character in shown.strip()]
    return re.compile("\n?".join(pieces), re.IGNORECASE if shown == shown.lower() else 0)


def _bars(line: Line) -> int:
    """Pieces at the start of a line that are no text of the row."""
    return 1 if len(line) > 1 and cell_len(line[0][0]) == 2 and line[0][1].startswith(("role--", "fate--")) else 0


def _split(line: Line, hits: list[tuple[int, int]]) -> Iterator[tuple[str, str]]:
    position = 0
    for text, style in line:
        at = 0
        for start, end in hits:
            begin, stop = max(start - position, at), min(end - position, len(text))
            if begin >= stop:
                continue
            if begin > at:
                yield text[at:begin], style
            yield text[begin:stop], f"{style} {_FOUND}".strip()
            at = stop
        if at < len(text) or not text:
            yield text[at:], style
        position += len(text)


def split_found(text: str, wanted: str) -> list[tuple[str, bool]]:
    """A one-line text in pieces, each with whether it is what was searched for."""
    pattern = _pattern(wanted)
    if pattern is None:
        return [(text, False)]
    pieces: list[tuple[str, bool]] = []
    at = 0
    for found in pattern.finditer(text):
        pieces += [(text[at : found.start()], False), (found[0], True)]
        at = found.end()
    return [piece for piece in (*pieces, (text[at:], False)) if piece[0]]
