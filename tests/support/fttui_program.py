"""Runs the program as a person would."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping

PROGRAM = (sys.executable, "-m", "fttui")


def fttui(*words: str, environ: Mapping[str, str] | None = None, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command to its end, without a terminal."""
    return subprocess.run(
        [*PROGRAM, *words],
        env={**os.environ, **(environ or {})},
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
