"""Checks of files as the screens and commands ask for them: remembered where nothing has changed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from fttui.domain.dataset.row_limits import RowLimits
from fttui.services.dataset.crew import Crews
from fttui.services.dataset.report_cache import Question, ReportCache
from fttui.services.dataset.validation import ReportProgress, validate

if TYPE_CHECKING:
    from fttui.domain.dataset.record import DataFormat
    from fttui.domain.dataset.report import Report

_FILE_CHANGED = "file-changed"


@dataclass(frozen=True, slots=True)
class Checked:
    """A report, and whether it was made before."""

    report: Report
    from_cache: bool = False


class Checks:
    """Validates files with processes that stay for the next one, and keeps reports.

    Args:
        folder: where reports are kept.
        crews: where processes come from.
    """

    def __init__(self, folder: Path, crews: Crews | None = None) -> None:
        self._cache = ReportCache(folder)
        self._crews = crews or Crews()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def check(
        self,
        path: Path,
        *,
        valid_path: Path | None = None,
        model: str | None = None,
        data_format: DataFormat | None = None,
        whole: bool = True,
        progress: ReportProgress | None = None,
        workers: int | None = None,
        anew: bool = False,
        limits: RowLimits | None = None,
    ) -> Checked:
        """Check a file, or find the report of a check before; most arguments as for `validate`.

        Args:
            anew: check even where a report is known.

        Raises:
            UnreadableFileError: a file is absent, not allowed, or not a regular file.
        """
        limits = limits or RowLimits.of(model)
        question = Question(path, valid_path, model, data_format, whole, limits)
        before = await asyncio.to_thread(self._cache.standing, question)
        if before is not None and not anew:
            known = await asyncio.to_thread(self._cache.find, before)
            if known is not None:
                return Checked(known, from_cache=True)
        report = await validate(
            path,
            valid_path=valid_path,
            model=model,
            data_format=data_format,
            progress=progress,
            workers=workers,
            whole=whole,
            crews=self._crews,
            limits=limits,
        )
        if before is not None and before.settled and not _has_changed(report):
            after = await asyncio.to_thread(self._cache.standing, question)
            if after == before:
                await asyncio.to_thread(self._cache.keep, before, report)
        return Checked(report)

    async def close(self) -> None:
        """End the processes that wait."""
        await self._crews.close()


def _has_changed(report: Report) -> bool:
    return any(group.code == _FILE_CHANGED for group in report.findings)
