"""Asks a provider about graders: whether it takes one, and what one says of a sample answer."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, cast

from fttui.domain.jobs.grader_run import GraderRun
from fttui.domain.text import safe_line
from fttui.services.openai_api import mapping
from fttui.services.openai_api.connection import Connection

if TYPE_CHECKING:
    from openai.types.fine_tuning.alpha.grader_run_params import Grader as RunGrader
    from openai.types.fine_tuning.alpha.grader_validate_params import Grader

RUN_SECONDS = 150.0
"""A Python grader may take two minutes (Microsoft's page on graders, 2026-10)."""


async def validate_grader(connection: Connection, grader: Mapping[str, object]) -> None:
    """Have the provider look at a grader; a refusal says what is wrong with it."""
    body = cast("Grader", dict(grader))
    await connection.ask(lambda sdk: sdk.fine_tuning.alpha.graders.with_streaming_response.validate(grader=body))


async def run_grader(
    connection: Connection, grader: Mapping[str, object], *, sample: str, item: Mapping[str, object]
) -> GraderRun:
    """Have the provider grade an answer to a row; it may cost the tokens of a grading model."""
    body = cast("RunGrader", dict(grader))
    raw = await connection.ask(
        lambda sdk: sdk.fine_tuning.alpha.graders.with_streaming_response.run(
            grader=body, model_sample=sample, item=dict(item)
        ),
        seconds=RUN_SECONDS,
    )
    return grader_run(raw)


def grader_run(raw: object) -> GraderRun:
    """What a grader said, out of the answer."""
    source = mapping.obj(raw, "grader's verdict")
    about = source.get("metadata")
    metadata: Mapping[str, object] = about if isinstance(about, dict) else {}
    inner, errors = source.get("sub_rewards"), metadata.get("errors")
    rewards = {safe_line(name, 60): _number(value) for name, value in inner.items()} if isinstance(inner, dict) else {}
    return GraderRun(
        reward=_number(source.get("reward")),
        parts={name: value for name, value in rewards.items() if value is not None},
        errors=tuple(_errors(errors)) if isinstance(errors, dict) else (),
        seconds=_number(metadata.get("execution_time")),
        tokens=_tokens(metadata.get("token_usage")),
    )


def _errors(errors: Mapping[str, object]) -> Iterator[str]:
    """What went wrong in words, each with what more is told of it."""
    for name, there in errors.items():
        if there is not True:
            continue
        more = errors.get(f"{name}_details") or errors.get(f"{name}_type")
        words = safe_line(name, 60).replace("_", " ")
        yield f"{words}: {safe_line(more, 160)}" if isinstance(more, str) else words


def _tokens(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _number(value: object) -> float | None:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return None
    return float(value) if math.isfinite(value) else None
