"""Importing a file: its fields, the mapping, and what comes of it, side by side; then the writing."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import getters, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from fttui.domain.dataset.mapping.row_mapping import RowMapping
from fttui.domain.errors import FttuiError, MappingError
from fttui.domain.text import safe_line
from fttui.services.dataset.importing.conversion import ImportProgress, ImportResult, default_out, import_rows
from fttui.services.dataset.importing.source import Source, SourceOptions, parts_of
from fttui.ui import import_choices, present
from fttui.ui.dialogs import ConfirmDialog, PromptDialog
from fttui.ui.file_choices import typed_file, with_tilde
from fttui.ui.import_keeping import forget_mapping, keep_mapping
from fttui.ui.import_session import ImportSession, open_session
from fttui.ui.place import Place, PlaceScreen
from fttui.ui.screens.pick import PickDialog
from fttui.ui.widgets.import_bench import ImportBench


class ImportScreen(PlaceScreen):
    """Makes training rows of a foreign file.

    Args:
        path: a file or a folder.
    """

    PLACE = Place.DATA
    CSS_PATH = "../styles/import_.tcss"
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (70, "-narrow"), (100, "-normal"), (140, "-wide")]
    HELP = r"""
# Import

Left the **fields** of the file with samples, right the **mapping**, below what comes of the first rows. The shape
is guessed; `Shape` has the other guesses and the mappings that were kept.

A text may hold fields: `{question}`, or by path `{data.turns[0].text}`. `[[\n\n{input}]]` is left out where the field
is empty, `{field|trim}` takes blanks away, `\n` is a new line. `enter` on a field, or `^o` while typing, puts one in.

**Turns in** takes a field with a list of turns; then **Who speaks** names the keys (`问:user, 答:assistant`), or
**Role key** and **Text key** say where each turn has them. **Only where** takes some rows: `score >= 4 and lang = zh`.

`z` gives the result all the room, `r` shows it as JSON, `n` and `p` go to the next and the previous one.

