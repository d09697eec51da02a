"""A launch form as it was typed, and what stands in it: a job specification, or what is wrong beside each field."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from fttui.domain.jobs.grader import grader_problems
from fttui.domain.jobs.job import Method
from fttui.domain.jobs.spec import (
    AUTO,
    HYPERPARAMETERS,
    METADATA_PAIRS,
    HyperparameterField,
    JobSpec,
    NumberField,
    Value,
    Wandb,
    fields_for,
    problems,
)
from fttui.domain.remote import RemoteFile

DataSource = PurePath | RemoteFile
"""Where rows come from: a file of this computer, or one the provider already has."""

TAG_PAIRS = 1
"""Pairs of metadata a launch needs itself, to find its job again."""


def source_name(source: DataSource | None) -> str:
    """What a source is called; empty for none."""
    match source:
        case None:
            return ""
        case RemoteFile():
            return source.name
        case PurePath():
            return source.name


def parse_metadata(text: str) -> Mapping[str, str]:
    """Read `key=value` lines; empty lines are left out.

    Raises:
        ValueError: with a sentence that names the line.
    """
    pairs: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        key, sign, value = line.partition("=")
        if not sign or not key.strip():
            raise ValueError(f"Line {number} must read key=value")
        if key.strip() in pairs:
            raise ValueError(f"Line {number} repeats the key {key.strip()}")
        pairs[key.strip()] = value.strip()
    if len(pairs) > METADATA_PAIRS - TAG_PAIRS:
        raise ValueError(f"At most {METADATA_PAIRS - TAG_PAIRS} pairs of metadata")
    return pairs


def parse_object(text: str) -> Mapping[str, object] | None:
    """Read a JSON object; None for an empty text.

    Raises:
        ValueError: with the rest of a sentence that says what is wrong.
    """
    if not text.strip():
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f" (line {error.lineno}: {error.msg})" if isinstance(error, json.JSONDecodeError) else ""
        raise ValueError(f"is not JSON{where}") from None
    if not isinstance(value, dict):
        raise ValueError("is not a JSON object")  # noqa: TRY004 - what was typed is wrong, not our call
    return value


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person has filled in so far; texts as typed, so that a wrong one can be corrected."""

    model: str = ""
    training: DataSource | None = None
    validation: DataSource | None = None
    method: Method = Method.SUPERVISED
    typed: Mapping[str, str] = field(default_factory=dict)
    """Hyperparameters by name, as typed; left out or empty means auto."""
    suffix: str = ""
    seed: str = ""
    metadata: str = ""
    grader: Mapping[str, object] | None = None
    response_format: str = ""
    """JSON as typed; for reinforcement."""
    wandb: Wandb | None = None
    fields: tuple[HyperparameterField, ...] = HYPERPARAMETERS
    """The hyperparameters that the chosen provider takes, with its ranges."""

    def type_in(self, name: str, text: str) -> Draft:
        """The draft with one hyperparameter typed anew."""
        return replace(self, typed={**self.typed, name: text})

    @property
    def hyperparameters(self) -> Mapping[str, Value]:
        """The hyperparameters of the method that are readable and not auto."""
        values: dict[str, Value] = {}
        for entry in fields_for(self.method, self.fields):
            text = self.typed.get(entry.name, "").strip()
            if text in ("", AUTO):
                continue
            if isinstance(entry, NumberField):
                try:
                    values[entry.name] = entry.parse(text)
                except ValueError:
                    continue
            else:
                values[entry.name] = text
        return values

    def problems(self, item_fields: Set[str] | None = None) -> tuple[tuple[str, str], ...]:
        """What is wrong, as (field name, sentence) pairs; empty when it can be launched.

        Args:
            item_fields: the fields of the training rows, for the templates of a grader; None where not known.
        """
        found: list[tuple[str, str]] = []
        for entry in fields_for(self.method, self.fields):
            if not isinstance(entry, NumberField):
                continue
            try:
                entry.parse(self.typed.get(entry.name, ""))
            except ValueError as error:
                found.append((entry.name, str(error)))
        if self.seed.strip() and not self.seed.strip().isdecimal():
            found.append(("seed", "The seed is a whole number"))
        try:
            parse_metadata(self.metadata)
        except ValueError as error:
            found.append(("metadata", str(error)))
        if self.method is Method.REINFORCEMENT:
            found += self._reinforcement_problems(item_fields)
        named = {name for name, _ in found}
        others = problems(self.spec(), self.fields)
        return (*found, *((name, sentence) for name, sentence in others if name not in named))

    def _reinforcement_problems(self, item_fields: Set[str] | None) -> Iterator[tuple[str, str]]:
        try:
            parse_object(self.response_format)
        except ValueError as error:
            yield "response_format", f"The answer format {error}"
        wrong = grader_problems(self.grader, item_fields) if self.grader is not None else ()
        if wrong:
            yield "grader", wrong[0].words

    def spec(self) -> JobSpec:
        """The request this draft asks for; files of this computer stand in it by path until they are uploaded.

        Fields that are not readable are left out: ask `problems` first.
        """
        seed = self.seed.strip()
        return JobSpec(
            model=self.model,
            training_file=_reference(self.training) or "",
            validation_file=_reference(self.validation),
            method=self.method,
            hyperparameters=self.hyperparameters,
            suffix=self.suffix.strip() or None,
            seed=int(seed) if seed.isdecimal() else None,
            metadata=self._readable_metadata(),
            grader=self.grader if self.method is Method.REINFORCEMENT else None,
            response_format=self._readable_format() if self.method is Method.REINFORCEMENT else None,
            wandb=self.wandb,
        )

    def _readable_format(self) -> Mapping[str, object] | None:
        try:
            return parse_object(self.response_format)
        except ValueError:
            return None

    def _readable_metadata(self) -> Mapping[str, str]:
        try:
            return parse_metadata(self.metadata)
        except ValueError:
            return {}


def _reference(source: DataSource | None) -> str | None:
    match source:
        case None:
            return None
        case RemoteFile():
            return source.id
        case PurePath():
            return str(source)
