"""How tasks and stretches travel between the program and its workers: lengths, a piece of JSON, packed numbers."""

from __future__ import annotations

import json
import struct
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from pathlib import Path

from fttui.domain.dataset.finding import Finding, Severity
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.row_sheet import ARRAYS, COUNTS, Affixes, RowSheet, Seen
from fttui.domain.dataset.stretch import Stretch
from fttui.services.dataset.examiner import Task

ORDER_LENGTH = struct.Struct("<I")
REST = ORDER_LENGTH.pack(0)
"""No stretch: the worker gives way to a fresh copy."""
LENGTHS = struct.Struct(f"<{4 + len(ARRAYS)}I")
"""Bytes of the parts that follow: JSON, fingerprints, tokens, turns and the sheet of rows."""

_NUMBERS = ("length", "lines", "examples", "valid", "trained", "masked", "estimated", "windows_line_ends")


@dataclass(frozen=True, slots=True)
class Order:
    """One stretch to look at."""

    path: Path
    begin: int
    end: int
    task: Task


def pack_order(order: Order) -> bytes:
    """An order with its length before it."""
    task = order.task
    body = json.dumps([str(order.path), order.begin, order.end, *astuple(task)]).encode()
    return ORDER_LENGTH.pack(len(body)) + body


def unpack_order(body: bytes) -> Order:
    """The order that the bytes after the length hold."""
    path, begin, end, data_format, *rest = json.loads(body)
    task = Task(DataFormat(data_format) if data_format else None, *rest)
    return Order(Path(path), begin, end, task)


def pack_stretch(stretch: Stretch) -> bytes:
    """A stretch with its lengths before it."""
    head = {
        "numbers": [getattr(stretch, name) for name in _NUMBERS],
        "marks": stretch.marks,
        "counts": stretch.counts,
        "roles": stretch.roles,
        "refused": stretch.refused,
        "findings": [astuple(finding) for findings in stretch.findings.values() for finding in findings],
        **_counts_of(stretch.sheet),
    }
    sheet = (getattr(stretch.sheet, name).tobytes() for name in ARRAYS)
    numbers = (stretch.prints.tobytes(), stretch.tokens.tobytes(), stretch.turns.tobytes())
    parts = (json.dumps(head).encode(), *numbers, *sheet)
    return LENGTHS.pack(*map(len, parts)) + b"".join(parts)


def unpack_stretch(lengths: tuple[int, ...], body: bytes) -> Stretch:
    """The stretch that the bytes after the lengths hold."""
    parts = []
    position = 0
    for length in lengths:
        parts.append(body[position : position + length])
        position += length
    head = json.loads(parts[0])
    stretch = Stretch(**dict(zip(_NUMBERS, head["numbers"], strict=True)))
    stretch.marks = [(lines, start) for lines, start in head["marks"]]
    stretch.counts, stretch.roles = Counter(head["counts"]), Counter(head["roles"])
    stretch.refused = Counter(head["refused"])
    for code, severity, *rest in head["findings"]:
        finding = Finding(code, Severity(severity), *rest)
        stretch.findings.setdefault(code, []).append(finding)
    stretch.prints, stretch.tokens, stretch.turns = array("Q", parts[1]), array("I", parts[2]), array("I", parts[3])
    stretch.sheet = _sheet_of(head, head["affixes"], parts[4:])
    return stretch


def _counts_of(sheet: RowSheet) -> dict[str, object]:
    counts: dict[str, object] = {
        name: [[thing, seen.count, seen.line] for thing, seen in getattr(sheet, name).items()] for name in COUNTS
    }
    return {**counts, "affixes": [astuple(sheet.prompt_ends), astuple(sheet.completion_ends)]}


def _sheet_of(
    head: Mapping[str, list[tuple[str, int, int]]],
    affixes: Iterable[tuple[int, str, str, int, int]],
    arrays: list[bytes],
) -> RowSheet:
    sheet = RowSheet()
    for name, data in zip(ARRAYS, arrays, strict=True):
        getattr(sheet, name).frombytes(data)
    for name in COUNTS:
        getattr(sheet, name).update((thing, Seen(count, line)) for thing, count, line in head[name])
    sheet.prompt_ends, sheet.completion_ends = (Affixes(*values) for values in affixes)
    return sheet
