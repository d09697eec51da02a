"""The question of an estimate, as a command line."""

from __future__ import annotations

import shlex
from pathlib import Path

from fttui.services.jobs.estimating import Wanted


def command_line(path: Path, wanted: Wanted, profile: str, *, everyone: bool) -> str:
    """What asks the same of ``fttui estimate``."""
    traffic = wanted.traffic
    options = (
        ("--profile", profile),
        ("--model", wanted.model or None),
        ("--epochs", wanted.epochs),
        ("--batch-size", wanted.batch_size),
        ("--requests-per-month", traffic.requests),
        ("--prompt-tokens", traffic.prompt),
        ("--answer-tokens", traffic.answer),
    )
    parts = ["fttui", "estimate", str(path)]
    for name, value in options:
        if value is not None:
            parts += [name, f"{value:g}" if isinstance(value, float) else str(value)]
    return shlex.join([*parts, *(["--all-profiles"] if everyone else [])])
