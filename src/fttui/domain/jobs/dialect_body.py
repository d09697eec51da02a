"""How the body of a create request differs from provider to provider."""

from __future__ import annotations

from fttui.domain.jobs.job import Method
from fttui.domain.jobs.provider_fields import NEBIUS_FIELDS, NO, YES
from fttui.domain.jobs.request_body import create_body
from fttui.domain.jobs.spec import AUTO, ChoiceField, JobSpec
from fttui.domain.profiles.profile import Dialect, Profile

_FLAGS = frozenset(field.name for field in NEBIUS_FIELDS if isinstance(field, ChoiceField))
_SAID = {YES: True, NO: False}

EXTRA = frozenset({"trainingType"})
"""Members that the protocol does not know, and one provider takes."""


def create_body_for(spec: JobSpec, profile: Profile) -> dict[str, object]:
    """What is sent to one provider to create a job.

    Sources: Microsoft's fine-tuning pages, 2026-10 (`trainingType`; api-versions with hyperparameters by themselves);
    Nebius, "Create a fine-tuning job", 2026-11-20 (no metadata).

    Args:
        spec: the job.
        profile: the provider.
    """
    body = create_body(spec)
    chosen = _chosen(spec)
    settings: dict[str, object] = {"hyperparameters": chosen} if chosen else {}
    if profile.dialect is Dialect.AZURE:
        if profile.api_version and spec.method is Method.SUPERVISED:
            del body["method"]
            body |= settings
        if profile.training_tier:
            body["trainingType"] = profile.training_tier
    elif profile.dialect is Dialect.NEBIUS:
        # A job whose reply was lost is known by its files there.
        body.pop("metadata", None)
        body["method"] = {"type": spec.method.value, spec.method.value: settings}
    return body


def _chosen(spec: JobSpec) -> dict[str, object]:
    """Hyperparameters as they are sent, yes and no as what they mean."""
    return {
        name: _SAID.get(str(value), value) if name in _FLAGS else value
        for name, value in spec.hyperparameters.items()
        if value != AUTO
    }
