"""Writes the metrics of a finished job as a file of comma-separated values."""

from __future__ import annotations

import csv
from pathlib import Path

from fttui.domain.errors import UsageError
from fttui.domain.jobs.results import ResultTable, as_csv_rows
from fttui.domain.text import safe_line


def write_results(path: Path, results: ResultTable) -> None:
    """Write results as a new file; nothing is ever overwritten. Blocks; call it off the event loop.

    Raises:
        UsageError: there is a file of that name, or it cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(as_csv_rows(results))
    except FileExistsError:
        raise UsageError(f"{safe_line(str(path))} exists already", hint="Choose another name.") from None
    except OSError as error:
        raise UsageError(f"{safe_line(str(path))}: {error.strerror or error}") from error
