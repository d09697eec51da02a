"""Preparations for a screen that has to stay alive: in a process of their own, ended at once when cancelled."""

from __future__ import annotations

import asyncio
import os
import pickle
import secrets
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from fttui.domain.dataset.preparation.plan import Plan
from fttui.domain.errors import FttuiError
from fttui.services.dataset.preparing.frames import LENGTH, Frame, Progress, Task
from fttui.services.dataset.preparing.order import Order, Outcome
from fttui.services.dataset.preparing.unpacking import remove_copies, unpack

ReportProgress = Callable[[Progress], None]

_LAST_WORDS = 2000


class PreparationStoppedError(FttuiError):
    """The process that prepared a file ended before its work was done."""

    title = "Preparation stopped"


async def survey_file(order: Order, progress: ReportProgress | None = None) -> Plan:
    """What an order would do; cancelling the task stops the work at once.

    Raises:
        UnreadableFileError: a file cannot be read, or changed while it was.
        PreparationStoppedError: the process ended.
    """
    answer = await _work(Task(order, writes=False), progress)
    assert isinstance(answer, Plan)  # noqa: S101 - what this task is answered with
    return answer


async def prepare_file(order: Order, progress: ReportProgress | None = None) -> Outcome:
    """Write what an order asks for; cancelling the task stops the work at once and leaves nothing behind.

    Raises:
        UnreadableFileError, UsageError: as `prepare` does.
        PreparationStoppedError: the process ended.
    """
    token = secrets.token_hex(6)
    try:
        answer = await _work(Task(order, writes=True, token=token), progress)
    except BaseException:
        _remove_unfinished(order.folder or order.path.parent, token)
        raise
    assert isinstance(answer, Outcome)  # noqa: S101 - what this task is answered with
    return answer


def _remove_unfinished(folder: Path, token: str) -> None:
    for left in folder.glob(f".*.{token}.new"):
        with suppress(OSError):
            left.unlink()


async def _work(task: Task, progress: ReportProgress | None) -> Plan | Outcome:
    def unpacking(done: int, total: int) -> None:
        if progress is not None:
            progress(Progress(done, total))

    # Here and not in the process, which may be ended before it has taken its copies away.
    order = await unpack(task.order, unpacking)
    try:
        return await _work_apart(replace(task, order=order), progress)
    finally:
        await asyncio.to_thread(remove_copies, order)


async def _work_apart(task: Task, progress: ReportProgress | None) -> Plan | Outcome:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "fttui.services.dataset.preparing.worker"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdin is not None and process.stdout is not None and process.stderr is not None  # noqa: S101, PT018
    complaints = asyncio.create_task(process.stderr.read())
    try:
        process.stdin.write(pickle.dumps(task))
        process.stdin.close()
        while True:
            (length,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
            frame: Frame = pickle.loads(await process.stdout.readexactly(length))  # noqa: S301 - our own process
            if isinstance(frame, FttuiError):
                raise frame
            if not isinstance(frame, Progress):
                return frame
            if progress is not None:
                progress(frame)
    except (asyncio.IncompleteReadError, ConnectionError) as error:
        said = (await complaints).decode(errors="replace")[-_LAST_WORDS:].split("\n")
        last = next((line for line in reversed(said) if line), "it was ended from outside")
        raise PreparationStoppedError(f"The process that prepared the file is gone: {last}") from error
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        await complaints
