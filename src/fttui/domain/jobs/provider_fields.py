"""The hyperparameters that providers other than OpenAI take."""

from __future__ import annotations

import math
from dataclasses import replace

from fttui.domain.jobs.job import Method
from fttui.domain.jobs.spec import HYPERPARAMETERS, ChoiceField, HyperparameterField, NumberField

YES, NO = "yes", "no"

_SUPERVISED = frozenset({Method.SUPERVISED})


def _number(
    name: str, label: str, help: str, low: float, high: float, *, whole: bool = False, above: bool = False
) -> NumberField:
    return NumberField(name, label, help, whole, low, high, above_minimum=above, methods=_SUPERVISED)


def _flag(name: str, label: str, help: str) -> ChoiceField:
    return ChoiceField(name, label, help, (YES, NO), methods=_SUPERVISED)


# Nebius Token Factory, "Create a fine-tuning job", 2026-11-20: names and defaults. It publishes no ranges, so these are
# what the numbers can mean at all; the defaults stand in the help.
NEBIUS_FIELDS: tuple[HyperparameterField, ...] = (
    _number("n_epochs", "Epochs", "How often the whole file is gone through; 3 if auto.", 1, math.inf, whole=True),
    _number("batch_size", "Batch size", "Examples per training step; 8 if auto.", 1, math.inf, whole=True),
    _number("learning_rate", "Learning rate", "The rate itself, no multiple; 0.00001 if auto.", 0, 1, above=True),
    _number("warmup_ratio", "Warm-up", "Share of the steps in which the rate grows; 0 if auto.", 0, 1),
    _number("weight_decay", "Weight decay", "How strongly weights are pulled to zero; 0 if auto.", 0, 1),
    _number("max_grad_norm", "Gradient limit", "Longest gradient of a step; 1 if auto.", 0, math.inf, above=True),
    _number("context_length", "Context", "Tokens of the longest example; 8192 if auto.", 1, math.inf, whole=True),
    _flag("packing", "Packing", "Put short examples together; yes if auto."),
    _flag("lora", "LoRA", "Train a small addition instead of all weights; no if auto."),
    _number("lora_r", "LoRA rank", "Size of the addition; 8 if auto.", 1, math.inf, whole=True),
    _number("lora_alpha", "LoRA alpha", "Weight of the addition; 8 if auto.", 1, math.inf, whole=True),
    _number("lora_dropout", "LoRA dropout", "Share of the addition left out at random; 0 if auto.", 0, 1),
)

# Microsoft's fine-tuning pages, 2026-10: OpenAI's fields, with a range of their own recommended for the rate.
AZURE_FIELDS: tuple[HyperparameterField, ...] = tuple(
    replace(field, help="Scales the model's usual learning rate; 0.02 to 0.2 is recommended here.")
    if field.name == "learning_rate_multiplier"
    else field
    for field in HYPERPARAMETERS
)

# Microsoft's older api-versions have one field more for supervised training.
AZURE_OLDER_FIELDS: tuple[HyperparameterField, ...] = (
    *AZURE_FIELDS,
    _number("prompt_loss_weight", "Prompt weight", "How much is learnt from the prompt as well.", 0, math.inf),
)

# What the embedded engine reads; it trains in no other way.
ENGINE_FIELDS: tuple[HyperparameterField, ...] = tuple(
    replace(field, methods=_SUPERVISED)
    for field in HYPERPARAMETERS
    if field.name in ("n_epochs", "batch_size", "learning_rate_multiplier")
)

_EVERY = (*HYPERPARAMETERS, *NEBIUS_FIELDS, *AZURE_OLDER_FIELDS)

_BY_NAME = {field.name: field for field in reversed(_EVERY)}

EVERY_FIELD: tuple[HyperparameterField, ...] = tuple(_BY_NAME[name] for name in dict.fromkeys(f.name for f in _EVERY))
"""One field for each name that any provider knows, OpenAI's first."""
