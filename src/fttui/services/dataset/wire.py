"""How tasks and stretches travel between the program and its workers: lengths, a piece of JSON, packed numbers."""

from __future__ import annotations

import json
import struct
from array import array
from collections import Counter
from dataclasses import astuple, dataclass
from pathlib import Path

from fttui.domain.dataset.finding import Finding, Severity
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.stretch import Stretch
from fttui.services.dataset.examiner import Task

ORDER_LENGTH = struct.Struct("<I")
LENGTHS = struct.Struct("<4I")
"""Bytes of the four parts that follow: JSON, fingerprints, tokens, turns."""

_NUMBERS = ("length", "lines", "examples", "valid", "trained", "estimated", "windows_line_ends")


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
    names = [str(order.path), order.begin, order.end, task.format, task.model, task.example_limit]
    body = json.dumps(names).encode()
    return ORDER_LENGTH.pack(len(body)) + body


def unpack_order(body: bytes) -> Order:
    """The order that the bytes after the length hold."""
    path, begin, end, data_format, model, limit = json.loads(body)
    return Order(Path(path), begin, end, Task(DataFormat(data_format) if data_format else None, model, limit))


def pack_stretch(stretch: Stretch) -> bytes:
    """A stretch with its lengths before it."""
    head = {
        "numbers": [getattr(stretch, name) for name in _NUMBERS],
        "counts": stretch.counts,
        "roles": stretch.roles,
        "findings": [astuple(finding) for findings in stretch.findings.values() for finding in findings],
    }
    parts = (json.dumps(head).encode(), stretch.prints.tobytes(), stretch.tokens.tobytes(), stretch.turns.tobytes())
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
    stretch.counts, stretch.roles = Counter(head["counts"]), Counter(head["roles"])
    for code, severity, line, path, message in head["findings"]:
        finding = Finding(code, Severity(severity), line, path, message)
        stretch.findings.setdefault(code, []).append(finding)
    stretch.prints, stretch.tokens, stretch.turns = array("Q", parts[1]), array("I", parts[2]), array("I", parts[3])
    return stretch
