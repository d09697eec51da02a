"""Jobs, events and checkpoints for tests, with numbers that look like a run."""

from __future__ import annotations

import asyncio
import math
from dataclasses import replace

from fakes import NOON, FakeClock, FakeProvider
from fttui.domain.jobs.job import Checkpoint, Job, JobEvent, JobFailure

START = int(NOON) - 600


class StillClock(FakeClock):
    """Time that stands still: whoever sleeps waits until woken."""

    def __init__(self, time: float = START + 24) -> None:
        super().__init__(time)
        self._sleepers: list[asyncio.Event] = []

    @property
    def is_slept_on(self) -> bool:
        """Whether somebody waits for time to pass."""
        return bool(self._sleepers)

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.Event()
        self._sleepers.append(woken)
        await woken.wait()

    def wake(self, seconds: float = 60) -> None:
        """Let time pass, and everybody who slept go on."""
        self.time += seconds
        sleepers, self._sleepers = self._sleepers, []
        for sleeper in sleepers:
            sleeper.set()


def make_job(number: int = 1, status: str = "running", **changes: object) -> Job:
    """A job of the embedded engine; later numbers are younger."""
    job = Job(
        id=f"ftjob-{number:04d}",
        model="fttui-nano",
        status=status,
        created_at=START - 3600 * 5 + 60 * number,
        training_file="file-train",
        validation_file="file-valid",
        hyperparameters={"n_epochs": 3, "batch_size": 8, "learning_rate_multiplier": 1.0},
        suffix="smart-home",
        seed=7,
    )
    if status == "succeeded":
        job = replace(
            job,
            fine_tuned_model=f"ft:fttui-nano:me:smart-home:{number:04d}",
            finished_at=job.created_at + 95,
            trained_tokens=34_210,
            result_files=("file-results",),
        )
    if status == "failed":
        failure = JobFailure("invalid_training_file", "Line 7 has no assistant message to learn from.", "training_file")
        job = replace(job, failure=failure, finished_at=job.created_at + 4)
    return replace(job, **changes)  # type: ignore[arg-type]  # builders take any field


def make_log(job: Job, steps: int, total: int = 60, *, valid_every: int = 5) -> list[JobEvent]:
    """The events of a job up to a step: two steps a second, losses that fall."""
    opening = (
        f"Created fine-tuning job: {job.id}",
        "Validating training file: file-train and validation file: file-valid",
        "Files validated, moving job to queued state",
        "Fine-tuning job started",
    )
    events = [JobEvent(f"{job.id}-o{place}", START - 8 + 2 * place, "info", text) for place, text in enumerate(opening)]
    return events + [make_step(job, step, total, valid_every) for step in range(1, steps + 1)]


def make_step(job: Job, step: int, total: int, valid_every: int = 5) -> JobEvent:
    """One step's event, with a validation loss now and then and a full one at the end of each third."""
    loss = 3.2 * math.exp(-step / 14) + 0.12 + 0.08 * math.sin(step * 2.3)
    metrics = {"train_loss": loss, "train_mean_token_accuracy": 1 - math.exp(-step / 20)}
    text = f"Step {step}/{total}: training loss={loss:.2f}"
    if step % valid_every == 0:
        metrics["valid_loss"] = 3.0 * math.exp(-step / 16) + 0.25 + 0.004 * max(step - 40, 0)
        metrics["valid_mean_token_accuracy"] = 1 - math.exp(-step / 24)
        text += f", validation loss={metrics['valid_loss']:.2f}"
    if step % (total // 3) == 0:
        metrics["full_valid_loss"] = full_loss(step)
        metrics["full_valid_mean_token_accuracy"] = 0.95 * (1 - math.exp(-step / 24))
        text += f", full validation loss={full_loss(step):.2f}"
    return JobEvent(f"{job.id}-s{step}", START + step // 2, "info", text, "metrics", step, total, metrics)


def full_loss(step: int) -> float:
    """The full validation loss: best at the second of three epochs."""
    return 3.0 * math.exp(-step / 16) + 0.25 + 0.006 * max(step - 40, 0)


def make_checkpoints(job: Job, *steps: int) -> list[Checkpoint]:
    """Checkpoints of a job."""
    return [
        Checkpoint(
            f"ftckpt-{step}",
            job.id,
            f"ft:fttui-nano:me:smart-home:{job.id[-4:]}:ckpt-step-{step}",
            step,
            START + step // 2,
            {"step": step, "full_valid_loss": full_loss(step), "full_valid_mean_token_accuracy": 0.8 + step / 500},
        )
        for step in steps
    ]


def put_job(provider: FakeProvider, job: Job, steps: int = 0, *kept: int) -> Job:
    """Let the provider have a job, its log up to a step, and its checkpoints."""
    provider.jobs.insert(0, job)
    provider.events[job.id] = make_log(job, steps)
    provider.kept[job.id] = make_checkpoints(job, *kept)
    return job
