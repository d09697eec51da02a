"""Looks at stretches of a file: every line held to every rule, every token counted."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fttui.domain.dataset.parsing import check_line, found
from fttui.domain.dataset.record import DataFormat, turns
from fttui.domain.dataset.row_record import record_of
from fttui.domain.dataset.rules.rows import NO_SYSTEM_MESSAGE
from fttui.domain.dataset.stretch import Stretch
from fttui.domain.dataset.tokens import CALL_TOKENS, MESSAGE_TOKENS, example_tokens, tool_tokens
from fttui.domain.dataset.training_view import training_view
from fttui.services.dataset.lines import lines_in
from fttui.services.dataset.opener import open_regular
from fttui.services.dataset.quick_rows import QuickRow, Reader, quick_reader
from fttui.services.dataset.sheet_writer import SheetWriter, gathered, gathered_quickly

if TYPE_CHECKING:
    from fttui.services.dataset.quick_tools import Definitions, ToolUse
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


_KEPT = 1000
_BATCH = 512 * 1024
"""Bytes of lines whose texts are counted together."""
_ANSWERED = ("user", "assistant", "tool")
_FINGERPRINTS = 2**64


class Examiner:
    """Works through stretches; one per process.

    Args:
        counter: counts tokens.
        read: the short way for healthy lines, where it is not the usual one.
    """

    def __init__(self, counter: TokenCounter, read: Reader | None = None) -> None:
        self._counter = counter
        self._read = read or quick_reader()
        self._repeated: dict[str, int] = {}
        self._definitions: dict[Definitions, int] = {}
        self._waiting: list[tuple[int, QuickRow]] = []
        self._waiting_bytes = 0
        self._shapes: dict[tuple[str, ...], int] = {}
        """How many rows that passed quickly have which roles."""
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
            for line in lines_in(descriptor, begin, end, stretch.mark):
                stretch.lines += 1
                number = stretch.lines
                if line is None:
                    stretch.examples += 1
                    stretch.prints.append(0)
                    stretch.note_row([found("line-too-long", number)])
                elif task.format is not DataFormat.CHAT or not self._pass_quickly(line, number, stretch, task):
                    self._count_waiting(stretch, task)
                    self._look_closely(line, number, stretch, task, first=begin == 0 and number == 1)
            self._count_waiting(stretch, task)
        finally:
            shapes, self._shapes = self._shapes, {}
            self._waiting, self._waiting_bytes = [], 0
            os.close(descriptor)
        for roles, count in shapes.items():
            for role in roles:
                stretch.roles[role] += count
        if self._sheet is not None:
            self._sheet.flush()
        return stretch

    def _pass_quickly(self, line: bytes, number: int, stretch: Stretch, task: Task) -> bool:
        row = self._read(line)
        if row is None:
            return False
        stretch.examples += 1
        stretch.valid += 1
        stretch.windows_line_ends += line.endswith(b"\r")
        stretch.prints.append(fingerprint(line))
        if row.lacks_system:
            stretch.note(found("no-system-message", number, "messages", NO_SYSTEM_MESSAGE))
        self._shapes[row.roles] = self._shapes.get(row.roles, 0) + 1
        stretch.turns.append(len(row.roles))
        self._waiting.append((number, row))
        self._waiting_bytes += len(line)
        if self._waiting_bytes > _BATCH:
            self._count_waiting(stretch, task)
        return True

    def _count_waiting(self, stretch: Stretch, task: Task) -> None:
        """Count the rows that passed quickly, all their texts in one go."""
        waiting, self._waiting, self._waiting_bytes = self._waiting, [], 0
        texts: list[str] = []
        for _, row in waiting:
            # System prompts are mostly the same from row to row.
            texts += row.contents if row.roles[0] in _ANSWERED else row.contents[1:]
            if row.tools is not None:
                texts += [arguments for _, _, arguments in row.tools.calls]
        counts = self._counter.count_each(texts)
        begin = 0
        for number, row in waiting:
            end = begin + len(row.roles)
            if row.roles[0] in _ANSWERED:
                said = counts[begin:end]
            else:
                end -= 1
                said = [self._known(row.contents[0]), *counts[begin:end]]
            total = MESSAGE_TOKENS * len(said) + sum(said)
            stretch.trained += sum([said[place] for place in row.learnt])
            if row.roles.count("assistant") > len(row.learnt):
                stretch.masked += sum([said[place] for place in row.masked])
            begin = end
            if row.tools is not None:
                begin += len(row.tools.calls)
                total += self._count_tools(row, row.tools, counts[end:begin], stretch)
            _add_total(total, number, stretch, task)
            if task.example_limit is not None and total > task.example_limit:
                self._take_off_what_is_cut(row, said, total - task.example_limit, stretch)
            if self._sheet is not None:
                self._sheet.add(gathered_quickly(row.roles, _words(row), number, total))

    def _count_tools(self, row: QuickRow, tools: ToolUse, arguments: Sequence[int], stretch: Stretch) -> int:
        """Tokens of definitions and calls, which are estimates; what is learnt of them is noted."""
        tokens = self._definitions.get(tools.definitions)
        if tokens is None:
            if len(self._definitions) >= _KEPT:
                self._definitions.clear()
            tokens = self._definitions[tools.definitions] = tool_tokens(tools.definitions.tools, self._counter)
        learnt = set(row.learnt)
        for (place, name, _), count in zip(tools.calls, arguments, strict=True):
            call = CALL_TOKENS + self._known(name) + count
            tokens += call
            if place in learnt:
                stretch.trained += call
            else:
                stretch.masked += call
        stretch.estimated += tokens
        return tokens

    def _take_off_what_is_cut(self, row: QuickRow, said: Sequence[int], cut: int, stretch: Stretch) -> None:
        """What lies beyond the limit is not learnt; definitions of tools come before all messages."""
        spoken = list(said)
        for place, name, arguments in row.tools.calls if row.tools is not None else ():
            spoken[place] += CALL_TOKENS + self._known(name) + self._counter.count(arguments)
        learnt, masked = set(row.learnt), set(row.masked)
        for place in reversed(range(len(spoken))):
            beyond = min(cut, spoken[place])
            stretch.trained -= beyond if place in learnt else 0
            stretch.masked -= beyond if place in masked else 0
            cut -= spoken[place] + MESSAGE_TOKENS
            if cut <= 0:
                return

    def _known(self, text: str) -> int:
        """Tokens of a text that comes again and again."""
        known = self._repeated
        if text not in known:
            if len(known) >= _KEPT:
                known.clear()
            known[text] = self._counter.count(text)
        return known[text]

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
        counted = example_tokens(record, self._counter, task.model)
        messages = turns(record)
        stretch.roles.update(message.role for message in messages)
        stretch.turns.append(len(messages))
        stretch.trained += counted.trained
        limit = task.example_limit
        if (limit is not None and counted.total > limit) or any(message.weight == 0 for message in messages):
            view = training_view(record, self._counter, task.model, limit)
            stretch.trained += view.trained - counted.trained
            stretch.masked += view.masked
        stretch.estimated += counted.estimated
        _add_total(counted.total, number, stretch, task)
        if self._sheet is not None:
            self._sheet.add(gathered(record, number, counted.total))
            if checked.row.format is DataFormat.COMPLETION:
                self._sheet.add_columns(checked.row.value)


def _words(row: QuickRow) -> Sequence[str]:
    """What each message says, with the names and arguments of its calls."""
    if row.tools is None:
        return row.contents
    words = [[content] if content else [] for content in row.contents]
    for place, name, arguments in row.tools.calls:
        words[place] += [name, arguments]
    return ["\n".join(entry) for entry in words]


def _add_total(tokens: int, number: int, stretch: Stretch, task: Task) -> None:
    stretch.tokens.append(tokens)
    limit = task.example_limit
    if limit is not None and tokens > limit:
        sentence = (
            f"{tokens:,} tokens, {task.model} takes {limit:,}; the last {tokens - limit:,} would be cut off in silence"
        )
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
