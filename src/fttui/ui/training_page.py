"""What training does with a row, laid out for reading: every line carries the mark and the colour of its fate."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len

from fttui.domain.dataset.record import Message, Record, turns
from fttui.domain.dataset.training_view import Fate, TrainingView, TurnFate, turn_text
from fttui.domain.text import safe, safe_line
from fttui.ui import present
from fttui.ui.cells import cut, wrap
from fttui.ui.page import TEXT_LIMIT, Line, Page, cut_line, limited

MARKS = {Fate.TRAINED: "█", Fate.AGAINST: "▒", Fate.CONTEXT: "│", Fate.MASKED: "░", Fate.CUT: "╳"}
PLAIN_MARKS = {Fate.TRAINED: "#", Fate.AGAINST: "%", Fate.CONTEXT: "|", Fate.MASKED: "-", Fate.CUT: "x"}
STYLES = {
    Fate.TRAINED: "fate--trained",
    Fate.AGAINST: "fate--against",
    Fate.CONTEXT: "fate--context",
    Fate.MASKED: "fate--masked",
    Fate.CUT: "fate--cut",
}
SHORT = {
    Fate.TRAINED: "trained",
    Fate.AGAINST: "trained against",
    Fate.CONTEXT: "read",
    Fate.MASKED: "weight 0",
    Fate.CUT: "cut off",
}


def training_page(record: Record, view: TrainingView, width: int, *, ascii: bool = False) -> Page:
    """A training example with the fate of every turn.

    Args:
        record: the example.
        view: what becomes of it.
        width: cells in a line.
        ascii: use no drawing characters.
    """
    marks = PLAIN_MARKS if ascii else MARKS
    lines: list[Line] = [((line, "record-view--role"),) for line in wrap(view.words, width)]
    legend = "  ".join(f"{marks[fate]} {SHORT[fate]}" for fate in _shown(view))
    lines += [((line, "record-view--note"),) for line in wrap(legend, width)]
    if view.tools:
        words = f"{marks[Fate.CONTEXT]} {present.counted(view.tools, 'token')} of tool definitions, read"
        lines.append(((cut(words, width), STYLES[Fate.CONTEXT]),))
    anchors: dict[str, int] = {}
    if view.limit is None:
        words = "No limit is known, so nothing is shown as cut off; m chooses a model with one"
        lines += [((line, "record-view--note"),) for line in wrap(words, width)]
    for message, turn in zip(turns(record), view.turns, strict=True):
        lines.append(())
        anchors[turn.path] = len(lines)
        lines.append(_header(message, turn, width))
        lines += _body(message, turn, width, marks)
    return Page(tuple(lines), anchors)


def _shown(view: TrainingView) -> list[Fate]:
    fates = {turn.fate for turn in view.turns} | ({Fate.CUT} if view.cut else set())
    return [fate for fate in Fate if fate in fates]


def _header(message: Message, turn: TurnFate, width: int) -> Line:
    left = safe_line(message.role, 30)
    words = turn.fate.value
    if turn.cut and turn.fate is not Fate.CUT:
        words += f", {present.count(turn.cut)} of them cut off"
    right = present.counted(turn.tokens, "token")
    room = max(width - cell_len(left) - cell_len(right) - 3, 0)
    middle = cut(words, room)
    gap = max(width - cell_len(left) - cell_len(middle) - cell_len(right) - 2, 1)
    style = STYLES[turn.fate]
    header: Line = (
        (left, f"{style} record-view--role"),
        (f"  {middle}", style),
        (" " * gap, ""),
        (right, "record-view--note"),
    )
    return cut_line(header, width)


def _body(message: Message, turn: TurnFate, width: int, marks: dict[Fate, str]) -> Iterator[Line]:
    text = turn_text(message)
    kept = len(text) if turn.kept is None else turn.kept
    for piece, fate in ((text[:kept], turn.fate), (text[kept:], Fate.CUT)):
        if not piece:
            continue
        shown, missing = limited(piece, TEXT_LIMIT)
        for line in wrap(safe(shown), width - 2):
            yield ((f"{marks[fate]} ", STYLES[fate]), (line, STYLES[fate]))
        yield from missing
    if message.images:
        yield ((f"{marks[turn.fate]} {present.counted(len(message.images), 'picture')}", STYLES[turn.fate]),)
