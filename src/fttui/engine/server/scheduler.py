"""Gives jobs their workers, notices when a worker dies, and answers for jobs that have none."""

from __future__ import annotations

import asyncio
import logging
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass

from fttui.engine.home import EngineHome
from fttui.engine.locks import FileLock
from fttui.engine.room import is_no_room, no_room_words
from fttui.engine.store.database import Database
from fttui.engine.store.jobs import ACTIVE, JobShelf, JobStatus, StoredJob, Want
from fttui.engine.store.progress import Progress

_log = logging.getLogger("fttui.engine")

CRASHES_FORGIVEN = 2
"""How often a worker may die without getting any further before its job is given up."""

_LOOK_EVERY_SECONDS = 1.0
_LOOK_AGAIN_SECONDS = 0.1
_FAREWELL_SECONDS = 5.0
_VALIDATORS = 1
_EXIT_TAKEN = 75
_EXIT_NO_ROOM = 73
_NO_ROOM_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class _Worker:
    process: subprocess.Popen[bytes]
    only_validates: bool


class Scheduler:
    """One loop on the thread that outlives all workers: Linux ends a worker when the thread that started it ends.

    Args:
        slots: how many jobs may train at a time.
    """

    def __init__(self, home: EngineHome, database: Database, jobs: JobShelf, slots: int) -> None:
        self._home = home
        self._database = database
        self._jobs = jobs
        self._slots = slots
        self._workers: dict[str, _Worker] = {}
        self._known: set[str] = set()
        # Until when a job is left alone whose worker met a disk too full to say so.
        self._resting: dict[str, float] = {}
        self._wake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def wake(self) -> None:
        """Look at the jobs now; may be called from any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._wake.set)

    async def run(self) -> None:
        """Look after the jobs until cancelled."""
        self._loop = asyncio.get_running_loop()
        self._loop.add_signal_handler(signal.SIGCHLD, self._wake.set)
        while True:
            self._wake.clear()
            try:
                held_elsewhere = await self._look()
            except (OSError, sqlite3.Error) as error:
                # A full disk or a locked database may pass; the jobs wait meanwhile.
                if is_no_room(error):
                    _log.error("%s", no_room_words(self._home.root))
                else:
                    _log.exception("the jobs could not be looked after")
                held_elsewhere = False
            pause = _LOOK_AGAIN_SECONDS if held_elsewhere else _LOOK_EVERY_SECONDS
            try:
                async with asyncio.timeout(pause):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def stop(self) -> None:
        """Tell the workers to save and leave, and wait until they have."""
        for worker in self._workers.values():
            worker.process.terminate()
        patience_ends = time.monotonic() + _FAREWELL_SECONDS
        while any(worker.process.poll() is None for worker in self._workers.values()):
            if time.monotonic() > patience_ends:
                for worker in self._workers.values():
                    worker.process.kill()
            await asyncio.sleep(0.02)
        self._workers.clear()

    async def _look(self) -> bool:
        """Do what is due; True when a worker of an earlier server still holds a job."""
        for job_id, code in self._reap():
            if code == _EXIT_NO_ROOM:
                self._resting[job_id] = time.monotonic() + _NO_ROOM_SECONDS
                continue
            await asyncio.to_thread(self._after_death, job_id, code)
        held_elsewhere = False
        for job in await asyncio.to_thread(self._jobs.unsettled):
            if job.id in self._workers or time.monotonic() < self._resting.get(job.id, 0.0):
                continue
            lock = FileLock(self._home.job(job.id).lock)
            if not lock.acquire():
                held_elsewhere = True
                continue
            try:
                waiting = await asyncio.to_thread(self._answer_for, job.id)
            finally:
                lock.release()
            if waiting is not None:
                self._place(waiting)
        return held_elsewhere

    def _reap(self) -> list[tuple[str, int]]:
        ended = [
            (job_id, code) for job_id, worker in self._workers.items() if (code := worker.process.poll()) is not None
        ]
        for job_id, _ in ended:
            del self._workers[job_id]
        return ended

    def _answer_for(self, job_id: str) -> StoredJob | None:
        """Do for a job without a worker what its worker would do, holding its lock.

        Returns:
            the job, if it waits for a worker.
        """
        job = self._jobs.find(job_id)
        if job is None:
            return None
        progress = Progress(self._database, job)
        if job.want is Want.CANCEL:
            progress.cancelled()
            self._home.job(job.id).clear()
        elif job.want is Want.PAUSE:
            progress.paused(job.checkpoint_step)
        elif job.status is JobStatus.RUNNING and job.id not in self._known:
            progress.note("The engine ended unexpectedly; resuming from the last checkpoint", level="warn")
        self._known.add(job.id)
        return job if job.want is None and job.status in ACTIVE else None

    def _place(self, job: StoredJob) -> None:
        """Start a worker if there is room for it."""
        validators = sum(worker.only_validates for worker in self._workers.values())
        if len(self._workers) - validators < self._slots:
            self._start(job.id, only_validate=False)
        elif not job.validated and validators < _VALIDATORS:
            self._start(job.id, only_validate=True)

    def _start(self, job_id: str, *, only_validate: bool) -> None:
        command = [sys.executable, "-P", "-m", "fttui.engine", "work", job_id, "--home", str(self._home.root)]
        if only_validate:
            command.append("--only-validate")
        with self._home.job(job_id).log.open("ab") as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=self._home.root,
            )
        self._workers[job_id] = _Worker(process, only_validate)

    def _after_death(self, job_id: str, code: int) -> None:
        """Decide what becomes of a job whose worker has ended."""
        job = self._jobs.find(job_id)
        if job is None or job.status not in ACTIVE or code in {0, _EXIT_TAKEN}:
            return
        progress = Progress(self._database, job)
        crashes = 1 if job.checkpoint_step > job.crash_step else job.crashes + 1
        if crashes <= CRASHES_FORGIVEN:
            message = f"Worker exited unexpectedly (code {code}); resuming from the last checkpoint"
            progress.crashed(message, crashes)
            return
        progress.failed(
            "worker_crashed",
            f"The worker ended unexpectedly {crashes} times without getting any further (last code {code})."
            f" {_last_words(self._home, job_id)}".rstrip(),
        )
        self._home.job(job_id).clear()


def _last_words(home: EngineHome, job_id: str) -> str:
    """Return the last line a worker wrote to its log, where a traceback names its error."""
    try:
        lines = home.job(job_id).log.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return ""
    return lines[-1][:300] if lines else ""
