"""All about one file or model at a provider, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from textual.content import Content

from fttui.domain.jobs.lifecycle import Lifecycle
from fttui.domain.remote import RemoteFile, RemoteModel
from fttui.domain.text import safe_line
from fttui.ui import present
from fttui.ui.model_dialog import kind

LABEL_CELLS = 12
Line = tuple[str, str]


def file_facts(file: RemoteFile) -> Content:
    """Label and value, a line each."""
    return _lines(_about_file(file))


def _about_file(file: RemoteFile) -> Iterator[Line]:
    yield "File", safe_line(file.name)
    yield "Id", safe_line(file.id)
    yield "Size", f"{present.size(file.size)} ({present.counted(file.size, 'byte')})"
    yield "Created", present.moment(file.created_at)
    if file.expires_at:
        yield "Expires", present.moment(file.expires_at)


def model_facts(model: RemoteModel, ending: Lifecycle | None, today: date) -> Content:
    """Label and value, a line each.

    Args:
        model: the model.
        ending: its last days, where they are announced.
        today: the day to count from.
    """
    return _lines(_about_model(model, ending, today))


def _about_model(model: RemoteModel, ending: Lifecycle | None, today: date) -> Iterator[Line]:
    yield "Model", safe_line(model.id)
    yield "Kind", f"{kind(model)}, owned by {safe_line(model.owned_by)}" if model.owned_by else kind(model)
    if model.created_at:
        yield "Created", present.moment(model.created_at)
    if ending is not None:
        yield "Ends", ending.brief_words(today) or "not announced"
        yield "Training", ending.training_words(today)
        yield "Source", safe_line(ending.source)
    elif model.trainable is not None:
        yield "Training", "takes jobs" if model.trainable else "takes no jobs"


def _lines(lines: Iterator[Line]) -> Content:
    return Content("\n").join(
        [Content.assemble((f"{label:<{LABEL_CELLS}}", "$foreground-muted"), value) for label, value in lines]
    )
