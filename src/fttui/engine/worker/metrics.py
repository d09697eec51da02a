"""What a training step measured, in the words and numbers of the protocol."""

from __future__ import annotations

from dataclasses import asdict

from fttui.engine.json_values import JsonObject
from fttui.engine.nano.training import StepMetrics


def step_message(metrics: StepMetrics) -> str:
    """Return the line a job's log shows for a step."""
    message = f"Step {metrics.step}/{metrics.total_steps}: training loss={metrics.train_loss:.2f}"
    if metrics.valid_loss is not None:
        message += f", validation loss={metrics.valid_loss:.2f}"
    if metrics.full_valid_loss is not None:
        message += f", full validation loss={metrics.full_valid_loss:.2f}"
    return message


def step_data(metrics: StepMetrics) -> JsonObject:
    """Return the numbers of a step that were measured."""
    return {name: value for name, value in asdict(metrics).items() if value is not None}


def checkpoint_metrics(data: JsonObject) -> JsonObject:
    """Return the numbers of a step that a checkpoint shows."""
    return {name: value for name, value in data.items() if name != "total_steps"}
