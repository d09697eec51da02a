"""Reports that were made before: a file that is as it was, checked in the same way, is not read again.

What is kept is a report as it is shown, with what is sensitive masked, for this user's eyes only.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, astuple, dataclass
from functools import cache
from pathlib import Path, PurePath

from fttui import __version__
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.report import Report
from fttui.domain.dataset.row_limits import RowLimits
from fttui.services.atomic import write_text
from fttui.services.dataset.plain_values import rebuilt

_VERSION = 1
_KEPT = 60
_LARGEST = 4 * 1024 * 1024
_SETTLED = 2.0
"""Seconds; a file that was touched less than this ago may change again without its times telling."""
_PACKAGE = Path(__file__).parents[2]
_RULED_BY = ("domain/dataset", "domain/jobs", "services/dataset")


@dataclass(frozen=True, slots=True)
class Question:
    """What a check is asked; two of the same have the same report as long as the files are as they were."""

    path: Path
    valid_path: Path | None
    model: str | None
    format: DataFormat | None
    whole: bool
    limits: RowLimits


@dataclass(frozen=True, slots=True)
class Standing:
    """A question about files as they are at one moment."""

    key: str
    settled: bool
    """Whether all of them have lain still for a while."""


class ReportCache:
    """Reports in a folder, one file each; what cannot be read or written counts as absent.

    Args:
        folder: where they are kept; made when needed.
        now: unix seconds.
    """

    def __init__(self, folder: Path, now: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._now = now

    def standing(self, question: Question) -> Standing | None:
        """How a question stands now; None if a file cannot be looked at."""
        files = []
        latest = 0
        for path in (question.path, question.valid_path):
            if path is None:
                continue
            try:
                found = path.stat()
            except (OSError, ValueError):
                return None
            latest = max(latest, found.st_mtime_ns, found.st_ctime_ns)
            state = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
            files.append([os.fsdecode(path.absolute()), str(path), *state])
        how = [question.model, question.format, question.whole, astuple(question.limits)]
        asked = [files, question.valid_path is not None, how]
        body = json.dumps([_VERSION, __version__, _rules(), asked])
        key = hashlib.sha256(body.encode("utf-8", "surrogateescape")).hexdigest()
        return Standing(key, latest / 1e9 + _SETTLED < self._now())

    def find(self, standing: Standing) -> Report | None:
        """The report that was kept."""
        path = self._path(standing)
        try:
            if path.stat().st_size > _LARGEST:
                return None
            value = json.loads(path.read_text(encoding="utf-8"))
            report = rebuilt(Report, value)
        except (OSError, ValueError, TypeError, RecursionError):
            return None
        with suppress(OSError):
            os.utime(path)
        return report

    def keep(self, standing: Standing, report: Report) -> None:
        """Keep a report, and let go of the one that was not asked for the longest time if there are too many."""
        text = json.dumps(asdict(report), default=_plain)
        if len(text) > _LARGEST:
            return
        # A disk that takes nothing, or a power cut, costs another check, no more.
        with suppress(OSError, ValueError):
            write_text(self._path(standing), text, durable=False)
            entries = sorted(self._folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
            for path in entries[:-_KEPT]:
                path.unlink(missing_ok=True)

    def _path(self, standing: Standing) -> Path:
        return self._folder / f"{standing.key}.json"


def _plain(value: object) -> str:
    if isinstance(value, PurePath):
        return os.fsencode(value).decode("utf-8", "replace")
    raise TypeError(f"{value!r} is not kept")


@cache
def _rules() -> str:
    """Tells one state of the program's rules, prices and counters from another."""
    seen = hashlib.sha256()
    for folder in _RULED_BY:
        for path in sorted((_PACKAGE / folder).rglob("*")):
            if path.suffix in (".py", ".toml", ".words"):
                found = path.stat()
                seen.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\0".encode("utf-8", "surrogateescape"))
    return seen.hexdigest()
