"""A survey as JSON, for the way from a process to the program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from fttui.domain.dataset.record import DataFormat
from fttui.domain.jobs.token_survey import InstructionCount, RowKind, TokenSurvey


def survey_value(survey: TokenSurvey) -> dict[str, object]:
    """The survey as plain values."""
    return {
        "encodings": survey.encodings,
        "models": survey.models,
        "format": survey.format,
        "examples": survey.examples,
        "usable": survey.usable,
        "answered": survey.answered,
        "kinds": [[kind.texts, kind.images, kind.system, kind.tools, seen] for kind, seen in survey.kinds.items()],
        "prompts": survey.prompts,
        "answers": survey.answers,
        "estimated": survey.estimated,
        "systems": _counts_value(survey.systems),
        "tools": _counts_value(survey.tools),
    }


def _counts_value(counts: Mapping[str, InstructionCount]) -> dict[str, object]:
    return {key: [count.words, count.rows, count.tokens] for key, count in counts.items()}


def read_survey(value: dict[str, object]) -> TokenSurvey:
    """The survey that one of our own processes wrote down."""
    return _read(**value)  # type: ignore[arg-type]  # the keys are those of above


def _read(
    encodings: list[str],
    models: list[str],
    format: str | None,
    examples: int,
    usable: int,
    answered: int,
    kinds: list[tuple[list[int], list[int], str, str, int]],
    prompts: list[int],
    answers: list[int],
    estimated: list[int],
    systems: dict[str, tuple[str, int, dict[str, int]]],
    tools: dict[str, tuple[str, int, dict[str, int]]],
) -> TokenSurvey:
    return TokenSurvey(
        encodings=tuple(encodings),
        models=tuple(models),
        format=DataFormat(format) if format is not None else None,
        examples=examples,
        usable=usable,
        answered=answered,
        kinds=Counter(
            {RowKind(tuple(texts), tuple(images), own, tool): seen for texts, images, own, tool, seen in kinds}
        ),
        prompts=prompts,
        answers=answers,
        estimated=estimated,
        systems={key: InstructionCount(*count) for key, count in systems.items()},
        tools={key: InstructionCount(*count) for key, count in tools.items()},
    )
