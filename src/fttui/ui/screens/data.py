"""The Data place: choose a file, look at its rows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.widgets import ContentSwitcher

from fttui.domain.errors import FttuiError
from fttui.domain.text import safe_line
from fttui.services.folder import working_folder
from fttui.ui import present
from fttui.ui.place import Place, PlaceScreen
from fttui.ui.widgets.file_browser import FileBrowser

if TYPE_CHECKING:
    # Rows are needed when a file is opened, which is after the first frame.
    from fttui.services.dataset.dataset_file import DatasetFile
    from fttui.ui.dataset_rows import DatasetRows
    from fttui.ui.widgets.record_browser import RecordBrowser

BROWSING, READING = "browser", "records"


class DataScreen(PlaceScreen):
    """Walks the file system, and shows the rows of a data set of any size."""

    PLACE = Place.DATA
    CSS_PATH = "../styles/data.tcss"
    HELP = """\
# Data

Choose a file with the arrow keys and `enter`; names that can be training data stand out, but any file can be
opened. Until a file was opened, a sample to try stands at the top. `/` narrows the list, `.` shows hidden files,
`h` goes up, `~` goes home, `o` takes a path.

Packed files (gzip, zstd) and UTF-16 are opened as if they were plain. A workbook or a parquet table has no lines to
show: `I` imports it.

In an open file the list shows each row: its number, who speaks (**s**ystem, **d**eveloper, **u**ser,
**a**ssistant, **t**ool; ± for a better and a worse answer) and its first words; ✗ marks rows that are no training
example. `tab` moves between the list and the row. `/` searches and highlights, `n` and `N` go on, `:` takes a row
number, `x` shows what training does with each turn: learnt, only read, masked by its weight, or cut off at the limit
of a model; `m` chooses which.
`r` shows the row as JSON, `z` gives it the whole width, `y` copies it. `escape` leads back to the files.

