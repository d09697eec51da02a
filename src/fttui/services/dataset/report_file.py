"""Saves a report to a file: as JSON, as Markdown, or as SARIF."""

from __future__ import annotations

import asyncio
from enum import Enum, auto
from pathlib import Path

from fttui import __version__
from fttui.domain.dataset.report import Report
from fttui.domain.dataset.report_export import as_json_value, as_markdown
from fttui.domain.dataset.report_sarif import as_sarif
from fttui.domain.errors import UsageError
from fttui.services.atomic import write_json, write_text


class ReportKind(Enum):
    """What a report is written as."""

    JSON = auto()
    MARKDOWN = auto()
    SARIF = auto()

    @classmethod
    def of(cls, target: Path) -> ReportKind:
        """What the name's ending asks for; JSON if it says nothing."""
        name = target.name.lower()
        if name.endswith((".md", ".markdown")):
            return cls.MARKDOWN
        return cls.SARIF if name.endswith((".sarif", ".sarif.json")) else cls.JSON


async def write_report(report: Report, target: Path, kind: ReportKind | None = None) -> None:
    """Write a report, as what the name's ending says if nothing else is asked for.

    Only an earlier report, known by ``.report.`` or ``.sarif`` in its name, is ever written over.

    Raises:
        UsageError: there is another file of that name, or it cannot be written there.
    """
    await asyncio.to_thread(_write, report, target, kind or ReportKind.of(target))


def _write(report: Report, target: Path, kind: ReportKind) -> None:
    try:
        if target.exists() and ".report." not in target.name and ".sarif" not in target.name:
            raise UsageError(f"{target} is there already", hint="Choose another name; no file is written over.")
        if not target.parent.is_dir():
            raise UsageError(f"There is no folder {target.parent}", hint="Choose a folder that is there.")
        match kind:
            case ReportKind.MARKDOWN:
                write_text(target, as_markdown(report))
            case ReportKind.SARIF:
                write_json(target, as_sarif(report, __version__))
            case ReportKind.JSON:
                write_json(target, as_json_value(report))
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror or error}") from error
