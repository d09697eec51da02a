"""Counts stretches of a training file in several encodings at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fttui.domain.dataset.images import image_tokens
from fttui.domain.dataset.parsing import check_line
from fttui.domain.dataset.record import INSTRUCTING, DataFormat, Message, Record
from fttui.domain.dataset.tokens import MESSAGE_TOKENS, message_tokens, tool_tokens
from fttui.domain.jobs.row_count import (
    NO_INSTRUCTION,
    Instruction,
    count_plain_row,
    count_row,
    images_of,
    system_instruction,
    system_of,
    tools_of,
)
from fttui.domain.jobs.token_survey import INSTRUCTIONS_KEPT, VARIOUS, InstructionCount, TokenSurvey
from fttui.services.dataset.lines import lines_in
from fttui.services.dataset.opener import open_regular
from fttui.services.dataset.quick_rows import QuickRow, quick_reader
from fttui.services.ports import TokenCounter

_TELL_EVERY = 256 * 1024
"""Bytes between two words of progress."""


@dataclass(frozen=True, slots=True)
class SurveyTask:
    """What to count: the format of the rows, the encodings, and the models that differ in what a picture costs."""

    format: DataFormat | None
    encodings: tuple[str, ...]
    models: tuple[str, ...]
    images: int | None = None
    """A person's own limit for one example."""


class SurveyWriter:
    """Counts rows into a survey.

    Args:
        task: what to count.
        counters: by encoding.
    """

    def __init__(self, task: SurveyTask, counters: Mapping[str, TokenCounter]) -> None:
        self._task = task
        self._counters = [counters[name] for name in task.encodings]
        self._read = quick_reader()
        self.survey = TokenSurvey(task.encodings, task.models, task.format)

    def go_through(self, path: Path, begin: int, end: int, tell: Callable[[int], None]) -> None:
        """Count the lines that begin in a stretch of a file.

        Args:
            path: the file.
            begin: the first byte.
            end: the byte behind the last one.
            tell: called with the bytes read since it was called before.

        Raises:
            UnreadableFileError: the file cannot be opened any more.
        """
        descriptor, _ = open_regular(path)
        done = 0
        try:
            for number, line in enumerate(lines_in(descriptor, begin, end), 1):
                self._add_line(line, first=begin == 0 and number == 1)
                done += len(line) + 1 if line is not None else 0
                if done >= _TELL_EVERY:
                    tell(done)
                    done = 0
            tell(done)
        finally:
            os.close(descriptor)

    def _add_line(self, line: bytes | None, *, first: bool) -> None:
        if line is None:
            self.survey.examples += 1
            return
        row = self._read(line) if self._task.format is DataFormat.CHAT else None
        if row is not None and row.tools is None:
            self.survey.examples += 1
            self._add_plain(row)
            return
        checked = check_line(line, 1 if first else 2, self._task.format, may_have_mark=first, images=self._task.images)
        if not checked.is_example:
            return
        self.survey.examples += 1
        if checked.record is not None:
            self._add_record(checked.record)

    def _add_plain(self, row: QuickRow) -> None:
        instructed = row.roles[0] in INSTRUCTING
        system = system_instruction(row.roles[0], row.contents[0]) if instructed else NO_INSTRUCTION
        texts = row.contents[1:] if instructed else row.contents
        counted = [list(counter.count_each(texts)) for counter in self._counters]
        if instructed:
            lengths = self._instruction_tokens(
                self.survey.systems, system, lambda counter: MESSAGE_TOKENS + counter.count(row.contents[0])
            )
            system, tokens = lengths
            counted = [[length - MESSAGE_TOKENS, *counts] for length, counts in zip(tokens, counted, strict=True)]
        counts = tuple(count_plain_row(row.roles, each) for each in counted)
        self.survey.add(counts, (), system, NO_INSTRUCTION)

    def _add_record(self, record: Record) -> None:
        counts = tuple(count_row(record, counter) for counter in self._counters)
        pictures = list(images_of(record))
        images = tuple(sum(image_tokens(picture, model) for picture in pictures) for model in self._task.models)
        system, message = system_of(record)
        if message is not None:
            system = self._note_system(system, message)
        tools = tools_of(record)
        if tools.id:
            tools, _ = self._instruction_tokens(
                self.survey.tools, tools, lambda counter: tool_tokens(getattr(record, "tools", ()), counter)
            )
        self.survey.add(counts, images if pictures else (), system, tools)

    def _note_system(self, system: Instruction, message: Message) -> Instruction:
        noted, _ = self._instruction_tokens(
            self.survey.systems, system, lambda counter: message_tokens(message, counter)
        )
        return noted

    def _instruction_tokens(
        self, known: dict[str, InstructionCount], found: Instruction, measure: Callable[[TokenCounter], int]
    ) -> tuple[Instruction, Sequence[int]]:
        """Count instructions once more; return what they are known as from now on, and their tokens by encoding."""
        count = known.get(found.id)
        if count is None:
            tokens = [measure(counter) for counter in self._counters]
            if len(known) >= INSTRUCTIONS_KEPT:
                return VARIOUS, tokens
            named = dict(zip(self._task.encodings, tokens, strict=True))
            count = known[found.id] = InstructionCount(found.words, 0, named)
        count.rows += 1
        return found, [count.tokens[name] for name in self._task.encodings]
