"""Files & models: what lies at the provider, and what to do with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events, getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import ContentSwitcher, Static

from fttui.domain.errors import FttuiError
from fttui.domain.jobs.lifecycle import Lifecycle
from fttui.domain.profiles.capabilities import Capabilities, missing_words
from fttui.domain.profiles.probed import Subject
from fttui.domain.remote import RemoteFile, RemoteModel
from fttui.domain.text import safe_line
from fttui.ui import present
from fttui.ui.dialogs import ConfirmDialog
from fttui.ui.filter_screen import FilterScreen
from fttui.ui.model_dialog import ranked
from fttui.ui.place import Place
from fttui.ui.remote_facts import file_facts, model_facts
from fttui.ui.widgets.filter_line import FilterLine
from fttui.ui.widgets.line_list import LineList
from fttui.ui.widgets.remote_list import RemoteFileList, RemoteModelList


class FilesScreen(FilterScreen):
    """Two lists of one profile, files and models; one of them is in view."""

    PLACE = Place.FILES
    CSS_PATH = "../styles/files.tcss"
    HELP = """
What this profile keeps at the provider. `m` goes from files to models and back.

`enter` takes a file into Launch, or talks to a model. `d` deletes for good: files, and models that you tuned. A day
under *ends* is the day a model stops answering.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m,left,right,h,l", "turn", "Models", key_display="m", id="files.turn"),
        Binding("slash", "filter", "Filter", key_display="/", id="files.filter"),
        Binding("d", "delete", "Delete", id="files.delete"),
        Binding("r", "refresh", "Refresh", show=False, id="files.refresh"),
        Binding("y", "copy", "Copy id", show=False, id="files.copy"),
    ]

    files = getters.query_one("#files", RemoteFileList)
    models = getters.query_one("#models", RemoteModelList)

    def __init__(self) -> None:
        super().__init__()
        self._files: Sequence[RemoteFile] | None = None
        self._models: Sequence[RemoteModel] | None = None
        self._profile = ""
        self._trouble: FttuiError | None = None
        self._shows_models = False
        self._can = Capabilities()

    def compose_body(self) -> ComposeResult:
        yield Static(Content(""), id="strip")
        yield FilterLine()
        yield Static(Content(""), id="heading")
        with ContentSwitcher(initial="files"):
            yield RemoteFileList(id="files")
            yield RemoteModelList(id="models")
            yield Static(Content(""), id="nothing")
        yield Static(Content(""), id="facts")

    def on_mount(self) -> None:
        self.files.focus()
        self.watch(self.app, "profile_name", self._change_profile)

    def _change_profile(self, profile: str) -> None:
        if profile != self._profile:
            self._profile = profile
            self._files = self._models = None
            self._can = Capabilities()
            self.load()

    def on_screen_resume(self) -> None:
        """Coming back asks again: a job may have left a model behind."""
        if self._profile:
            self.load()

    def on_resize(self, _event: events.Resize) -> None:
        """Lay the columns out anew."""
        self.call_after_refresh(self.draw)

    @work(group="files.load", exclusive=True)
    async def load(self) -> None:
        """Ask the provider for both lists; the old ones stay in view meanwhile."""
        self._trouble = None
        self.draw()
        try:
            self._can = await self.app.services.learn_capabilities(self._profile)
            provider = await self.app.services.provider(self._profile)
            self._files = await provider.list_files() if self._can.files else ()
            self.draw()
            self._models = ranked(await self.app.services.list_models(self._profile)) if self._can.models else ()
        except FttuiError as error:
            self._trouble = error
        self.draw()
        self.app.refresh_status()

    def _ending_of(self, model: RemoteModel) -> Lifecycle | None:
        return self.app.services.ending_of(model.id, self._profile)

    # Drawing

    @property
    def list_in_view(self) -> RemoteFileList | RemoteModelList:
        return self.models if self._shows_models else self.files

    def draw(self) -> None:
        if not self.is_mounted:
            return
        shown_files = [file for file in self._files or () if self.passes(f"{file.name} {file.id} {file.purpose}")]
        shown_models = [model for model in self._models or () if self.passes(model.id)]
        self.files.show(shown_files)
        self.models.show(shown_models, [self._ending_of(model) for model in shown_models], self.app.today)
        shown: Sequence[object] = shown_models if self._shows_models else shown_files
        self.query_one("#strip", Static).update(self._strip())
        width = self.list_in_view.scrollable_content_region.width or self.size.width
        self.query_one("#heading", Static).update(Content(self.list_in_view.heading(width) if shown else ""))
        self.query_one("#nothing", Static).update(Content("" if shown else self._nothing_words()))
        self.query_one(ContentSwitcher).current = (self.list_in_view.id if shown else "nothing") or "nothing"
        self._draw_facts()

    def _strip(self) -> Content:
        parts = []
        for name, known, present_one in (
            ("Files", self._files, not self._shows_models),
            ("Models", self._models, self._shows_models),
        ):
            count = "…" if known is None and self._trouble is None else present.count(len(known or ()))
            style = "bold underline" if present_one else "$foreground-muted"
            parts.append(Content.styled(f"{name} {count}", style))
        line = Content.assemble(" ", Content("   ").join(parts), "   at ", safe_line(self._profile))
        if self._trouble is not None and self.list_in_view.count:
            said = f"   {self._trouble.title} · as last known"
            line = Content.assemble(line, (said, "$text-warning"))
        return line

    def _nothing_words(self) -> str:
        known: Sequence[object] | None = self._models if self._shows_models else self._files
        noun = "models" if self._shows_models else "files"
        subject = Subject.MODELS if self._shows_models else Subject.FILES
        if known:
            return f"No {noun} match {safe_line(self.wanted)}"
        if self._trouble is not None:
            lines = [self._trouble.title, "", safe_line(self._trouble.message), safe_line(self._trouble.hint)]
            return "\n".join([*lines, "", "Press r to ask again."])
        missing = missing_words(self.app.services.profile(self._profile), self._can, subject)
        if missing:
            return f"{safe_line(missing)}\n\nPress t in Profiles ({Place.PROFILES.number}) to ask the server again."
        if known is None:
            return f"Asking {safe_line(self._profile)} for its {noun}…"
        if self._shows_models:
            return "No models here."
        return f"No files at {safe_line(self._profile)} yet.\n\nLaunch ({Place.LAUNCH.number}) uploads them as needed."

    @on(LineList.Highlighted)
    def _draw_facts(self) -> None:
        if self._shows_models:
            model = self.models.chosen
            about = Content("") if model is None else model_facts(model, self._ending_of(model), self.app.today)
        else:
            file = self.files.chosen
            about = Content("") if file is None else file_facts(file)
        self.query_one("#facts", Static).update(about)
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what makes no sense for the row under the cursor."""
        if action in ("delete", "copy") and self.is_mounted:
            if self.list_in_view.chosen is None:
                return None
            if action == "delete" and self._shows_models:
                model = self.models.chosen
                return True if model is not None and model.is_tuned and not model.is_checkpoint else None
        return True

    # What keys do

    @on(LineList.Chosen, "#files")
    def _use_file(self) -> None:
        file = self.files.chosen
        if file is not None:
            self.app.launch_with(file.id)

    @on(LineList.Chosen, "#models")
    def _talk(self) -> None:
        model = self.models.chosen
        if model is not None:
            self.app.chat_with(model.id, self._profile)

    def action_turn(self) -> None:
        """From files to models and back."""
        self._shows_models = not self._shows_models
        self.draw()
        self.list_in_view.focus()

    def action_refresh(self) -> None:
        """Ask the provider again."""
        self.load()

    def action_copy(self) -> None:
        """Copy the id under the cursor."""
        chosen = self.list_in_view.chosen
        if chosen is not None:
            self.app.copy_text(chosen.id, "the model's name" if self._shows_models else "the file's id")

    @work(group="files.delete", exclusive=True)
    async def action_delete(self) -> None:
        """Delete what is under the cursor, after asking."""
        chosen, profile = self.list_in_view.chosen, self._profile
        if chosen is None or not await self.app.push_screen_wait(_question(chosen, profile)):
            return
        try:
            provider = await self.app.services.provider(profile)
            if isinstance(chosen, RemoteFile):
                await provider.delete_file(chosen.id)
            else:
                await provider.delete_model(chosen.id)
        except FttuiError as error:
            self.app.show_failure(error)
            return
        self.app.say(f"Deleted {chosen.id} at {profile}")
        self.load()


def _question(chosen: RemoteFile | RemoteModel, profile: str) -> ConfirmDialog:
    if isinstance(chosen, RemoteFile):
        body = f"{chosen.name}\n{chosen.id}, {present.size(chosen.size)}\n\nIt is removed at {profile} for good."
        return ConfirmDialog("Delete this file?", body, "Delete file", danger=True)
    body = (
        f"{chosen.id}\n\nThe model and its checkpoints are removed at {profile} for good. Nobody can talk to it again."
    )
    return ConfirmDialog("Delete this model?", body, "Delete model", danger=True, type_to_confirm="delete")
