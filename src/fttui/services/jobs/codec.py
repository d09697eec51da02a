"""Jobs, events, checkpoints and launches as JSON text for the journal, and back."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from typing import TypeVar

from fttui.domain.errors import JournalError
from fttui.domain.jobs.job import Checkpoint, Job, JobEvent, JobFailure, Method
from fttui.domain.jobs.ledger import Estimate
from fttui.domain.jobs.spec import JobSpec, Wandb

Value = TypeVar("Value")


def encode(value: Job | JobEvent | Checkpoint | JobSpec | Estimate) -> str:
    """A value as JSON; fields at their defaults are left out."""
    members = {
        field.name: _plain(getattr(value, field.name))
        for field in dataclasses.fields(value)
        if not _is_default(field, getattr(value, field.name))
    }
    return json.dumps(members, ensure_ascii=False, separators=(",", ":"))


def _is_default(field: dataclasses.Field[object], value: object) -> bool:
    if field.default_factory is not dataclasses.MISSING:
        return value == field.default_factory()
    return field.default is not dataclasses.MISSING and value == field.default


def _plain(value: object) -> object:
    if isinstance(value, JobFailure):
        return {"code": value.code, "message": value.message, "param": value.param}
    if isinstance(value, Wandb):
        return dataclasses.asdict(value)
    return dict(value) if isinstance(value, Mapping) else value


def job(text: str) -> Job:
    """A job from its JSON."""

    def make(members: dict[str, object]) -> Job:
        failure = members.pop("failure", None)
        results = members.pop("result_files", ())
        return Job(
            **members,  # type: ignore[arg-type]  # our own writing, checked by what reads it
            failure=JobFailure(**failure) if isinstance(failure, dict) else None,
            result_files=tuple(results) if isinstance(results, list) else (),
        )

    return _decode(text, make)


def event(text: str) -> JobEvent:
    """An event from its JSON."""
    return _decode(text, lambda members: JobEvent(**members))  # type: ignore[arg-type]  # our own writing


def checkpoint(text: str) -> Checkpoint:
    """A checkpoint from its JSON."""
    return _decode(text, lambda members: Checkpoint(**members))  # type: ignore[arg-type]  # our own writing


def spec(text: str) -> JobSpec:
    """A launch request from its JSON."""

    def make(members: dict[str, object]) -> JobSpec:
        method = Method(str(members.pop("method", Method.SUPERVISED)))
        wandb = members.pop("wandb", None)
        if isinstance(wandb, dict):
            members["wandb"] = Wandb(**{**wandb, "tags": tuple(wandb.get("tags", ()))})
        return JobSpec(**members, method=method)  # type: ignore[arg-type]  # our own writing

    return _decode(text, make)


def estimate(text: str) -> Estimate:
    """What a launch was expected to cost, from its JSON."""
    return _decode(text, lambda members: Estimate(**members))  # type: ignore[arg-type]  # our own writing


def _decode(text: str, make: Callable[[dict[str, object]], Value]) -> Value:
    try:
        members = json.loads(text)
        return make(members)
    except (ValueError, TypeError, RecursionError) as error:
        raise JournalError("An entry of the journal cannot be read", hint="It may come from a newer fttui.") from error
