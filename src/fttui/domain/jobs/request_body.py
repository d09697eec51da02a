"""The body of a request to create a job, as the protocol writes it."""

from __future__ import annotations

from collections.abc import Mapping

from fttui.domain.jobs.job import Method
from fttui.domain.jobs.spec import AUTO, JobSpec, Wandb


def create_body(spec: JobSpec) -> dict[str, object]:
    """What is sent for a specification: hyperparameters stand in the method, and what is auto or absent is left out.

    Source: OpenAI's OpenAPI document, revision of 2026-08-21, schema CreateFineTuningJobRequest.
    """
    body: dict[str, object] = {
        "model": spec.model,
        "training_file": spec.training_file,
        "method": {"type": spec.method.value, spec.method.value: _settings(spec)},
    }
    optional: Mapping[str, object] = {
        "validation_file": spec.validation_file,
        "suffix": spec.suffix,
        "seed": spec.seed,
        "metadata": dict(spec.metadata) or None,
        "integrations": [{"type": "wandb", "wandb": _wandb(spec.wandb)}] if spec.wandb is not None else None,
    }
    return body | {name: value for name, value in optional.items() if value is not None}


def _settings(spec: JobSpec) -> dict[str, object]:
    chosen = {name: value for name, value in spec.hyperparameters.items() if value != AUTO}
    settings: dict[str, object] = {"hyperparameters": chosen} if chosen else {}
    if spec.method is Method.REINFORCEMENT:
        given = {"grader": spec.grader, "response_format": spec.response_format}
        settings |= {name: value for name, value in given.items() if value is not None}
    return settings


def _wandb(wandb: Wandb) -> dict[str, object]:
    given = {"project": wandb.project, "name": wandb.name, "entity": wandb.entity, "tags": list(wandb.tags)}
    return {name: value for name, value in given.items() if value}
