"""Handing out what a job makes: the models of its epochs, and its result file."""

from __future__ import annotations

import hashlib

from fttui.engine.home import EngineHome, write_atomically
from fttui.engine.identifiers import unix_now
from fttui.engine.json_values import JsonObject
from fttui.engine.nano.training import TrainingRun
from fttui.engine.store.database import Database
from fttui.engine.store.events import metrics_by_step
from fttui.engine.store.files import StoredFile
from fttui.engine.store.jobs import StoredJob
from fttui.engine.store.models import CheckpointFacts
from fttui.engine.store.progress import Progress
from fttui.engine.worker.metrics import checkpoint_metrics
from fttui.engine.worker.results import step_metrics_csv

RESULT_FILENAME = "step_metrics.csv"
RESULT_PURPOSE = "fine-tune-results"


class Publisher:
    """Writes each thing to disk whole before the database speaks of it, under a name that a second try finds again."""

    def __init__(self, home: EngineHome, database: Database, job: StoredJob, progress: Progress) -> None:
        self._home = home
        self._database = database
        self._job = job
        self._progress = progress

    def publish_epoch(self, run: TrainingRun, data: JsonObject) -> None:
        """Make the model of an epoch other than the last one usable."""
        weights = self._export(run)
        name = f"{self._job.tuned_name}:ckpt-step-{run.step}"
        facts = CheckpointFacts(run.step, name, checkpoint_metrics(data))
        self._remove(self._progress.checkpoint(facts, weights))

    def finish(self, run: TrainingRun) -> None:
        """Make the finished model and the result file usable, and complete the job."""
        weights = self._export(run)
        steps = metrics_by_step(self._database, self._job.id, run.step)
        facts = CheckpointFacts(run.step, self._job.tuned_name, checkpoint_metrics(steps[-1]))
        table = step_metrics_csv(steps)
        result_id = "file-" + hashlib.sha256(self._job.id.encode()).hexdigest()[:24]
        write_atomically(self._home.file(result_id), table)
        result = StoredFile(result_id, len(table), unix_now(), RESULT_FILENAME, RESULT_PURPOSE)
        self._database.make_durable()
        self._remove(self._progress.succeeded(facts, weights, result, run.trained_tokens))

    def _export(self, run: TrainingRun) -> str:
        name = f"{self._job.id}-step-{run.step}.npz"
        run.export(self._home.weights(name))
        return name

    def _remove(self, weights: list[str]) -> None:
        for name in weights:
            self._home.weights(name).unlink(missing_ok=True)
