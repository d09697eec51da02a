"""Surveys a training file: every row counted once in each encoding that is wanted, with progress, cancellable."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from fttui.domain.dataset.encodings import encoding_for
from fttui.domain.dataset.first_look import FirstLook, look_at
from fttui.domain.errors import FttuiError
from fttui.domain.jobs.token_survey import TokenSurvey
from fttui.services.dataset.opener import Identity, identity_now, read_head
from fttui.services.dataset.plain_copy import PlainCopy
from fttui.services.dataset.tokenizer import TiktokenCounter
from fttui.services.jobs.survey_wire import read_survey
from fttui.services.jobs.survey_writer import SurveyTask, SurveyWriter

_SMALL_FILE = 4 * 1024 * 1024
"""Bytes below which starting processes takes longer than they save."""
_SHORT = 256 * 1024
"""Bytes of an answer that is decoded at once."""
_SURVEYS_KEPT = 4
_LINE_LIMIT = 1024 * 1024 * 1024

Tell = Callable[[int, int], None]
"""Told the bytes that are done, and those there are in all."""


class SurveyError(FttuiError):
    """A file could not be counted to its end."""

    title = "Counting stopped"


async def survey_file(
    path: Path, models: Sequence[str], tell: Tell | None = None, *, images: int | None = None
) -> TokenSurvey:
    """Count a training file for some models.

    Cancelling the task stops the work at once.

    Args:
        path: the file; packed ones are unpacked for as long as it takes.
        models: all that an estimate is wanted for.
        tell: called on the event loop as the work goes on.
        images: a person's own limit for one example; rows with more are not usable.

    Raises:
        UnreadableFileError: it is absent, not allowed, or not a regular file.
        SurveyError: a process that counted is gone.
    """
    head, before = await asyncio.to_thread(read_head, path)
    copy = await PlainCopy.of(path, head)
    try:
        source = copy.path if copy is not None else path
        head, identity = await asyncio.to_thread(read_head, source)
        look = look_at(head, identity.size)
        encodings = tuple(dict.fromkeys(encoding_for(model).name for model in models)) or (encoding_for(None).name,)
        task = SurveyTask(look.format, encodings, tuple(dict.fromkeys(models)), images)
        survey = await _counted(source, identity.size, look, task, tell or _quietly)
        survey.changed = await asyncio.to_thread(identity_now, path) != before
        return survey
    finally:
        if copy is not None:
            copy.remove()


class SurveyMemory:
    """The last surveys, for as long as their files stay as they are."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], tuple[Identity, TokenSurvey]] = {}

    async def survey(
        self,
        path: Path,
        models: Sequence[str],
        tell: Tell | None = None,
        *,
        anew: bool = False,
        images: int | None = None,
    ) -> TokenSurvey:
        """Count a file, or tell what was counted before; arguments and errors as for `survey_file`.

        Args:
            path: the file.
            models: all that an estimate is wanted for.
            tell: called as the work goes on.
            anew: count even where nothing has changed.
            images: a person's own limit for one example.
        """
        key = (path, tuple(models), images)
        now = await asyncio.to_thread(identity_now, path)
        known = self._kept.get(key)
        if known is not None and known[0] == now and not anew:
            return known[1]
        found = await survey_file(path, models, tell, images=images)
        self._kept.pop(key, None)
        if now is not None and not found.changed:
            self._kept[key] = (now, found)
        while len(self._kept) > _SURVEYS_KEPT:
            del self._kept[next(iter(self._kept))]
        return found


def _quietly(done: int, total: int) -> None:
    del done, total


async def _counted(path: Path, size: int, look: FirstLook, task: SurveyTask, tell: Tell) -> TokenSurvey:
    if not look.worth_reading:
        return TokenSurvey(task.encodings, task.models, task.format)
    progress = _Progress(size, tell)
    if size < _SMALL_FILE:
        return await _here(path, size, task, progress)
    from fttui.services.dataset.leader import cores

    number = min(cores(), max(size // _SMALL_FILE, 1))
    length = size // number + 1
    parts = [_Part(path, begin, min(begin + length, size), task) for begin in range(0, size, length)]
    try:
        async with asyncio.TaskGroup() as group:
            work = [group.create_task(part.counted(progress)) for part in parts]
    except* FttuiError as failed:
        first = failed.exceptions[0]
        # One word of why is enough.
        raise first from None
    whole = TokenSurvey(task.encodings, task.models, task.format)
    for one in work:
        whole.join(one.result())
    return whole


async def _here(path: Path, size: int, task: SurveyTask, progress: _Progress) -> TokenSurvey:
    loop = asyncio.get_running_loop()
    stopped = False

    def tell(done: int) -> None:
        if stopped:
            raise asyncio.CancelledError
        loop.call_soon_threadsafe(progress.add, done)

    def count() -> TokenSurvey:
        writer = SurveyWriter(task, {name: TiktokenCounter(name) for name in task.encodings})
        writer.go_through(path, 0, size, tell)
        return writer.survey

    try:
        return await asyncio.to_thread(count)
    except asyncio.CancelledError:
        stopped = True
        raise


class _Progress:
    def __init__(self, total: int, tell: Tell) -> None:
        self._total, self._tell, self._done = total, tell, 0

    def add(self, done: int) -> None:
        """Note that more bytes are done."""
        self._done += done
        self._tell(self._done, self._total)


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of a file, counted by a process of its own."""

    path: Path
    begin: int
    end: int
    task: SurveyTask

    async def counted(self, progress: _Progress) -> TokenSurvey:
        """Count it; the process ends with this, however it ends."""
        process = await create_subprocess_exec(
            *(sys.executable, "-P", "-m", "fttui.services.jobs.survey_child"),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            limit=_LINE_LIMIT,
            start_new_session=True,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )
        try:
            return await self._read(process, progress)
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
            # Waits for the pipes as well, so that nothing of it is left when the event loop closes.
            await process.communicate()

    async def _read(self, process: Process, progress: _Progress) -> TokenSurvey:
        if process.stdin is None or process.stdout is None:
            raise SurveyError("The process that counts has no pipes")
        order = {
            "path": str(self.path.absolute()),
            "begin": self.begin,
            "end": self.end,
            "format": self.task.format,
            "encodings": self.task.encodings,
            "models": self.task.models,
            "images": self.task.images,
        }
        # Where it is gone already, what it said before is told below.
        with suppress(ConnectionError):
            process.stdin.write(json.dumps(order).encode() + b"\n")
            await process.stdin.drain()
        while line := await process.stdout.readline():
            value = json.loads(line) if len(line) < _SHORT else await asyncio.to_thread(json.loads, line)
            if isinstance(value, dict):
                return await asyncio.to_thread(read_survey, value)
            progress.add(value)
        said = (await process.stderr.read()).decode(errors="replace").strip() if process.stderr else ""
        last = said.rpartition("\n")[2] or "no word of why"
        raise SurveyError(f"A process that counts is gone: {last}", hint="Try again; memory may have been short.")
