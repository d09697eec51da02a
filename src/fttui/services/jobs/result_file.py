"""Writes the metrics of a finished job as a file: comma-separated values, or JSON by its ending."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TextIO

from fttui.domain.errors import UsageError
from fttui.domain.jobs.results import ResultTable, as_csv_rows, as_objects
from fttui.domain.text import safe_line


def write_results(path: Path, results: ResultTable) -> None:
    """Write results as a new file; nothing is ever overwritten. Blocks; call it off the event loop.

    Raises:
        UsageError: there is a file of that name, or it cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            _write(file, results, as_json=path.suffix.lower() == ".json")
    except FileExistsError:
        raise UsageError(f"{safe_line(str(path))} exists already", hint="Choose another name.") from None
    except OSError as error:
        raise UsageError(f"{safe_line(str(path))}: {error.strerror or error}") from error


def _write(file: TextIO, results: ResultTable, *, as_json: bool) -> None:
    if as_json:
        json.dump({"columns": results.columns, "rows": as_objects(results)}, file, ensure_ascii=False, indent=1)
        file.write("\n")
    else:
        csv.writer(file).writerows(as_csv_rows(results))
