"""What a job can be asked to do: every field with its kind, range and help, and the filled-in request."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from fttui.domain.jobs.grader import grader_problems
from fttui.domain.jobs.job import Method

AUTO = "auto"

Value = str | int | float


def _plain(number: float) -> str:
    """A number without an exponent."""
    return f"{number:.10f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class NumberField:
    """A hyperparameter that is a number, or `auto` for the provider's choice.

    The range includes `maximum`; it includes `minimum` unless `above_minimum` is set.
    """

    name: str
    label: str
    help: str
    whole: bool
    minimum: float
    maximum: float
    above_minimum: bool = False
    methods: frozenset[Method] = frozenset(Method)

    @property
    def range_text(self) -> str:
        """The range in words."""
        low = f"above {_plain(self.minimum)}" if self.above_minimum else _plain(self.minimum)
        if math.isinf(self.maximum):
            return low if self.above_minimum else f"{low} or more"
        return f"{low} to {_plain(self.maximum)}"

    def parse(self, text: str) -> Value:
        """Read what was typed.

        Raises:
            ValueError: with a sentence that says what is wrong.
        """
        text = text.strip()
        if text in ("", AUTO):
            return AUTO
        kind = "a whole number" if self.whole else "a number"
        try:
            value: int | float = int(text) if self.whole else float(text)
        except ValueError:
            raise ValueError(f"{self.label} must be auto or {kind}") from None
        too_low = value <= self.minimum if self.above_minimum else value < self.minimum
        if too_low or value > self.maximum or not math.isfinite(value):
            raise ValueError(f"{self.label} must be auto or {kind}, {self.range_text}")
        return value


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """A hyperparameter that is one of a few words."""

    name: str
    label: str
    help: str
    choices: tuple[str, ...]
    methods: frozenset[Method] = frozenset(Method)


HyperparameterField = NumberField | ChoiceField

_RFT = frozenset({Method.REINFORCEMENT})

# Ranges: OpenAI's OpenAPI document, revision of 2026-08-21, schemas FineTune*Hyperparameters.
HYPERPARAMETERS: tuple[HyperparameterField, ...] = (
    NumberField("n_epochs", "Epochs", "How often the whole file is gone through.", True, 1, 50),
    NumberField("batch_size", "Batch size", "Examples per training step.", True, 1, 256),
    NumberField(
        "learning_rate_multiplier",
        "Learning rate ×",
        "Scales the model's usual learning rate.",
        False,
        0,
        math.inf,
        above_minimum=True,
    ),
    NumberField(
        "beta",
        "Beta",
        "How closely the tuned model keeps to its base.",
        False,
        0,
        2,
        above_minimum=True,
        methods=frozenset({Method.PREFERENCE}),
    ),
    ChoiceField(
        "reasoning_effort",
        "Reasoning effort",
        "How much the model thinks while it is trained.",
        ("default", "low", "medium", "high"),
        methods=_RFT,
    ),
    NumberField(
        "compute_multiplier",
        "Compute ×",
        "How much is explored for each example.",
        False,
        0.00001,
        10,
        above_minimum=True,
        methods=_RFT,
    ),
    NumberField("eval_interval", "Evaluate every", "Steps between two validations.", True, 1, math.inf, methods=_RFT),
    NumberField(
        "eval_samples",
        "Samples each",
        "Answers drawn for each validation example.",
        True,
        1,
        math.inf,
        methods=_RFT,
    ),
)

SUFFIX_LIMIT = 64
SEED_LIMIT = 2**31 - 1
METADATA_PAIRS, METADATA_KEY, METADATA_VALUE = 16, 64, 512


WANDB_TAGS = 50
"""More tags than this are a mistake; the service itself publishes no limit."""


def fields_for(
    method: Method, fields: tuple[HyperparameterField, ...] = HYPERPARAMETERS
) -> tuple[HyperparameterField, ...]:
    """The hyperparameters a method knows, out of those a provider takes."""
    return tuple(field for field in fields if method in field.methods)


@dataclass(frozen=True, slots=True)
class Wandb:
    """Where Weights & Biases shall show a run; its key is kept at the provider and is never sent with a job."""

    project: str
    name: str | None = None
    entity: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JobSpec:
    """A job ready to be asked for. The files are ids at the provider; hyperparameters left out are `auto`."""

    model: str
    training_file: str
    validation_file: str | None = None
    method: Method = Method.SUPERVISED
    hyperparameters: Mapping[str, Value] = field(default_factory=dict)
    suffix: str | None = None
    seed: int | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    grader: Mapping[str, object] | None = None
    """How answers are graded, as the protocol writes it; for reinforcement alone."""
    response_format: Mapping[str, object] | None = None
    """The shape answers are to have while they are trained on; for reinforcement alone."""
    wandb: Wandb | None = None


def problems(spec: JobSpec, fields: tuple[HyperparameterField, ...] | None = None) -> tuple[tuple[str, str], ...]:
    """What is wrong with a request, as (field name, sentence) pairs; empty when it may be sent.

    Args:
        spec: the request.
        fields: the hyperparameters the provider takes; those of the published specification if left out.
    """
    found: list[tuple[str, str]] = []
    if not spec.model:
        found.append(("model", "Choose a base model"))
    if not spec.training_file:
        found.append(("training_file", "Choose a training file"))
    if spec.suffix is not None and not 1 <= len(spec.suffix) <= SUFFIX_LIMIT:
        found.append(("suffix", f"The suffix has 1 to {SUFFIX_LIMIT} characters"))
    if spec.seed is not None and not 0 <= spec.seed <= SEED_LIMIT:
        found.append(("seed", f"The seed is a whole number from 0 to {SEED_LIMIT}"))
    known = {entry.name: entry for entry in fields_for(spec.method, fields or HYPERPARAMETERS)}
    for name, value in spec.hyperparameters.items():
        if name not in known:
            found.append((name, f"{spec.method.value} training has no {name}"))
            continue
        entry = known[name]
        if isinstance(entry, ChoiceField):
            if value not in entry.choices:
                found.append((name, f"{entry.label} is one of {', '.join(entry.choices)}"))
            continue
        try:
            entry.parse(str(value))
        except ValueError as error:
            found.append((name, str(error)))
    return (*found, *_metadata_problems(spec.metadata), *_reinforcement_problems(spec), *_wandb_problems(spec.wandb))


def _reinforcement_problems(spec: JobSpec) -> tuple[tuple[str, str], ...]:
    if spec.method is not Method.REINFORCEMENT:
        named = (("grader", spec.grader), ("response_format", spec.response_format))
        return tuple((name, f"Only reinforcement training has a {name}") for name, value in named if value)
    found: list[tuple[str, str]] = []
    if not spec.validation_file:
        found.append(("validation_file", "Reinforcement needs a validation file"))
    if spec.grader is None:
        found.append(("grader", "Say how answers are graded"))
    else:
        wrong = grader_problems(spec.grader)
        if wrong:
            found.append(("grader", wrong[0].words))
    return tuple(found)


def _wandb_problems(wandb: Wandb | None) -> tuple[tuple[str, str], ...]:
    if wandb is None:
        return ()
    if not wandb.project.strip():
        return (("wandb", "Weights & Biases needs a project"),)
    return (("wandb", f"At most {WANDB_TAGS} tags"),) if len(wandb.tags) > WANDB_TAGS else ()


def _metadata_problems(metadata: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    if len(metadata) > METADATA_PAIRS:
        return (("metadata", f"At most {METADATA_PAIRS} pairs of metadata"),)
    too_long = [key for key, value in metadata.items() if len(key) > METADATA_KEY or len(value) > METADATA_VALUE]
    if too_long:
        sentence = f"Metadata keys have up to {METADATA_KEY} characters, values up to {METADATA_VALUE}"
        return (("metadata", sentence),)
    return ()
