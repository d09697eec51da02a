"""Where a mapping is made: the fields of the file, the form, and what comes of the first rows."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import getters, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive

from fttui.domain.dataset.mapping.mapper import Mapper
from fttui.domain.dataset.mapping.row_mapping import RowMapping, Target
from fttui.domain.errors import FttuiError, MappingError
from fttui.services.dataset.importing.mapping_store import MappingStore
from fttui.ui import import_choices
from fttui.ui.import_preview import Preview, preview
from fttui.ui.import_session import ImportSession
from fttui.ui.screens.pick import PickDialog
from fttui.ui.widgets.import_result import ImportResultPane
from fttui.ui.widgets.mapping_form import TARGETS, MappingForm
from fttui.ui.widgets.source_fields import SourceFields

if TYPE_CHECKING:
    from fttui.ui.app import FttuiApp

SHOW_AFTER = 0.05
"""Seconds after the last key before the preview follows."""


class ImportBench(Horizontal):
    """Edits a mapping of an opened source; the preview follows every key.

    Args:
        ascii: use no drawing characters.
    """

    preview: reactive[Preview] = reactive(Preview())

    fields = getters.query_one(SourceFields)
    form = getters.query_one(MappingForm)
    result = getters.query_one(ImportResultPane)

    if TYPE_CHECKING:
        app = getters.app(FttuiApp)

    def __init__(self, *, ascii: bool = False) -> None:
        super().__init__()
        self._ascii = ascii
        self._session: ImportSession | None = None
        self._loaded: RowMapping | None = None
        self.kept: Sequence[str] = ()
        """Names of the mappings that were kept."""

    def compose(self) -> ComposeResult:
        yield SourceFields()
        with Vertical(id="work"):
            yield MappingForm()
            yield ImportResultPane(ascii=self._ascii)

    @property
    def store(self) -> MappingStore:
        """The mappings that were kept."""
        return MappingStore(self.app.services.paths)

    async def take(self, session: ImportSession) -> None:
        """Work on a source, beginning with its likeliest shape."""
        self._session = session
        self.fields.show(session.fields)
        self.form.knows = session.knows
        best = session.best
        await self.load(best.mapping if best else RowMapping(), import_choices.shape_words(best, session.is_sure))

    async def load(self, mapping: RowMapping, shape: str) -> None:
        """Put a mapping into the form, under what it is called."""
        await self.form.load(mapping, shape)
        self.form.complain_again()
        self._loaded = None
        self.follow()

    def mapping(self) -> RowMapping:
        """The mapping as it stands.

        Raises:
            MappingError: a setting cannot be understood.
        """
        return self.form.mapping()

    @property
    def is_edited(self) -> bool:
        """Whether the mapping is another one than was loaded or settled."""
        try:
            return self._loaded is not None and self.form.mapping() != self._loaded
        except MappingError:
            return True

    def settle(self, mapping: RowMapping) -> None:
        """Take a mapping for kept: it was written down, or used."""
        self._loaded = mapping

    # The preview

    @on(MappingForm.Edited)
    def _edit(self, event: MappingForm.Edited) -> None:
        event.stop()
        self.follow()

    @work(group="import.preview", exclusive=True)
    async def follow(self) -> None:
        """Show what the mapping makes of the first rows now."""
        if self._session is None:
            return
        await asyncio.sleep(SHOW_AFTER)
        try:
            mapping = self.form.mapping()
            self.fields.mark(Mapper(mapping).fields)
        except MappingError as error:
            self.preview = Preview(problem=error.message, hint=error.hint)
            return
        if self._loaded is None:
            self._loaded = mapping
        self.preview = await asyncio.to_thread(preview, self._session.first, mapping)

    def watch_preview(self, shown: Preview) -> None:
        if self.is_mounted and self._session is not None:
            self.result.show(shown, self._session.source.unit)

    # The form

    @on(SourceFields.Wanted)
    def _insert(self, event: SourceFields.Wanted) -> None:
        event.stop()
        self.form.insert(event.path)

    @work(group="import.ask", exclusive=True)
    async def choose_field(self) -> None:
        """Ask for a field, and put it where the cursor is."""
        if self._session is None:
            return
        choices = import_choices.field_choices(self._session.fields)
        path = await self.app.push_screen_wait(PickDialog("Put in a field", choices, typed_label="use the path"))
        if path is not None:
            self.form.insert(path)

    @work(group="import.ask", exclusive=True)
    async def add_turn(self) -> None:
        """Ask who speaks, and add a message to the conversation."""
        role = await self.app.push_screen_wait(PickDialog("Who speaks next?", import_choices.ROLE_CHOICES))
        if role is not None:
            await self.form.add_turn(role)

    @on(MappingForm.Wanted)
    @work(group="import.ask", exclusive=True)
    async def _ask_for(self, event: MappingForm.Wanted) -> None:
        event.stop()
        if self._session is None:
            return
        match event.key:
            case "shape":
                await self._choose_shape(self._session)
            case "to":
                choices = import_choices.target_choices(TARGETS)
                dialog = PickDialog("Into what?", choices, chosen=self.form.target.value)
                chosen = await self.app.push_screen_wait(dialog)
                if chosen is not None:
                    await self.form.retarget(Target(chosen), "own mapping")
                    self.follow()
            case key:
                choices = import_choices.list_choices(self._session.fields)
                dialog = PickDialog("Which field?", choices, chosen=self.form.picked(key), typed_label="use the path")
                chosen = await self.app.push_screen_wait(dialog)
                if chosen is not None:
                    self.form.pick(key, chosen)

    async def _choose_shape(self, session: ImportSession) -> None:
        choices = import_choices.shape_choices(session.proposals, self.kept)
        chosen = await self.app.push_screen_wait(PickDialog("Which shape do the rows have?", choices))
        if chosen is None:
            return
        if chosen == import_choices.EMPTY:
            await self.load(RowMapping(), "")
        elif chosen.startswith(import_choices.KEPT):
            name = chosen.removeprefix(import_choices.KEPT)
            try:
                mapping = await asyncio.to_thread(self.store.load, name)
            except FttuiError as error:
                self.app.show_failure(error)
                return
            await self.load(mapping, f"{name} (kept)")
        else:
            proposal = session.proposals[int(chosen)]
            await self.load(proposal.mapping, import_choices.shape_words(proposal, sure=True))
