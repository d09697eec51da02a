"""Text laid out as lines of pieces, each with a name for how it is drawn; plain text and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from rich.cells import cell_len

from fttui.domain.dataset.json_places import spots
from fttui.domain.text import safe
from fttui.ui import present
from fttui.ui.cells import cut, wrap

Piece = tuple[str, str]
Line = tuple[Piece, ...]

TEXT_LIMIT = 100_000
"""Characters of one text that are laid out; the rest is named, and copied all the same."""
PAGE_LIMIT = 400_000
"""Characters of one row that are laid out."""
ANCHORS = 5_000
"""Values of a row shown as JSON that can be jumped to."""


@dataclass(frozen=True, slots=True)
class Page:
    """Lines to draw, and at which of them each message starts, by its path in the row."""

    lines: tuple[Line, ...]
    anchors: Mapping[str, int] = field(default_factory=dict)
    ends: Mapping[str, int] = field(default_factory=dict)
    """Behind which line each part ends, where that is not right before the next part."""

    def line_of(self, path: str) -> int:
        """The line where the part that a path leads into starts; 0 where none does."""
        anchor = self.anchor_of(path)
        return 0 if anchor is None else self.anchors[anchor]

    def top_for(self, path: str, height: int) -> int:
        """The line to scroll to for a path: where the message starts that it leads into, if the place is then seen."""
        line = self.line_of(path)
        around = [self.anchors[part] for part in self.anchors if part.endswith("]") and leads_into(path, part)]
        first = min(around, default=line)
        return first if line - first < height - 1 else max(line - 2, 0)

    def anchor_of(self, path: str) -> str | None:
        """The innermost part of the row that a path leads into."""
        inside = [anchor for anchor in self.anchors if leads_into(path, anchor)]
        return max(inside, key=len, default=None)


def leads_into(path: str, part: str) -> bool:
    """Whether a path is that of a part of a row, or of something in it."""
    return not part or (path.startswith(part) and (len(path) == len(part) or path[len(part)] in ".["))


def text_page(text: str, width: int, style: str = "") -> Page:
    """Any text, wrapped."""
    shown, missing = limited(text, PAGE_LIMIT)
    lines = [((line, style),) for line in wrap(safe(shown), width)]
    return Page((*lines, *missing))


def json_page(raw: bytes, width: int) -> Page:
    """A row as indented JSON where it is JSON, as it stands where not; keys drawn apart."""
    text = raw.decode("utf-8", "replace")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text_page(text, width)
    shown, missing = limited(json.dumps(value, ensure_ascii=False, indent=2), PAGE_LIMIT)
    lines: list[Line] = []
    begins: list[int] = []
    for line in shown.split("\n"):
        begins.append(len(lines))
        lines += json_lines(line, width)
    return Page((*lines, *missing), *_json_places(shown, (*begins, len(lines))))


def _json_places(shown: str, begins: Sequence[int]) -> tuple[dict[str, int], dict[str, int]]:
    """Where each of the first few thousand values of indented JSON starts, and where it ends.

    Args:
        shown: the JSON, as Python indents it.
        begins: where each of its lines begins on the page, and where the last one ends.
    """
    lines = shown.split("\n")
    indents = [len(line) - len(line.lstrip(" ")) for line in lines]
    starts: dict[str, int] = {}
    line = position = 0
    for spot in islice(spots(shown), ANCHORS):
        line += shown.count("\n", position, spot.at)
        position = spot.at
        if spot.parent is not None:
            starts.setdefault(spot.path, line)
    ends: dict[str, int] = {}
    for path, line in starts.items():
        last = line
        if lines[line].endswith(("{", "[")):
            last = next(
                at for at in range(line + 1, len(lines)) if indents[at] <= indents[line] or at + 1 == len(lines)
            )
        ends[path] = begins[last + 1]
    return {path: begins[line] for path, line in starts.items()}, ends


def cut_line(line: Line, width: int) -> Line:
    """A line that fits, its last pieces cut."""
    kept: list[Piece] = []
    for text, style in line:
        shown = cut(text, width)
        kept.append((shown, style))
        width -= cell_len(shown)
    return tuple(kept)


def json_lines(text: str, width: int) -> Iterator[Line]:
    """Indented JSON, wrapped with its indent kept; keys drawn apart."""
    for line in text.split("\n"):
        indent = len(line) - len(line.lstrip(" "))
        key, colon, _rest = line.partition('": ')
        shown = wrap(safe(line[indent:]), width - indent)
        pad = " " * indent
        if colon and line[indent : indent + 1] == '"' and '"' not in key[indent + 1 :] and len(key) + 1 < len(shown[0]):
            length = len(safe(key[indent:])) + 1
            yield ((pad + shown[0][:length], "record-view--key"), (shown[0][length:], ""))
            shown = shown[1:]
        for part in shown:
            yield ((pad + part, ""),)


def limited(text: str, limit: int) -> tuple[str, tuple[Line, ...]]:
    """The start of a text, and a line that counts what is missing, if anything is."""
    if len(text) <= limit:
        return text, ()
    rest = f"… {present.count(len(text) - limit)} more characters; y copies all of the row"
    return text[:limit], (((rest, "record-view--note"),),)
