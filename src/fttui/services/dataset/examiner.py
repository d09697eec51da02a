"""Looks at stretches of a file: every line held to every rule, every token counted."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fttui.domain.dataset.encodings import example_limit
from fttui.domain.dataset.parsing import check_line, found
from fttui.domain.dataset.record import DataFormat, turns
from fttui.domain.dataset.row_record import record_of
from fttui.domain.dataset.stretch import Stretch
from fttui.domain.dataset.tokens import example_tokens
from fttui.services.dataset.lines import lines_in
from fttui.services.dataset.opener import open_regular
from fttui.services.ports import TokenCounter


@dataclass(frozen=True, slots=True)
class Task:
    """What to hold lines to: the format of the file, and the model whose encoding counts."""

    format: DataFormat | None
    model: str | None


class Examiner:
    """Works through stretches; one per process."""

    def __init__(self, counter: TokenCounter) -> None:
        self._counter = counter

    def examine(self, path: Path, begin: int, end: int, task: Task) -> Stretch:
        """Look at the lines that begin in a stretch of a file.

        Raises:
            UnreadableFileError: the file cannot be opened any more.
        """
        stretch = Stretch(length=end - begin)
        descriptor, _ = open_regular(path)
        try:
            for line in lines_in(descriptor, begin, end):
                stretch.lines += 1
                number = stretch.lines
                if line is None:
                    stretch.examples += 1
                    stretch.prints.append(0)
                    stretch.note(found("line-too-long", number))
                else:
                    self._look_closely(line, number, stretch, task, first=begin == 0 and number == 1)
        finally:
            os.close(descriptor)
        return stretch

    def _look_closely(self, line: bytes, number: int, stretch: Stretch, task: Task, *, first: bool) -> None:
        if line.endswith(b"\r"):
            stretch.windows_line_ends += 1
        checked = check_line(line, number, task.format, may_have_mark=first)
        for finding in checked.findings:
            stretch.note(finding)
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
        counted = example_tokens(record, self._counter, task.model)
        messages = turns(record)
        stretch.tokens.append(counted.total)
        stretch.turns.append(len(messages))
        stretch.roles.update(message.role for message in messages)
        stretch.trained += counted.trained
        stretch.estimated += counted.estimated
        limit = example_limit(task.model)
        if limit is not None and counted.total > limit:
            sentence = f"{counted.total:,} tokens, {task.model} takes {limit:,}; the end would be cut off in silence"
            stretch.note(found("long-example", number, "", sentence))


def fingerprint(line: bytes) -> int:
    """64 bits that tell lines apart, the same in every process; never 0."""
    return int.from_bytes(hashlib.blake2b(line.strip(), digest_size=8).digest()) or 1


def stretches(size: int, length: int) -> Iterator[tuple[int, int]]:
    """Cut a file into stretches of equal length, the last may be shorter."""
    for begin in range(0, size, length):
        yield begin, min(begin + length, size)
