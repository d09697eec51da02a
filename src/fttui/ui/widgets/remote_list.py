"""What lies at a provider, one line each: files, and models."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import ClassVar

from textual.binding import Binding, BindingType

from fttui.domain.jobs.lifecycle import Lifecycle
from fttui.domain.remote import RemoteFile, RemoteModel
from fttui.domain.text import safe_line
from fttui.ui import present
from fttui.ui.cells import fill, fill_left
from fttui.ui.model_dialog import kind
from fttui.ui.widgets.line_list import LineList, Piece

SIZE_CELLS, DAY_CELLS, PURPOSE_CELLS, STATUS_CELLS, KIND_CELLS, END_CELLS = 9, 12, 18, 11, 11, 24
WIDE = 100
"""Cells from which the day of creation has room beside the end."""


class RemoteFileList(LineList):
    """Files: name, purpose, status, size, day."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"remote-list--muted", "remote-list--problem"}
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", "Launch with it", id="files.use")]
    files: Sequence[RemoteFile] = ()

    def show(self, files: Sequence[RemoteFile]) -> None:
        """Show files; the cursor stays on its file."""
        under = self.chosen
        self.files = files
        self.count = len(files)
        self.cursor = next((place for place, file in enumerate(files) if under and file.id == under.id), 0)
        self.refresh()

    @property
    def chosen(self) -> RemoteFile | None:
        """The file under the cursor."""
        return self.files[self.cursor] if self.cursor < len(self.files) else None

    @staticmethod
    def heading(width: int) -> str:
        """The line above."""
        room = _room(width, PURPOSE_CELLS + STATUS_CELLS + SIZE_CELLS + DAY_CELLS)
        columns = fill(" name", room) + fill("purpose", PURPOSE_CELLS) + fill("status", STATUS_CELLS)
        return columns + fill_left("size", SIZE_CELLS) + fill_left("created", DAY_CELLS)

    def row(self, number: int, width: int) -> Iterable[Piece]:
        """One file."""
        file = self.files[number]
        room = _room(width, PURPOSE_CELLS + STATUS_CELLS + SIZE_CELLS + DAY_CELLS)
        yield fill(f" {safe_line(file.name)}", room - 1) + " ", ""
        yield fill(safe_line(file.purpose), PURPOSE_CELLS), "remote-list--muted"
        yield fill(safe_line(file.status), STATUS_CELLS), "remote-list--problem" if file.status == "error" else ""
        yield fill_left(present.size(file.size), SIZE_CELLS), ""
        yield fill_left(present.day(file.created_at), DAY_CELLS), "remote-list--muted"


class RemoteModelList(LineList):
    """Models: id, kind, day, and the day it ends."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"remote-list--muted", "remote-list--tuned", "remote-list--problem"}
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", "Talk", id="models.talk")]
    models: Sequence[RemoteModel] = ()
    _today = date.min
    _ends: Sequence[Lifecycle | None] = ()

    def show(self, models: Sequence[RemoteModel], ends: Sequence[Lifecycle | None], today: date) -> None:
        """Show models; the cursor stays on its model.

        Args:
            models: what the provider listed.
            ends: the last days of each, where they are announced.
            today: the day to count from.
        """
        under = self.chosen
        self.models, self._ends, self._today = models, ends, today
        self.count = len(models)
        self.cursor = next((place for place, model in enumerate(models) if under and model.id == under.id), 0)
        self.refresh()

    @property
    def chosen(self) -> RemoteModel | None:
        """The model under the cursor."""
        return self.models[self.cursor] if self.cursor < len(self.models) else None

    @staticmethod
    def heading(width: int) -> str:
        """The line above."""
        created = fill_left("created", DAY_CELLS) if width >= WIDE else ""
        room = _room(width, KIND_CELLS + len(created) + END_CELLS)
        return fill(" model", room) + fill("kind", KIND_CELLS) + created + fill_left("ends", END_CELLS)

    def row(self, number: int, width: int) -> Iterable[Piece]:
        """One model."""
        model = self.models[number]
        days = DAY_CELLS if width >= WIDE else 0
        yield fill(f" {safe_line(model.id)}", _room(width, KIND_CELLS + days + END_CELLS) - 1) + " ", ""
        yield fill(kind(model), KIND_CELLS), "remote-list--tuned" if model.is_tuned else "remote-list--muted"
        if days:
            yield fill_left(present.day(model.created_at) if model.created_at else "", days), "remote-list--muted"
        ending = self._ends[number]
        words = "" if ending is None else ending.brief_words(self._today)
        yield fill_left(words, END_CELLS), "remote-list--problem"


def _room(width: int, taken: int) -> int:
    return max(width - taken, 12)
