"""Training one job: from its files to its model, stopping and going on at any step."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path

from fttui.engine.home import EngineHome
from fttui.engine.identifiers import unix_now
from fttui.engine.nano.examples import PackedExamples
from fttui.engine.nano.model import Model, load_base, load_weights
from fttui.engine.nano.rendering import render_example
from fttui.engine.nano.training import StepMetrics, TrainingRun, TrainingSettings, resolve_settings
from fttui.engine.store.database import Database
from fttui.engine.store.jobs import Hyperparameters, StoredJob, Want
from fttui.engine.store.progress import Progress
from fttui.engine.worker.control import Control, StoppedError
from fttui.engine.worker.metrics import step_data, step_message
from fttui.engine.worker.publishing import Publisher
from fttui.engine.worker.training_file import ExampleFile

_SAVE_EVERY_SECONDS = 5.0
_FIRST_SAVE_SECONDS = 1.0


class JobTraining:
    """Carries a validated job to its end.

    Args:
        job: the job as it stood when the worker began.
    """

    def __init__(
        self, home: EngineHome, database: Database, job: StoredJob, progress: Progress, control: Control
    ) -> None:
        self._database = database
        self._folder = home.job(job.id)
        self._job = job
        self._progress = progress
        self._control = control
        self._publisher = Publisher(home, database, job, progress)
        # The first state is saved soon, so that even a worker that is killed again and again gets further.
        self._saved_at = time.monotonic() - _SAVE_EVERY_SECONDS + _FIRST_SAVE_SECONDS

    def run(self) -> None:
        """Train until the model is there.

        Raises:
            StoppedError: something asked to stop; the state on disk is that of the last step done.
            EngineError: training cannot go on.
        """
        self._control.check()
        run = self._begin()
        self._progress.running(_hyperparameters(run.settings))
        if run.skipped and run.step == 0:
            self._progress.note(
                f"{run.skipped} training example(s) hold nothing to learn from and are left out",
                key="skipped",
                level="warn",
            )
        try:
            self._train(run)
        except StoppedError as stopped:
            if stopped.want is not Want.CANCEL:
                self._save(run)
            raise
        self._publisher.finish(run)

    def _begin(self) -> TrainingRun:
        """Start from the model asked for, or where an earlier worker left off."""
        model = self._start_model()
        train = self._render(self._folder.training_file, model)
        valid = PackedExamples([])
        if self._job.validation_file is not None:
            valid = self._render(self._folder.validation_file, model, "validation_file")
        if self._folder.checkpoint.exists():
            return TrainingRun.resume(self._folder.checkpoint, train, valid)
        if train.truncated:
            context = model.config.context
            self._progress.note(
                f"{train.truncated} training example(s) are longer than {context} tokens and lose their end",
                key="truncated",
                level="warn",
            )
        asked = self._job.requested
        settings = resolve_settings(
            len(train), asked.n_epochs, asked.batch_size, asked.learning_rate_multiplier, self._job.seed
        )
        return TrainingRun.start(model, train, valid, settings)

    def _start_model(self) -> Model:
        if self._folder.start_weights.exists():
            return load_weights(self._folder.start_weights)
        return load_base(self._job.base_model)

    def _render(self, path: Path, model: Model, param: str = "training_file") -> PackedExamples:
        """Turn a file into tokens, line by line."""
        return PackedExamples(
            render_example(example.messages, model.tokenizer, model.config.context, example.tools)
            for example in ExampleFile(path, param).examples(self._control.check_now_and_then)
        )

    def _train(self, run: TrainingRun) -> None:
        finish_time = _FinishTime(run)
        while not run.finished:
            self._control.check()
            metrics = run.advance()
            self._report(metrics, finish_time.after(metrics.step))
            if run.at_epoch_end:
                if not run.finished:
                    self._publisher.publish_epoch(run, step_data(metrics))
                self._save(run)
            elif time.monotonic() - self._saved_at >= _SAVE_EVERY_SECONDS:
                self._save(run)

    def _report(self, metrics: StepMetrics, estimated_finish: int) -> None:
        self._progress.step(metrics.step, step_message(metrics), step_data(metrics), estimated_finish)

    def _save(self, run: TrainingRun) -> None:
        """Make the state after the last step safe; the metrics up to it first, so that none is ever missing."""
        self._database.make_durable()
        run.save(self._folder.checkpoint)
        self._progress.resumable_at(run.step)
        self._saved_at = time.monotonic()


class _FinishTime:
    """Guesses when a run will be done from the speed since this worker began."""

    def __init__(self, run: TrainingRun, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began_at = clock()
        self._first_step = run.step
        self._total_steps = run.total_steps

    def after(self, step: int) -> int:
        """Return the guess in unix seconds, once `step` is done."""
        seconds_each = (self._clock() - self._began_at) / (step - self._first_step)
        return unix_now() + math.ceil(seconds_each * (self._total_steps - step))


def _hyperparameters(settings: TrainingSettings) -> Hyperparameters:
    return Hyperparameters(settings.n_epochs, settings.batch_size, settings.learning_rate_multiplier)