`v` validates the file, `t` takes it into the Launch form, `u` uses the file under the cursor as validation file
beside the one that was open. `I` makes training rows of a table, a workbook, any other file, or a folder.
"""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "validate", "Validate", tooltip="Check the file and show the report", id="data.validate"),
        Binding("t", "train", "Train", tooltip="Take the file into the Launch form", id="data.train"),
        Binding("escape", "home", "Files", id="data.back"),
        Binding(
            "u", "use_beside", "As validation", tooltip="Use as validation file beside the open one", id="data.beside"
        ),
        Binding("o", "open_path", "Path", tooltip="Open a file by its path", id="data.open-path"),
        Binding("I", "import", "Import", show=False, tooltip="Make training rows of the file", id="data.import"),
        Binding("m", "choose_model", "Model", show=False, tooltip="Encoding and limit to use", id="data.model"),
        Binding("R", "reopen", "Open again", show=False, id="data.reopen"),
    ]

    showing: reactive[str] = reactive(BROWSING, bindings=True, init=False)
    """Whether files or rows are on screen."""

    switcher = getters.query_one(ContentSwitcher)
    files = getters.query_one(FileBrowser)

    def __init__(self) -> None:
        super().__init__()
        self._dataset: DatasetFile | None = None

    def compose_body(self) -> ComposeResult:
        with ContentSwitcher(initial=BROWSING):
            yield FileBrowser(id=BROWSING)

    @property
    def records(self) -> RecordBrowser:
        """The rows of the open file; there from the first opening on."""
        return cast("RecordBrowser", self.switcher.get_child_by_id(READING))

    async def _make_records(self) -> None:
        from fttui.ui.widgets.record_browser import RecordBrowser

        if not self.switcher.query_children(f"#{READING}"):
            await self.switcher.add_content(RecordBrowser(ascii=self.app.ascii_only, id=READING))

    def on_mount(self) -> None:
        self.files.file_list.focus()
        self.files.go(working_folder(), at_recent=True)
        self._show_recents()

    def on_unmount(self) -> None:
        if self._dataset is not None:
            self._dataset.close()

    def watch_showing(self, showing: str) -> None:
        self.switcher.current = showing
        if showing == BROWSING:
            self.files.file_list.focus()
            self._look_again()
        else:
            self.records.record_list.focus()

    def on_screen_resume(self) -> None:
        """Coming back looks into the folder again: a file may have been written meanwhile."""
        if self.is_whole and self.showing == BROWSING:
            self._look_again()

    def _look_again(self) -> None:
        newcomer, self.app.new_file = self.app.new_file, None
        self.files.look_again(newcomer)
        self._show_recents()

    @work(group="data.recents", exclusive=True)
    async def _show_recents(self) -> None:
        self.files.show_recent(await asyncio.to_thread(self.app.services.recents.files))

    # Opening

    def open_file(self, path: Path, line: int | None = None, place: str = "") -> None:
        """Show a data set.

        Args:
            path: the file.
            line: 0-based row to start at; None to stay where we are if the file is open already.
            place: path of the message in the row to scroll to, such as ``messages[2].content``.
        """
        held = self._dataset
        if held is not None and held.path == path and not held.changed():
            self.showing = READING
            if line is not None and line < held.lines_known:
                self.records.go_to(line, place)
                return
            if line is None:
                return
        self._open(path, line or 0, place)

    @work(group="dataset.index", exclusive=True)
    async def _open(self, path: Path, line: int, place: str) -> None:
        def tell(done: int, total: int) -> None:
            self.app.running = f"unpacking {safe_line(path.name, 30)} {present.percent(done / max(total, 1))}"

        try:
            dataset, rows = await _read_rows(path, tell)
        except FttuiError as error:
            self.showing = BROWSING
            meant, is_folder = await asyncio.to_thread(_typed_path, str(path))
            if is_folder:
                self.app.dataset = None
                self.files.go(meant)
            else:
                self.files.say_failure(error)
            return
        finally:
            if self.app.running.startswith("unpacking"):
                self.app.running = ""
        await self._make_records()
        before, self._dataset = self._dataset, dataset
        known = line < dataset.lines_known
        self.records.show(rows, line if known else 0, place if known else "")
        self.showing = READING
        if before is not None:
            before.close()
        await asyncio.to_thread(self.app.services.recents.add_file, path)
        if trouble := self.app.services.recents.take_trouble():
            self.app.say(f"What you open is remembered for this run only: {trouble}", "warning")
        async for lines in dataset.index():
            self.records.grow()
            if not known and line < lines:
                known = True
                self.records.go_to(line, place)
        self.records.grow()

    @on(FileBrowser.FileChosen)
    def _open_chosen(self, event: FileBrowser.FileChosen) -> None:
        self.app.open_dataset(event.path)

    @on(FileBrowser.SampleChosen)
    @work(group="data.sample", exclusive=True)
    async def _open_sample(self) -> None:
        from fttui.services.dataset.samples import unpack_sample

        try:
            sample = await asyncio.to_thread(unpack_sample, self.app.services.paths)
        except FttuiError as error:
            self.files.say_failure(error)
        else:
            self.app.open_dataset(sample.training)

    @work(group="data.ask")
    async def action_open_path(self) -> None:
        """Ask for a path and open it."""
        from fttui.ui.dialogs import PromptDialog

        typed = await self.app.push_screen_wait(PromptDialog("Open a file", "Path"))
        if not typed:
            return
        path, is_folder = await asyncio.to_thread(_typed_path, typed)
        if is_folder:
            self.showing = BROWSING
            self.files.go(path)
        else:
            self.app.open_dataset(path)

    @work(group="data.ask", exclusive=True)
    async def action_choose_model(self) -> None:
        """Choose whose encoding and limit the tokens of a row are counted with."""
        from fttui.ui.model_choices import choose_base

        await choose_base(self.app, "Encoding and limit of")

    def action_reopen(self) -> None:
        """Open the file again, as it is now."""
        if self._dataset is not None:
            self._open(self._dataset.path, self.records.record_list.cursor, "")

    def action_home(self) -> None:
        """Back from the rows to the files."""
        self.showing = BROWSING

    # What to do with a file

    @property
    def file_in_hand(self) -> Path | None:
        """The file that is shown, or the one under the cursor."""
        if self.showing == READING:
            return self._dataset.path if self._dataset is not None else None
        entry = self.files.file_list.entry
        return entry.path if entry is not None and not entry.is_folder else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "use_beside":
            return self.showing == BROWSING and self.app.dataset is not None
        if action in ("home", "choose_model"):
            return self.showing == READING
        return super().check_action(action, parameters)

    def action_import(self) -> None:
        """Make training rows of the file in hand, or of the folder under the cursor."""
        from fttui.ui.screens.import_ import ImportScreen

        entry = self.files.file_list.entry if self.showing == BROWSING else None
        if path := entry.path if entry is not None else self._file_or_word():
            self.app.push_screen(ImportScreen(path))

    def action_validate(self) -> None:
        """Validate the file in hand."""
        if file := self._file_or_word():
            self.app.show_report(file)

    def action_train(self) -> None:
        """Take the file in hand into the Launch form."""
        if file := self._file_or_word():
            self.app.launch_with(file)

    def action_use_beside(self) -> None:
        """Validate the training file with the file in hand as its validation file."""
        training = self.app.dataset
        if (file := self._file_or_word()) and training is not None:
            if file == training:
                self.app.say("That is the training file; choose another one as validation file", "warning")
            else:
                self.app.show_report(training, file)

    def _file_or_word(self) -> Path | None:
        file = self.file_in_hand
        if file is None:
            self.app.say("Put the cursor on a file first", "warning")
        return file

    def on_record_browser_copy_wanted(self, event: RecordBrowser.CopyWanted) -> None:
        """Copy what the rows hand up."""
        self.app.copy_text(event.text, event.what)

    def on_record_browser_failed(self, event: RecordBrowser.Failed) -> None:
        """Tell what went wrong with the rows."""
        self.app.show_failure(event.error)


def _typed_path(typed: str) -> tuple[Path, bool]:
    """What a typed path means, and whether it is a folder."""
    from fttui.ui.file_choices import typed_file

    path = typed_file(typed)
    return path, path.is_dir()


async def _read_rows(path: Path, tell: Callable[[int, int], None]) -> tuple[DatasetFile, DatasetRows]:
    from fttui.services.dataset.dataset_file import DatasetFile
    from fttui.ui.dataset_rows import DatasetRows

    dataset = await asyncio.to_thread(DatasetFile.open, path)
    try:
        await dataset.unpack(tell)
        return dataset, await asyncio.to_thread(DatasetRows, dataset)
    except BaseException:
        dataset.close()
        raise
