"""`python -m fttui.engine work JOB`: one process, one job, from its lock to its last word."""

from __future__ import annotations

import os
import sqlite3

from fttui.engine.home import EngineHome
from fttui.engine.locks import FileLock
from fttui.engine.parent import ParentWatch
from fttui.engine.room import SpareRoom, is_no_room
from fttui.engine.store.database import Database
from fttui.engine.store.jobs import ACTIVE, JobShelf, StoredJob, Want
from fttui.engine.store.progress import Progress
from fttui.engine.worker.control import Control, StoppedError
from fttui.engine.worker.training_file import BadFileError, ExampleFile

NICENESS = 10

EXIT_DONE = 0
"""The job's status says everything."""
EXIT_TAKEN = 75
"""Another worker has the job."""
EXIT_UNKNOWN = 66
"""There is no such job."""
EXIT_NO_ROOM = 73
"""The disk is so full that not even this could be written down."""


def work(home: EngineHome, job_id: str, *, only_validate: bool) -> int:
    """Carry a job as far as it goes, and return the exit status.

    Args:
        only_validate: leave once the files are found good, because no slot for training is free.
    """
    parent = ParentWatch()
    os.nice(NICENESS)
    folder = home.job(job_id)
    if not folder.root.is_dir():
        return EXIT_UNKNOWN
    lock = FileLock(folder.lock)
    if not lock.acquire():
        return EXIT_TAKEN
    lock.sign(str(os.getpid()))
    database = Database(home.database)
    job = JobShelf(database).find(job_id)
    if job is None:
        return EXIT_UNKNOWN
    status = EXIT_DONE
    if job.status in ACTIVE:
        control = Control(database, job_id, parent)
        control.listen()
        try:
            _Life(home, database, job, control).run(only_validate=only_validate)
        except (OSError, sqlite3.Error) as error:
            if not is_no_room(error):
                raise
            status = EXIT_NO_ROOM
    database.close()
    lock.release()
    return status


class _Life:
    """The phases of a job, and the ways out of them."""

    def __init__(self, home: EngineHome, database: Database, job: StoredJob, control: Control) -> None:
        self._home = home
        self._database = database
        self._job = job
        self._control = control
        self._progress = Progress(database, job)

    def run(self, *, only_validate: bool) -> None:
        try:
            if not self._job.validated:
                self._validate()
            if not only_validate:
                self._train()
        except StoppedError as stopped:
            self._stop(stopped.want)
        except (OSError, sqlite3.Error) as error:
            if not is_no_room(error):
                raise
            SpareRoom(self._home.spare).give_up()
            self._progress.no_room(self._home.root, self._step())
        except BadFileError as bad:
            self._progress.failed(bad.code, bad.message, bad.param)
            self._home.job(self._job.id).clear()

    def _validate(self) -> None:
        self._control.check()
        self._progress.validating()
        folder = self._home.job(self._job.id)
        ExampleFile(folder.training_file, "training_file").validate(self._control.check_now_and_then)
        if self._job.validation_file is not None:
            ExampleFile(folder.validation_file, "validation_file").validate(self._control.check_now_and_then)
        self._progress.validated()

    def _train(self) -> None:
        # The model's code loads numpy, which a worker that only validates can do without.
        from fttui.engine.nano.errors import NothingToTrainError, TrainingDivergedError
        from fttui.engine.worker.training import JobTraining

        try:
            JobTraining(self._home, self._database, self._job, self._progress, self._control).run()
        except TrainingDivergedError as error:
            self._progress.failed(error.code, f"{error.message} {error.hint}")
        except NothingToTrainError as error:
            self._progress.failed(error.code, f"{error.message} {error.hint}", "training_file")
        self._home.job(self._job.id).clear()

    def _stop(self, want: Want | None) -> None:
        if want is Want.CANCEL:
            self._progress.cancelled()
            self._home.job(self._job.id).clear()
        elif want is Want.PAUSE:
            self._progress.paused(self._step())
        else:
            self._progress.set_back()

    def _step(self) -> int:
        row = self._database.row("SELECT checkpoint_step FROM jobs WHERE id = ?", [self._job.id])
        return 0 if row is None else int(row["checkpoint_step"])
