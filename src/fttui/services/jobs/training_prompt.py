"""The system prompt a tuned model was trained with, read from the file it was trained on."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

from fttui.services.jobs.journal import Journal

ROWS_READ = 20
LONGEST_ROW = 4 * 1024 * 1024
_SPEAKERS = ("system", "developer")


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
    try:
        with path.open("rb") as file:
            lines = [file.readline(LONGEST_ROW) for _ in range(ROWS_READ)]
    except OSError:
        # The file went or moved: the prompt is a help, not a promise.
        return ""
    found = {_system_of(line) for line in itertools.takewhile(bool, lines) if line.strip()}
    return found.pop() if len(found) == 1 else ""


def _system_of(line: bytes) -> str:
    try:
        row = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return ""
    if isinstance(row, dict) and isinstance(row.get("input"), dict):
        row = row["input"]
    messages = row.get("messages") if isinstance(row, dict) else None
    first = messages[0] if isinstance(messages, list) and messages else None
    if not isinstance(first, dict) or first.get("role") not in _SPEAKERS:
        return ""
    content = first.get("content")
    return content if isinstance(content, str) else ""
