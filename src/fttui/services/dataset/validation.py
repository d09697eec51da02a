"""Validation of a whole file: every line, off the event loop, with progress, to one report."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from fttui.domain.dataset.encodings import Encoding, encoding_for
from fttui.domain.dataset.first_look import FirstLook, look_at
from fttui.domain.dataset.parsing import found
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.report import Report
from fttui.domain.dataset.row_limits import RowLimits
from fttui.domain.dataset.row_sheet import RowSheet
from fttui.domain.dataset.tally import Subject, Tally
from fttui.services.dataset.crew import Crew, Crews, crew_for
from fttui.services.dataset.examiner import Task
from fttui.services.dataset.opener import Identity, identity_now, read_head
from fttui.services.dataset.placing import placed
from fttui.services.dataset.plain_copy import PlainCopy

if TYPE_CHECKING:
    from fttui.services.ports import TokenCounter


@dataclass(frozen=True, slots=True)
class ValidationProgress:
    """How far a validation is; `examples` and `findings` count what was seen so far."""

    bytes_done: int
    bytes_total: int
    examples: int
    findings: int


ReportProgress = Callable[[ValidationProgress], None]


async def validate(
    path: Path,
    *,
    valid_path: Path | None = None,
    model: str | None = None,
    data_format: DataFormat | None = None,
    counter: TokenCounter | None = None,
    progress: ReportProgress | None = None,
    workers: int | None = None,
    whole: bool = True,
    crews: Crews | None = None,
    limits: RowLimits | None = None,
) -> Report:
    """Check a file completely, and a validation file along with it.

    Cancelling the task stops the work at once.

    Args:
        path: the training file.
        valid_path: the validation file; its report hangs on the one returned, and what stands in both is found.
        model: whose encoding and prices apply, and whose limits where none are given.
        data_format: what the rows must be; found out from the first rows if absent.
        counter: counts tokens in place of the model's own counter; the work is then done in a thread.
        progress: called on the event loop after every stretch of the files.
        workers: processes to work in; 0 is for a thread of this process, which suits small files where no screen
            has to stay alive, unless they turn out to be large once unpacked. As many as there are cores if absent.
        whole: look at the set as a whole too, and for what is sensitive, which takes up to twice the time.
        crews: where to take processes from, and to leave them for the next file.
        limits: what rows are held to; what is known of the model if absent.

    Raises:
        UnreadableFileError: a file is absent, not allowed, or not a regular file.
    """
    async with AsyncExitStack() as stack:
        training = await _Opened.now(path, data_format, stack)
        validation = await _Opened.now(valid_path, data_format, stack) if valid_path else None
        work = _Work(training, validation, model, limits or RowLimits.of(model), counter, workers, whole, crews)
        return await work.report(progress)


@dataclass(frozen=True, slots=True)
class _Work:
    """A validation of opened files."""

    training: _Opened
    validation: _Opened | None
    model: str | None
    limits: RowLimits
    counter: TokenCounter | None
    workers: int | None
    whole: bool
    crews: Crews | None

    async def report(self, progress: ReportProgress | None) -> Report:
        """Do it."""
        started = time.perf_counter()
        watch = _Watch(progress, self.training.size + (self.validation.size if self.validation else 0))
        valid: Report | None = None
        known: dict[int, int] = {}
        sheet: RowSheet | None = None
        # While the processes that do the work are starting, and a core has nothing to do.
        loading = asyncio.create_task(asyncio.to_thread(_load_judges)) if self.whole else None
        async with crew_for(watch.total, self.model, self.counter, self.workers, self.crews) as crew:
            if self.validation is not None:
                tally = Tally(self._subject(self.validation, is_validation=True))
                await _fill(tally, self.validation, crew, self._task(self.validation), watch)
                await _judge(tally, self.validation, is_validation=True)
                valid = await _placed(tally, self.validation, started)
                known, sheet = tally.prints, tally.sheet
            tally = Tally(self._subject(self.training), known)
            await _fill(tally, self.training, crew, self._task(self.training), watch)
        if loading is not None:
            await loading
        await _judge(tally, self.training, sheet)
        return replace(await _placed(tally, self.training, started), valid=valid)

    def _subject(self, file: _Opened, *, is_validation: bool = False) -> Subject:
        counter = self.counter
        encoding = Encoding(counter.encoding, counter.exact) if counter else encoding_for(self.model)
        about = (file.path, file.identity.size, file.look.format, self.model, encoding)
        return Subject(*about, is_validation, self.limits.tokens)

    def _task(self, file: _Opened) -> Task:
        return Task(file.look.format, self.model, self.limits.tokens, self.whole, self.limits.images)


async def _placed(tally: Tally, file: _Opened, started: float) -> Report:
    """The verdict on a file with the place of each finding."""
    report = tally.report(time.perf_counter() - started)
    return await asyncio.to_thread(placed, report, file.source, tally.marks)


def _load_judges() -> None:
    import numpy  # noqa: F401

    import fttui.services.dataset.set_verdict  # noqa: F401


async def _judge(
    tally: Tally, file: _Opened, validation: RowSheet | None = None, *, is_validation: bool = False
) -> None:
    """Compare all rows with each other, away from the event loop."""
    if not tally.sheet.rows:
        return
    from fttui.services.dataset.set_verdict import SetUnderTest, judge

    subject = SetUnderTest(tally.sheet, file.look.format, tally.copies, tally.leaked)
    tally.note(*await asyncio.to_thread(judge, subject, validation))
    if file.look.format in (DataFormat.COMPLETION, DataFormat.REINFORCEMENT):
        from fttui.services.dataset.column_pass import column_findings_of

        async with aclosing(column_findings_of(file.source, file.size, file.look.format)) as findings:
            async for finding in findings:
                if not (is_validation and finding.code in _ABOUT_TRAINING):
                    tally.note(finding)


_ABOUT_TRAINING = frozenset({"few-pairs", "classification-pairs"})


@dataclass(frozen=True, slots=True)
class _Opened:
    """A file as it was when the work began; `source` is what is read: itself, or a plain copy of `size` bytes."""

    path: Path
    identity: Identity
    look: FirstLook
    source: Path
    size: int

    @classmethod
    async def now(cls, path: Path, data_format: DataFormat | None, stack: AsyncExitStack) -> _Opened:
        """Open a file; a copy goes when the stack is left."""
        head, identity = await asyncio.to_thread(read_head, path)
        look = look_at(head, identity.size)
        source, size = path, identity.size
        copy = await PlainCopy.of(path, head)
        if copy is not None:
            stack.callback(copy.remove)
            source = copy.path
            first = look.findings
            head, there = await asyncio.to_thread(read_head, source)
            look, size = look_at(head, there.size), there.size
            look = replace(look, findings=(*first, *copy.findings, *look.findings))
        return cls(path, identity, replace(look, format=data_format or look.format), source, size)


class _Watch:
    """Tells how far the work is, over both files."""

    def __init__(self, progress: ReportProgress | None, total: int) -> None:
        self._progress = progress
        self.total = total
        self._done = 0
        self._examples = 0
        self._findings = 0

    def saw(self, length: int, examples: int, findings: int) -> None:
        """Count a stretch with its examples and findings."""
        self._done += length
        self._examples += examples
        self._findings += findings
        if self._progress is not None:
            self._progress(ValidationProgress(self._done, self.total, self._examples, self._findings))


async def _fill(tally: Tally, file: _Opened, crew: Crew, task: Task, watch: _Watch) -> None:
    tally.note(*file.look.findings)
    if file.look.worth_reading:
        async with aclosing(crew.examine(file.source, file.size, task)) as stretches:
            async for stretch in stretches:
                tally.add(stretch)
                watch.saw(stretch.length, stretch.examples, stretch.counts.total())
    else:
        watch.saw(file.size, 0, 0)
    if await asyncio.to_thread(identity_now, file.path) != file.identity:
        tally.note(found("file-changed", 0))
