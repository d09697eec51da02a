"""The first rows of a training file, for what a grader's templates may name."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

ROWS = 200
LONGEST_ROW = 4 * 1024 * 1024


def first_rows(path: Path, count: int = ROWS) -> Sequence[Mapping[str, object]]:
    """Up to so many rows that are JSON objects, from the beginning of a file; none where it cannot be read.

    What is wrong with the file is the report's to say.
    """
    rows: list[Mapping[str, object]] = []
    try:
        with path.open("rb") as file:
            for _ in range(count):
                line = file.readline(LONGEST_ROW)
                if not line:
                    break
                row = _row(line)
                if row is not None:
                    rows.append(row)
    except OSError:
        return ()
    return rows


def _row(line: bytes) -> Mapping[str, object] | None:
    try:
        value = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
