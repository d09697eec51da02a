"""Where providers differ in what they are sent: a create request, the name a model is talked to by, a reply's limit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, cast

from fttui.domain.jobs.dialect_body import EXTRA, create_body_for
from fttui.domain.jobs.spec import JobSpec
from fttui.domain.profiles.profile import Dialect, Profile

if TYPE_CHECKING:
    from openai.types.fine_tuning.job_create_params import JobCreateParams

_OLDER_LIMIT = frozenset({Dialect.COMPATIBLE, Dialect.NEBIUS})
_USAGE_SINCE = date(2024, 9, 1)
"""Azure's api-versions from here on tell the usage of a streamed reply (Microsoft's API reference, 2026-10)."""


def create_request(spec: JobSpec, profile: Profile) -> tuple[JobCreateParams, Mapping[str, object]]:
    """What is sent to create a job: what the SDK has names for, and what this provider takes besides."""
    body = create_body_for(spec, profile)
    known = {name: value for name, value in body.items() if name not in EXTRA}
    return cast("JobCreateParams", known), {name: body[name] for name in EXTRA if name in body}


def talked_to_as(model: str, profile: Profile) -> str:
    """The name under which a model answers: at Azure that of its deployment, where it was told."""
    return profile.deployment_of(model) or model


def limits_by_older_name(profile: Profile) -> bool:
    """Whether the longest reply is asked for as ``max_tokens``, the name that servers of open models know."""
    return profile.dialect in _OLDER_LIMIT


def tells_usage(profile: Profile) -> bool:
    """Whether a streamed reply can be asked to end with its usage."""
    if profile.dialect is not Dialect.AZURE or not profile.api_version:
        return True
    return date.fromisoformat(profile.api_version[:10]) >= _USAGE_SINCE
