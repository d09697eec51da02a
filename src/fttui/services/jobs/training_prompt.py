"""The system prompt a tuned model was trained with, read from the file it was trained on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fttui.domain.dataset.record import INSTRUCTING
from fttui.services.jobs.first_rows import first_rows
from fttui.services.jobs.journal import Journal

ROWS_READ = 20


def training_prompt(journal: Journal, profile: str, model: str) -> str:
    """The system prompt that the first rows behind a tuned model share; empty where there is none, or no file.

    Args:
        journal: knows which job made the model, and where its file came from.
        profile: whose model it is.
        model: a tuned model or one of its checkpoints.

    Raises:
        JournalError: the journal cannot be read.
    """
    made_by = {one.model: one.job_id for one in journal.checkpoints(profile)}
    for entry in journal.jobs(profile):
        job = entry.job
        if model == job.fine_tuned_model or made_by.get(model) == job.id:
            source = journal.source_of(profile, job.training_file)
            return shared_system_prompt(source[0]) if source is not None else ""
    return ""


def shared_system_prompt(path: Path) -> str:
    """The system message that the first rows of a file have in common; empty where they differ or cannot be read."""
    found = set(map(_system_of, first_rows(path, ROWS_READ)))
    return found.pop() if len(found) == 1 else ""


def _system_of(row: Mapping[str, object]) -> str:
    given = row.get("input")
    messages = (given if isinstance(given, dict) else row).get("messages")
    first = messages[0] if isinstance(messages, list) and messages else None
    if not isinstance(first, dict) or first.get("role") not in INSTRUCTING:
        return ""
    content = first.get("content")
    return content if isinstance(content, str) else ""
