"""What the Report place asks a person: which file, and where a report is to be kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fttui.domain.dataset.report import Report
from fttui.domain.errors import UsageError
from fttui.services.dataset.report_file import write_report
from fttui.ui.dialogs import PromptDialog
from fttui.ui.file_choices import recent_files, typed_file
from fttui.ui.screens.pick import PickDialog

if TYPE_CHECKING:
    from fttui.ui.app import FttuiApp


async def ask_for_file(app: FttuiApp, title: str, leave_out: Path | None) -> Path | None:
    """One of the files opened lately, or one that is typed.

    Args:
        app: shows the question.
        title: what the file is for.
        leave_out: a file that is not to be offered.
    """
    choices = await recent_files(app.services.recents, leave_out=leave_out)
    dialog = PickDialog(title, choices, typed_label="use the file", empty="No other file was opened yet: type a path")
    chosen = await app.push_screen_wait(dialog)
    return typed_file(chosen) if chosen else None


async def save_report(app: FttuiApp, report: Report) -> None:
    """Write a report beside its file, or wherever is typed; the ending decides what it is written as."""
    label = "File; .json for JSON, .md for Markdown, .sarif for SARIF"
    typed = await app.push_screen_wait(PromptDialog("Save the report", label, f"{report.file}.report.json"))
    if not typed:
        return
    target = typed_file(typed)
    try:
        await write_report(report, target)
    except UsageError as error:
        app.show_failure(error)
    else:
        app.say(f"Saved the report to {target}")