`^s` writes a new file and opens it; the source stays as it is. `escape` leaves.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "write", "Write", id="import.write"),
        Binding("ctrl+o", "choose_field", "Field", tooltip="Put a field where the cursor is", id="import.field"),
        Binding("ctrl+n", "add_turn", "Turn", tooltip="Add a message", id="import.turn"),
        Binding("ctrl+down,n", "step(1)", "Next", tooltip="The next result", id="import.next"),
        Binding("ctrl+up,p", "step(-1)", "Previous result", show=False, id="import.previous"),
        Binding("m", "keep", "Keep mapping", tooltip="Keep the mapping under a name", id="import.keep"),
        Binding("M", "forget", "Forget a kept mapping", show=False, id="import.forget"),
        Binding("z", "zoom", "Whole result", show=False, id="import.zoom"),
        Binding("r", "toggle_json", "JSON", show=False, id="import.json"),
        Binding("e", "change_source", "Encoding, sheet, split", show=False, id="import.source"),
    ]

    session: reactive[ImportSession | None] = reactive[ImportSession | None](None, bindings=True)
    problem: reactive[FttuiError | None] = reactive[FttuiError | None](None, bindings=True)
    """Why the file cannot be read."""
    writing: reactive[bool] = reactive(False)

    bench = getters.query_one(ImportBench)
    heading = getters.query_one("#source", Static)
    notice = getters.query_one("#notice", Static)

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self._options = SourceOptions()

    def compose_body(self) -> ComposeResult:
        yield Static(Content(safe_line(present.place(self.path, Path.home()))), id="source")
        yield Static(Content("Reading the first rows"), id="notice", classes="notice")
        yield ImportBench(ascii=self.app.ascii_only)

    def on_mount(self) -> None:
        self.open()

    # Opening

    @work(group="import.open", exclusive=True)
    async def open(self) -> None:
        """Look at the first rows, guess their shape, and show what it makes of them."""
        self.problem = None
        try:
            session = await asyncio.to_thread(open_session, self.path, self._options)
        except FttuiError as error:
            self.problem = error
            return
        self.bench.kept = await asyncio.to_thread(self.bench.store.names)
        await self.bench.take(session)
        self.session = session
        self.bench.fields.focus()

    def watch_session(self) -> None:
        self._show_state()

    def watch_problem(self) -> None:
        self._show_state()

    def _show_state(self) -> None:
        if not self.is_whole:
            return
        self.set_class(self.session is not None and self.problem is None, "-ready")
        self.set_class(self.problem is not None, "-failed")
        if self.problem is not None:
            lines = [f"✗ {safe_line(with_tilde(self.problem.message))}", safe_line(self.problem.hint)]
            lines += ["", "e says more about the file, escape leaves"]
            self.notice.update(Content("\n".join(lines)))
            self.set_focus(None)
        self._say_source()

    def _say_source(self) -> None:
        words = [present.place(self.path, Path.home())]
        if self.session is not None:
            words += import_choices.source_words(self.session.source, self.session.first)
        self.heading.update(Content(safe_line(" · ".join(words))))

    @work(group="import.ask", exclusive=True)
    async def action_change_source(self) -> None:
        """Say what the file itself does not: its encoding, which sheet or split, whether there are headings."""
        source = self.session.source if self.session is not None and self.problem is None else None
        choices = import_choices.option_choices(self._options, self.path, source)
        if not choices:
            self.app.say("The file says everything about itself")
            return
        name = await self.app.push_screen_wait(PickDialog("What is to be said about the file?", choices))
        if name is None:
            return
        if name == import_choices.HEADINGS:
            self._options = replace(self._options, has_header=not self._options.has_header)
        else:
            said = await self._ask_option(name)
            if said is None:
                return
            self._options = import_choices.with_option(self._options, name, said)
        self.open()

    async def _ask_option(self, name: str) -> str | None:
        label, value = import_choices.option_of(self._options, name)
        try:
            parts = await asyncio.to_thread(parts_of, self.path) if name in ("sheet", "split") else ()
        except FttuiError:
            # The file cannot be read yet; perhaps what is typed makes it so.
            parts = ()
        if parts:
            return await self.app.push_screen_wait(PickDialog(label, import_choices.part_choices(parts), chosen=value))
        return await self.app.push_screen_wait(PromptDialog(label, "Leave it empty to tell it from the file", value))

    # The mapping

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without rows there is nothing to map."""
        if action in ("write", "choose_field", "add_turn", "step", "keep", "forget", "toggle_json", "zoom"):
            return self.session is not None and self.problem is None
        return super().check_action(action, parameters)

    def action_step(self, rows: int) -> None:
        """Show another result."""
        self.bench.result.step(rows)

    def action_toggle_json(self) -> None:
        """Show the result as JSON, or for reading."""
        self.bench.result.raw = not self.bench.result.raw

    def action_zoom(self) -> None:
        """Give the result all the room, or take it back."""
        self.toggle_class("-zoomed")
        self.bench.result.view.focus()

    def action_choose_field(self) -> None:
        """Put a field where the cursor is."""
        self.bench.choose_field()

    def action_add_turn(self) -> None:
        """Add a message to the conversation."""
        self.bench.add_turn()

    @work(group="import.ask", exclusive=True)
    async def action_keep(self) -> None:
        """Keep the mapping under a name."""
        await keep_mapping(self.app, self.bench, self.path.stem)

    @work(group="import.ask", exclusive=True)
    async def action_forget(self) -> None:
        """Choose a kept mapping, and forget it."""
        await forget_mapping(self.app, self.bench)

    # Writing

    @work(group="import.ask", exclusive=True)
    async def action_write(self) -> None:
        """Write the rows to a new file, and open it."""
        session = self.session
        if session is None or self.writing:
            return
        if not self.bench.preview.rows:
            self.app.say(self.bench.preview.problem or "Nothing comes of the first rows yet", "warning")
            return
        try:
            mapping = self.bench.mapping()
        except MappingError as error:
            self.app.show_failure(error)
            return
        shown = present.place(default_out(self.path.absolute(), mapping), Path.home())
        typed = await self.app.push_screen_wait(PromptDialog("Write the training rows", "New file", shown))
        if not typed:
            return
        out = typed_file(typed)
        there = await asyncio.to_thread(out.exists)
        if there and not await self.app.push_screen_wait(_replace_dialog(out)):
            return
        self._write(session.source, mapping, out, there)

    @work(group="import.write", exclusive=True)
    async def _write(self, source: Source, mapping: RowMapping, out: Path, replace_it: bool) -> None:
        self.writing = True
        tell = partial(self.app.call_from_thread, self._say_progress)
        try:
            result = await import_rows(source, mapping, out, replace=replace_it, progress=tell)
        except FttuiError as error:
            self.app.show_failure(error)
            return
        finally:
            self.writing = False
            self.app.running = ""
        self.bench.settle(mapping)
        self.app.new_file = out
        if await self.app.push_screen_wait(_done_dialog(result, source)):
            self.app.open_dataset(out)

    def _say_progress(self, progress: ImportProgress) -> None:
        share = "" if progress.share is None else f" {present.percent(progress.share)}"
        self.app.running = f"importing{share}, {present.counted(progress.read, 'row')}"

    # Leaving

    def action_home(self) -> None:
        """Stop the writing; else leave, after a question if the mapping was edited."""
        self._leave()

    @work(group="import.leave", exclusive=True)
    async def _leave(self) -> None:
        if self.writing:
            self.workers.cancel_group(self, "import.write")
            self.app.say("Stopped; nothing was written")
            return
        if self.session is not None and self.bench.is_edited:
            body = "The mapping was changed and not kept. m keeps it under a name."
            if not await self.app.push_screen_wait(ConfirmDialog("Leave the import?", body, "Leave")):
                return
        self.app.step_home()


def _replace_dialog(path: Path) -> ConfirmDialog:
    body = f"{present.place(path, Path.home())} is there already. What is in it will be gone."
    return ConfirmDialog("Replace the file?", body, "Replace", danger=True)


def _done_dialog(result: ImportResult, source: Source) -> ConfirmDialog:
    return ConfirmDialog(
        "Imported", import_choices.result_words(result, source.unit), "Open in Data", refuse_label="Stay"
    )
