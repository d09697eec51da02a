"""Looks at stretches of a file: every line held to every rule, every token counted."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fttui.domain.dataset.parsing import check_line, found
from fttui.domain.dataset.record import DataFormat, turns
from fttui.domain.dataset.row_record import record_of
from fttui.domain.dataset.rules.rows import NO_SYSTEM_MESSAGE
from fttui.domain.dataset.stretch import Stretch
from fttui.services.dataset.lines import lines_in
from fttui.services.dataset.opener import open_regular
from fttui.services.dataset.quick_rows import Reader, quick_reader
from fttui.services.dataset.row_counter import RowCounter, SlowRow

if TYPE_CHECKING:
    from fttui.services.ports import TokenCounter


@dataclass(frozen=True, slots=True)
class Task:
    """What to hold lines to: the format of the file, and the model whose encoding counts."""

    format: DataFormat | None
    model: str | None
    example_limit: int | None = None
    whole: bool = False
    """Whether to gather what rows are compared by, and to look for what is sensitive."""
    images: int | None = None
    """A person's own limit for one example."""


_FINGERPRINTS = 2**64


class Examiner:
    """Works through stretches; one per process.

    Args:
        counter: counts tokens.
        read: the short way for healthy lines, where it is not the usual one.
    """

    def __init__(self, counter: TokenCounter, read: Reader | None = None) -> None:
        self._read = read or quick_reader()
        self._rows = RowCounter(counter)
        self._shapes: list[tuple[str, ...]] = []
        """The roles of every row that passed quickly."""

    def examine(self, path: Path, begin: int, end: int, task: Task) -> Stretch:
        """Look at the lines that begin in a stretch of a file.

        Raises:
            UnreadableFileError: the file cannot be opened any more.
        """
        stretch = Stretch(length=end - begin)
        self._rows.begin(stretch, task.model, task.example_limit, whole=task.whole)
        self._shapes = []
        descriptor, _ = open_regular(path)
        try:
            for line in lines_in(descriptor, begin, end, stretch.mark):
                stretch.lines += 1
                number = stretch.lines
                if line is None:
                    stretch.examples += 1
                    stretch.prints.append(0)
                    stretch.note_row([found("line-too-long", number)])
                elif task.format is not DataFormat.CHAT or not self._pass_quickly(line, number, stretch):
                    self._look_closely(line, number, stretch, task, first=begin == 0 and number == 1)
        finally:
            os.close(descriptor)
        self._rows.end()
        stretch.examples += len(self._shapes)
        stretch.valid += len(self._shapes)
        for roles, count in Counter(self._shapes).items():
            for role in roles:
                stretch.roles[role] += count
        return stretch

    def _pass_quickly(self, line: bytes, number: int, stretch: Stretch) -> bool:
        row = self._read(line)
        if row is None:
            return False
        stretch.windows_line_ends += line.endswith(b"\r")
        stretch.prints.append(fingerprint(line))
        if row.lacks_system:
            stretch.note(found("no-system-message", number, "messages", NO_SYSTEM_MESSAGE))
        self._shapes.append(row.roles)
        stretch.turns.append(len(row.roles))
        self._rows.add(number, row, len(line))
        return True

    def _look_closely(self, line: bytes, number: int, stretch: Stretch, task: Task, *, first: bool) -> None:
        stretch.windows_line_ends += line.endswith(b"\r")
        checked = check_line(line, number, task.format, may_have_mark=first, images=task.images)
        stretch.note_row(checked.findings)
        if not checked.is_example:
            stretch.prints.append(0)
            return
        stretch.examples += 1
        stretch.valid += checked.record is not None
        stretch.prints.append(fingerprint(line))
        if checked.row is None:
            return
        # A faulty row still counts: once repaired it will be trained on.
        record = checked.record or record_of(checked.row)
        messages = turns(record)
        stretch.roles.update([message.role for message in messages])
        stretch.turns.append(len(messages))
        columns = checked.row.value if checked.row.format is DataFormat.COMPLETION else None
        self._rows.add(number, SlowRow(record, columns), len(line))


def fingerprint(line: bytes) -> int:
    """64 bits that tell lines apart; never 0.

    Python's own hash of bytes: fast, and of this run alone, but the same in processes forked from one another.
    """
    return hash(line.strip()) % _FINGERPRINTS or 1


def stretches(size: int, length: int) -> Iterator[tuple[int, int]]:
    """Cut a file into stretches of equal length, the last may be shorter."""
    for begin in range(0, size, length):
        yield begin, min(begin + length, size)
