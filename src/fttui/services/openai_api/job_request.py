"""The body of a request to create a job."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from fttui.domain.jobs import request_body
from fttui.domain.jobs.spec import JobSpec

if TYPE_CHECKING:
    from openai.types.fine_tuning.job_create_params import JobCreateParams


def create_body(spec: JobSpec) -> JobCreateParams:
    """What is sent for a specification, under the SDK's name for it."""
    return cast("JobCreateParams", request_body.create_body(spec))
