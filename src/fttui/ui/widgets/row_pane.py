"""The row under the cursor: what it is, its tokens, and all of it for reading."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import getters, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from fttui.domain.dataset.encodings import example_limit
from fttui.domain.dataset.record import Record
from fttui.domain.dataset.training_view import TrainingView, training_view
from fttui.services.dataset.tokenizer import counter_for
from fttui.services.ports import TokenCounter
from fttui.ui import present
from fttui.ui.dataset_rows import DatasetRows, ReadRow, count_tokens
from fttui.ui.page import Page
from fttui.ui.page_marks import FOUND, with_found, with_mark
from fttui.ui.record_page import RowTokens
from fttui.ui.training_page import training_page
from fttui.ui.widgets.record_view import RecordView

if TYPE_CHECKING:
    from fttui.ui.app import FttuiApp

COUNT_AFTER = 0.15
"""Seconds a row is shown before its tokens are counted."""


class RowPane(Vertical):
    """Reads, shows and counts one row at a time, away from the event loop."""

    if TYPE_CHECKING:
        app = getters.app(FttuiApp)

    DEFAULT_CSS = "RowPane { padding: 0 1; & > .row-line { height: 1; } }"

    raw: reactive[bool] = reactive(False)
    """Whether the row is shown as JSON."""
    training: reactive[bool] = reactive(False)
    """Whether the row is shown with what training does with it."""

    wanted: reactive[str] = reactive("")
    """What was searched for, to stand out in the row."""

    view = getters.query_one(RecordView)
    heading = getters.query_one(".row-line", Static)

    @dataclass
    class FileChanged(Message):
        """The file is no longer what was opened."""

    def __init__(self, *, ascii: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._ascii = ascii
        self.number = -1
        """The row that is shown or being read, counted from 0; -1 for none."""
        self.marked = ""
        """The place in the row that somebody was led to."""
        self._row: ReadRow | None = None
        self._tokens: RowTokens | None = None
        self._fates: TrainingView | None = None
        self._counter: TokenCounter | None = None
        self._counted_for = ""

    def compose(self) -> ComposeResult:
        yield Static(Content(""), classes="row-line")
        yield RecordView(id="row")

    @property
    def row(self) -> ReadRow | None:
        """The row that is shown."""
        return self._row

    def forget(self) -> None:
        """Show no row, because there is another file."""
        self.workers.cancel_group(self, "record.read")
        self.number = -1
        self._row = None
        self.raw = False

    def show(self, rows: DatasetRows, number: int, path: str) -> None:
        """Show a row by its 0-based number, scrolled to a message, or to the top where the path is empty."""
        self.number, self.marked = number, path
        self._read(rows, number, path)

    @work(group="record.read", exclusive=True)
    async def _read(self, rows: DatasetRows, number: int, path: str) -> None:
        if number >= rows.dataset.lines_known:
            return
        self._row = row = await asyncio.to_thread(rows.read, number)
        self._tokens = self._fates = None
        self._draw(path=path)
        if await asyncio.to_thread(rows.dataset.changed):
            self.post_message(self.FileChanged())
        if row.record is not None:
            await asyncio.sleep(COUNT_AFTER)
            await self._count(row.record)

    async def _count(self, record: Record) -> None:
        model, counter = self.app.base_model, self._counter
        if counter is None or model != self._counted_for:
            counter = self._counter = await asyncio.to_thread(counter_for, model or None)
            self._counted_for = model
        self._tokens = await asyncio.to_thread(count_tokens, record, counter)
        limit = example_limit(model, self.app.services.settings.example_tokens)
        self._fates = await asyncio.to_thread(training_view, record, counter, model or None, limit)
        self._draw(path=None)

    def on_mount(self) -> None:
        self.watch(self.app, "base_model", self._count_anew, init=False)

    def _count_anew(self) -> None:
        """Another model reads the row with another encoding, and cuts it elsewhere."""
        row = self._row
        if row is not None and row.record is not None:
            self._recount(row.record)

    @work(group="record.count", exclusive=True)
    async def _recount(self, record: Record) -> None:
        await self._count(record)

    def _draw(self, *, path: str | None) -> None:
        row, tokens = self._row, self._tokens
        if row is None:
            return
        words = [f"Row {present.count(row.number + 1)}", row.describe()]
        if tokens is not None:
            words.append(f"{tokens.total} {tokens.encoding}")
        self.heading.update(Content(" · ".join(words)))
        raw, plain, record, fates = self.raw, self._ascii, row.record, self._fates
        marked, wanted = self.marked, self.wanted

        def lay_out(width: int) -> Page:
            if self.training and record is not None and fates is not None:
                page = training_page(record, fates, width, ascii=plain)
            else:
                page = row.page(width, raw=raw, ascii=plain, tokens=tokens)
            return with_found(with_mark(page, marked, width, ascii=plain), wanted)

        self.view.show(lay_out, len(row.raw), path=path or FOUND if wanted and path is not None else path)

    def watch_wanted(self) -> None:
        if self.is_mounted:
            self._draw(path="" if self.wanted else None)

    def watch_training(self) -> None:
        if self.is_mounted:
            self._draw(path="")

    def watch_raw(self) -> None:
        if self.is_mounted:
            self._draw(path="")
