"""A journal with jobs that were launched here, there, and on this computer."""

from __future__ import annotations

from dataclasses import replace

from fakes import NOON
from fttui.domain.jobs.job import Job
from fttui.domain.jobs.ledger import Estimate
from fttui.domain.jobs.operation import Operation, OperationState
from fttui.domain.jobs.spec import JobSpec
from fttui.services.jobs.journal import Journal

MODEL = "gpt-4.1-mini-2025-04-14"
ESTIMATE = Estimate(3, False, 40_000, True, "o200k_base", 0.60, 0.66, 5.0, "USD", "2026-11-20")
DONE = Job(
    "ftjob-more",
    MODEL,
    "succeeded",
    int(NOON) - 90_000,
    "file-1",
    fine_tuned_model=f"ft:{MODEL}:me:lamps:1",
    trained_tokens=162_000,
    hyperparameters={"n_epochs": 4},
)


def launch(journal: Journal, profile: str, job: Job, estimate: Estimate | None) -> None:
    """Write a launch and its job down."""
    spec = JobSpec(job.model, job.training_file)
    operation = Operation(f"op-{job.id}", profile, OperationState.INTENT, spec, job.created_at)
    journal.begin(operation, estimate)
    journal.settle(operation.id, OperationState.CREATED, job=job, seen_at=float(job.created_at))


def write_costs(journal: Journal) -> None:
    """A job that cost more than expected, one that runs, one started elsewhere, a failed one, and a free one."""
    launch(journal, "openai", DONE, ESTIMATE)
    running = replace(DONE, id="ftjob-runs", status="running", created_at=int(NOON) - 600, fine_tuned_model=None)
    launch(journal, "openai", replace(running, trained_tokens=None, suffix="lamps"), ESTIMATE)
    failed = replace(DONE, id="ftjob-fails", status="failed", created_at=int(NOON) - 400_000, fine_tuned_model=None)
    launch(journal, "openai", replace(failed, trained_tokens=0), ESTIMATE)
    elsewhere = replace(DONE, id="ftjob-there", created_at=int(NOON) - 40 * 86_400, hyperparameters={})
    journal.adopt("openai", [elsewhere], seen_at=NOON)
    local = replace(DONE, id="ftjob-here", model="local-nano", fine_tuned_model="ft:local-nano:local::1")
    launch(journal, "local", local, replace(ESTIMATE, free=True, low=0.0, high=0.0, price=None))
