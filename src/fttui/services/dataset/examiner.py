"""Looks at stretches of a file: every line held to every rule, every token counted."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fttui.domain.dataset.encodings import example_limit
from fttui.domain.dataset.parsing import check_line, found
from fttui.domain.dataset.record import DataFormat, turns
from fttui.domain.dataset.row_record import record_of
from fttui.domain.dataset.rules.rows import NO_SYSTEM_MESSAGE
from fttui.domain.dataset.stretch import Stretch
from fttui.domain.dataset.tokens import MESSAGE_TOKENS, example_tokens
from fttui.services.dataset.lines import lines_in
from fttui.services.dataset.opener import open_regular
from fttui.services.dataset.quick_rows import QuickRow, fastest_reader, quick_row
from fttui.services.dataset.sheet_writer import SheetWriter, gathered, gathered_quickly
from fttui.services.ports import TokenCounter


@dataclass(frozen=True, slots=True)
class Task:
    """What to hold lines to: the format of the file, and the model whose encoding counts."""

    format: DataFormat | None
    model: str | None
    example_limit: int | None = None
    whole: bool = False
    """Whether to gather what rows are compared by, and to look for what is sensitive."""

    @classmethod
    def of(cls, data_format: DataFormat | None, model: str | None, *, whole: bool = False) -> Task:
        """The task with the model's limit."""
        return cls(data_format, model, example_limit(model), whole)


_PROMPTS_KEPT = 1000
_FINGERPRINTS = 2**64


class Examiner:
    """Works through stretches; one per process."""

    def __init__(self, counter: TokenCounter) -> None:
        self._counter = counter
        self._read = fastest_reader()
        self._system_prompts: dict[str, int] = {}
        self._sheet: SheetWriter | None = None

    def examine(self, path: Path, begin: int, end: int, task: Task) -> Stretch:
        """Look at the lines that begin in a stretch of a file.

        Raises:
            UnreadableFileError: the file cannot be opened any more.
        """
        stretch = Stretch(length=end - begin)
        self._sheet = SheetWriter(stretch) if task.whole else None
        descriptor, _ = open_regular(path)
        try:
            for line in lines_in(descriptor, begin, end):
                stretch.lines += 1
                number = stretch.lines
                if line is None:
                    stretch.examples += 1
                    stretch.prints.append(0)
                    stretch.note_row([found("line-too-long", number)])
                elif task.format is not DataFormat.CHAT or not self._pass_quickly(line, number, stretch, task):
                    self._look_closely(line, number, stretch, task, first=begin == 0 and number == 1)
        finally:
            os.close(descriptor)
        if self._sheet is not None:
            self._sheet.flush()
        return stretch

    def _pass_quickly(self, line: bytes, number: int, stretch: Stretch, task: Task) -> bool:
        row = quick_row(line, self._read)
        if row is None:
            return False
        stretch.examples += 1
        stretch.valid += 1
        stretch.windows_line_ends += line.endswith(b"\r")
        stretch.prints.append(fingerprint(line))
        if row.lacks_system:
            stretch.note(found("no-system-message", number, "messages", NO_SYSTEM_MESSAGE))
        stretch.roles.update(row.roles)
        stretch.turns.append(len(row.roles))
        counts = self._counts(row)
        stretch.trained += sum(counts[place] for place in row.learnt)
        total = MESSAGE_TOKENS * len(counts) + sum(counts)
        _add_total(total, number, stretch, task)
        if self._sheet is not None:
            self._sheet.add(gathered_quickly(row.roles, row.contents, number, total))
        return True

    def _counts(self, row: QuickRow) -> Sequence[int]:
        """Tokens of each message; system prompts are mostly the same from row to row."""
        if row.lacks_system or row.roles[0] == "user":
            return self._counter.count_each(row.contents)
        prompt, known = row.contents[0], self._system_prompts
        if prompt not in known:
            if len(known) >= _PROMPTS_KEPT:
                known.clear()
            known[prompt] = self._counter.count(prompt)
        return [known[prompt], *self._counter.count_each(row.contents[1:])]

    def _look_closely(self, line: bytes, number: int, stretch: Stretch, task: Task, *, first: bool) -> None:
        stretch.windows_line_ends += line.endswith(b"\r")
        checked = check_line(line, number, task.format, may_have_mark=first)
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
        counted = example_tokens(record, self._counter, task.model)
        messages = turns(record)
        stretch.roles.update(message.role for message in messages)
        stretch.turns.append(len(messages))
        stretch.trained += counted.trained
        stretch.estimated += counted.estimated
        _add_total(counted.total, number, stretch, task)
        if self._sheet is not None:
            self._sheet.add(gathered(record, number, counted.total))
            if checked.row.format is DataFormat.COMPLETION:
                self._sheet.add_columns(checked.row.value)


def _add_total(tokens: int, number: int, stretch: Stretch, task: Task) -> None:
    stretch.tokens.append(tokens)
    limit = task.example_limit
    if limit is not None and tokens > limit:
        sentence = f"{tokens:,} tokens, {task.model} takes {limit:,}; the end would be cut off in silence"
        stretch.note(found("long-example", number, "", sentence))


def fingerprint(line: bytes) -> int:
    """64 bits that tell lines apart; never 0.

    Python's own hash of bytes: fast, and of this run alone, but the same in processes forked from one another.
    """
    return hash(line.strip()) % _FINGERPRINTS or 1


def stretches(size: int, length: int) -> Iterator[tuple[int, int]]:
    """Cut a file into stretches of equal length, the last may be shorter."""
    for begin in range(0, size, length):
        yield begin, min(begin + length, size)
