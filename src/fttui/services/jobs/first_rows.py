"""The first rows of a training file, for what a grader's templates may name and what the rows have in common."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from fttui.domain.errors import UnreadableFileError
from fttui.services.dataset.opener import open_regular

ROWS = 200
_LONGEST_ROW = 4 * 1024 * 1024


def first_rows(path: Path, count: int = ROWS) -> Sequence[Mapping[str, object]]:
    """The JSON objects among so many lines at the beginning of a file; none where it cannot be read.

    What is wrong with the file is the report's to say.
    """
    try:
        descriptor, _ = open_regular(path)
        with os.fdopen(descriptor, "rb") as file:
            rows = [_row(line) for _ in range(count) if (line := file.readline(_LONGEST_ROW))]
    except (OSError, UnreadableFileError):
        return ()
    return [row for row in rows if row is not None]


def _row(line: bytes) -> Mapping[str, object] | None:
    try:
        value = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
