"""The body of a request to create a job."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from fttui.domain.jobs.spec import AUTO, JobSpec

if TYPE_CHECKING:
    from openai.types.fine_tuning.job_create_params import JobCreateParams


def create_body(spec: JobSpec) -> JobCreateParams:
    """What is sent for a specification: hyperparameters stand in the method, and what is auto or absent is left out."""
    chosen = {name: value for name, value in spec.hyperparameters.items() if value != AUTO}
    body: dict[str, object] = {
        "model": spec.model,
        "training_file": spec.training_file,
        "method": {"type": spec.method.value, spec.method.value: {"hyperparameters": chosen} if chosen else {}},
    }
    optional: dict[str, object] = {
        "validation_file": spec.validation_file,
        "suffix": spec.suffix,
        "seed": spec.seed,
        "metadata": dict(spec.metadata) or None,
    }
    body |= {name: value for name, value in optional.items() if value is not None}
    return cast("JobCreateParams", body)
