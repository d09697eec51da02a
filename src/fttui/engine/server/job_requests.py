"""What a request to create a job may say; the bounds are those of the published specification (2026-08-21)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from fttui.engine.server.bodies import Body
from fttui.engine.server.failures import ApiError
from fttui.engine.store.jobs import Hyperparameters

MAX_SEED = 2**31 - 1
MAX_EPOCHS = 50
MAX_BATCH = 256
MAX_SUFFIX = 64
MAX_METADATA = (16, 64, 512)

_SUPERVISED = "supervised"
_LATER_METHODS = ("dpo", "reinforcement")
_HYPERPARAMETERS = ("n_epochs", "batch_size", "learning_rate_multiplier")


@dataclass(frozen=True, slots=True)
class JobRequest:
    """A request that keeps the rules; whether its files and its model exist is another question."""

    model: str
    training_file: str
    validation_file: str | None
    suffix: str | None
    seed: int
    metadata: dict[str, str]
    hyperparameters: Hyperparameters


def parse_job_request(body: Body) -> JobRequest:
    """Read a request to create a job.

    Raises:
        ApiError: it breaks a rule, or asks for something this engine does not do.
    """
    body.only(
        {
            "model",
            "training_file",
            "validation_file",
            "suffix",
            "seed",
            "metadata",
            "hyperparameters",
            "method",
            "integrations",
        }
    )
    if body.get("integrations"):
        raise ApiError("Integrations are not available on this engine.", param="integrations")
    seed = body.integer("seed", 0, MAX_SEED)
    return JobRequest(
        model=body.needed_text("model"),
        training_file=body.needed_text("training_file"),
        validation_file=body.text("validation_file", shortest=1),
        suffix=body.text("suffix", shortest=1, longest=MAX_SUFFIX),
        seed=secrets.randbelow(MAX_SEED) if seed is None else seed,
        metadata=_metadata(body),
        hyperparameters=_hyperparameters(body),
    )


def _hyperparameters(body: Body) -> Hyperparameters:
    """Read the settings from `method`, or from where they stood in older versions of the protocol."""
    legacy, method = body.child("hyperparameters"), body.child("method")
    if method is None:
        return Hyperparameters() if legacy is None else _numbers(legacy)
    if legacy is not None:
        raise ApiError("Only one of 'method' and 'hyperparameters' can be given.", param="hyperparameters")
    kind = method.needed_text("type")
    if kind in _LATER_METHODS:
        message = f"The method '{kind}' is not available on this engine yet."
        raise ApiError(message, param="method.type", code="method_not_available")
    if kind != _SUPERVISED:
        raise method.invalid("type", f"'{kind}' is not one of 'supervised', 'dpo' and 'reinforcement'.")
    method.only({"type", kind})
    settings = method.child(kind)
    if settings is None:
        return Hyperparameters()
    settings.only({"hyperparameters"})
    numbers = settings.child("hyperparameters")
    return Hyperparameters() if numbers is None else _numbers(numbers)


def _numbers(settings: Body) -> Hyperparameters:
    settings.only(_HYPERPARAMETERS)
    automatic = {key for key in _HYPERPARAMETERS if settings.get(key) == "auto"}
    return Hyperparameters(
        n_epochs=None if "n_epochs" in automatic else settings.integer("n_epochs", 1, MAX_EPOCHS),
        batch_size=None if "batch_size" in automatic else settings.integer("batch_size", 1, MAX_BATCH),
        learning_rate_multiplier=(
            None
            if "learning_rate_multiplier" in automatic
            else settings.number("learning_rate_multiplier", 0, above=True)
        ),
    )


def _metadata(body: Body) -> dict[str, str]:
    pairs, longest_key, longest_value = MAX_METADATA
    given = body.child("metadata")
    if given is None:
        return {}
    names = given.keys()
    if len(names) > pairs:
        reason = f"too many properties. Expected at most {pairs}, but got {len(names)} instead."
        raise body.invalid("metadata", reason, "object_above_max_properties")
    metadata = {}
    for name in names:
        if not 1 <= len(name) <= longest_key:
            reason = f"keys must have 1 to {longest_key} characters, but one has {len(name)}."
            raise body.invalid("metadata", reason)
        value = given.text(name, longest=longest_value)
        if value is None:
            raise given.wrong_type(name, "a string")
        metadata[name] = value
    return metadata
