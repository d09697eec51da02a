"""Saves a report to a file, as JSON or as Markdown."""

from __future__ import annotations

import asyncio
from pathlib import Path

from fttui.domain.dataset.report import Report
from fttui.domain.dataset.report_export import as_json_value, as_markdown
from fttui.domain.errors import UsageError
from fttui.services.atomic import write_json, write_text

MARKDOWN = (".md", ".markdown")


async def write_report(report: Report, target: Path) -> None:
    """Write a report; the name's ending says whether as Markdown, anything else means JSON.

    Only an earlier report, known by ``.report.`` in its name, is ever written over.

    Raises:
        UsageError: there is another file of that name, or it cannot be written there.
    """
    await asyncio.to_thread(_write, report, target)


def _write(report: Report, target: Path) -> None:
    try:
        if target.exists() and ".report." not in target.name:
            raise UsageError(f"{target} is there already", hint="Choose another name; no file is written over.")
        if not target.parent.is_dir():
            raise UsageError(f"There is no folder {target.parent}", hint="Choose a folder that is there.")
        if target.suffix.lower() in MARKDOWN:
            write_text(target, as_markdown(report))
        else:
            write_json(target, as_json_value(report))
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror or error}") from error
