"""The result file: what every step measured, as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from fttui.engine.json_values import JsonObject

# Column by column, and the name of each number in the events. `train_accuracy` is the protocol's own odd name.
_COLUMNS = {
    "step": "step",
    "train_loss": "train_loss",
    "train_accuracy": "train_mean_token_accuracy",
    "valid_loss": "valid_loss",
    "valid_mean_token_accuracy": "valid_mean_token_accuracy",
    "full_valid_loss": "full_valid_loss",
    "full_valid_mean_token_accuracy": "full_valid_mean_token_accuracy",
}


def step_metrics_csv(steps: Sequence[JsonObject]) -> bytes:
    """Write one line for each step; what was not evaluated stays blank."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(_COLUMNS)
    for step in steps:
        table.writerow([step.get(name, "") for name in _COLUMNS.values()])
    return text.getvalue().encode()
