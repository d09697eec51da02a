"""The launch form at work: it keeps the draft, and opens the lists of what the provider and this computer have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual import getters, on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.message import Message
from textual.reactive import var

from fttui.domain.errors import FttuiError
from fttui.domain.jobs.bases import may_train
from fttui.domain.jobs.draft import DataSource, Draft, source_name
from fttui.domain.jobs.job import Method
from fttui.domain.jobs.provider_rules import provider_problems
from fttui.domain.jobs.recipe import recipe_of_draft
from fttui.domain.jobs.retarget import draft_of
from fttui.domain.jobs.spec import AUTO, ChoiceField
from fttui.domain.profiles.capabilities import Capabilities
from fttui.domain.profiles.profile import Profile
from fttui.domain.remote import RemoteFile, RemoteModel
from fttui.domain.text import safe_line
from fttui.services.jobs.recipes import with_local_files
from fttui.ui import launch_choices, present
from fttui.ui.file_choices import recent_files, typed_file
from fttui.ui.launch_apart import APART, edit_apart, kept_checkpoints
from fttui.ui.screens.pick import Choice, PickDialog
from fttui.ui.widgets.spec_form import METHOD_LABELS, SpecForm

if TYPE_CHECKING:
    from fttui.ui.app import FttuiApp

_FILES = ("training_file", "validation_file")


class LaunchForm(Container):
    """Fills in a draft. It tells its screen whenever the draft is another one, and which profile is wanted."""

    draft: var[Draft] = var(Draft())
    item_fields: var[frozenset[str] | None] = var[frozenset[str] | None](None)
    """The fields of the training rows, for the templates of a grader; None where they are not at hand."""
    sizes: var[Mapping[str, int]] = var[Mapping[str, int]]({})
    """Bytes of the files on this computer, by the name of their field."""
    insists: var[bool] = var(False)
    """Whether to say of fields that they are still empty: once a launch was asked for."""

    spec_form = getters.query_one(SpecForm)

    @dataclass
    class Edited(Message):
        """The draft is another one."""

        draft: Draft

    @dataclass
    class ProfileChosen(Message):
        """Another profile is wanted."""

        name: str

    @dataclass
    class Listed(Message):
        """The provider has listed its models and files."""

    @dataclass
    class ListsFailed(Message):
        """The provider did not list its models and files."""

        error: FttuiError

    if TYPE_CHECKING:
        app = getters.app(FttuiApp)

    def __init__(self) -> None:
        super().__init__()
        self._models: Sequence[RemoteModel] = ()
        self._files: Sequence[RemoteFile] = ()
        self._profile = ""
        self._can = Capabilities()
        self._taken: Path | None = None
        self._model_before = ""
        """The model of the profile before, to be chosen again where this one has it too."""
        self._listed = self._asking = False

    def compose(self) -> ComposeResult:
        yield SpecForm()

    def on_mount(self) -> None:
        self.spec_form.load(self.draft)
        self.spec_form.go_to("model")

    def fill(self, training: Path | str | None, validation: Path | str | None = None) -> None:
        """Take files into the form, local ones by path, files at the provider by id."""
        self.draft = replace(
            self.draft, training=self._source(training), validation=self._source(validation) or self.draft.validation
        )

    def _source(self, file: Path | str | None) -> DataSource | None:
        if not isinstance(file, str):
            return file
        known = next((one for one in self._files if one.id == file), None)
        return known or RemoteFile(file, file, 0, 0, "fine-tune", "")

    def take_dataset(self, dataset: Path | None) -> None:
        """Follow the data set in hand, unless another file was chosen here."""
        if dataset is not None and self.draft.training in (None, self._taken):
            self._taken = dataset
            self.draft = replace(self.draft, training=dataset)

    @property
    def is_whole(self) -> bool:
        """Whether all its widgets are there."""
        return self.is_mounted and self.display

    @property
    def models(self) -> Sequence[RemoteModel]:
        """What the provider has listed so far."""
        return self._models

    @property
    def is_listing(self) -> bool:
        """Whether the provider is still being asked for its models."""
        return self._asking

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """What is wrong with the draft, as (field name, sentence) pairs."""
        found = self.draft.problems(self.item_fields)
        profile = self.app.services.profile(self._profile or None)
        at = provider_problems(self.draft, profile, self._can, self.sizes)
        return (*found, *((name, words) for name, words in at if name not in dict(found)))

    def load(self, draft: Draft) -> None:
        """Take another draft altogether, such as that of a recipe."""
        self.spec_form.load(draft)
        self.draft = draft

    # What the provider has

    def change_profile(self, profile: Profile, can: Capabilities) -> tuple[str, ...]:
        """Choose from another provider; return what of the draft could not be carried there."""
        self.spec_form.pick("profile", f"{profile.name} ({launch_choices.where(profile)})")
        left: tuple[str, ...] = ()
        before, self._profile, self._can = self._profile, profile.name, can
        if before and profile.name != before:
            recipe = recipe_of_draft(self.draft, before)
            carried, left = draft_of(recipe, profile, can)
            # Which models it has is not known before it has answered.
            self._model_before = carried.model
            self.load(replace(with_local_files(carried), model=""))
        else:
            self.draft = replace(self.draft, fields=can.hyperparameters)
        self.spec_form.offer(launch_choices.fields_offered(self.draft, can))
        self.reload()
        return left

    def reload(self) -> None:
        """Ask the provider for its models and files."""
        self._models, self._files, self._listed = (), (), False
        self._load_lists(self._profile)

    def reload_if_missing(self) -> None:
        """Ask again where nothing was heard yet."""
        if self._profile and not self._listed:
            self._load_lists(self._profile)

    def forget_lists(self) -> None:
        """The lists are out of date; ask anew when they are wanted next."""
        self._listed = False

    @work(group="launch.lists", exclusive=True)
    async def _load_lists(self, profile: str) -> None:
        self._asking = True
        self.spec_form.pick_later("model", f"asking {safe_line(profile)} for its models…")
        try:
            self._can = await self.app.services.learn_capabilities(profile)
            provider = await self.app.services.provider(profile)
            self._models = await self.app.services.list_models(profile) if self._can.models else ()
            self._files = await provider.list_files() if self._can.files else ()
        except FttuiError as error:
            self._asking = False
            if self.is_whole:
                self.spec_form.pick_later("model", f"✗ {error.title} · ^l asks again")
                self.post_message(self.ListsFailed(error))
            return
        self._listed, self._asking = True, False
        self.app.refresh_status()
        if not self.is_whole:
            return
        self.spec_form.pick_later("model", "choose a model" if self._models else "no models here: type a name")
        self._complain()
        if not self.draft.model:
            self.draft = replace(self.draft, model=self._first_model(profile))
        self.post_message(self.Listed())

    def _first_model(self, profile: str) -> str:
        """The model that was chosen at another profile, where this one has it too; else its usual base."""
        before, self._model_before = self._model_before, ""
        if any(model.id == before for model in self._models):
            return before
        if before:
            self.app.say(f"{profile} does not list {before}: choose a model there", "warning")
        return self._base_in_hand(profile) or launch_choices.usual_base(
            self._models, self.app.services.profile(profile)
        )

    def _base_in_hand(self, profile: str) -> str:
        """The base that was taken in hand elsewhere, where this profile may train it; else empty."""
        model = self.app.base_model
        known = may_train(model, self.app.services.profile(profile).dialect)
        return model if known and profile == self.app.profile_name else ""

    def take_model(self, model: str) -> None:
        """Follow the base in hand, where this profile may train it."""
        if model and model == self._base_in_hand(self._profile):
            self.draft = replace(self.draft, model=model)

    # The draft

    def watch_draft(self, draft: Draft) -> None:
        """Show the draft, and tell the screen."""
        if not self.is_whole:
            return
        self.spec_form.show(draft)
        self.spec_form.offer(launch_choices.fields_offered(draft, self._can))
        self.spec_form.pick("model", draft.model)
        for name, source in zip(_FILES, (draft.training, draft.validation), strict=True):
            shown = present.place(source, Path.home()) if isinstance(source, Path) else source_name(source)
            self.spec_form.pick(name, f"{shown} (at the provider)" if isinstance(source, RemoteFile) else shown)
        self._complain()
        self.post_message(self.Edited(draft))

    def watch_item_fields(self) -> None:
        """Hold the grader against the rows."""
        if self.is_whole:
            self._complain()

    def watch_sizes(self) -> None:
        """Hold the files against the limits."""
        if self.is_whole:
            self._complain()

    def watch_insists(self) -> None:
        """Say what is missing from now on."""
        if self.is_whole:
            self._complain()

    def _complain(self) -> None:
        filled = {
            "model": self.draft.model,
            "training_file": self.draft.training,
            "validation_file": self.draft.validation,
            "grader": self.draft.grader,
        }
        quiet = {name for name, value in filled.items() if not value}
        self.spec_form.complain({name: words for name, words in self.problems if self.insists or name not in quiet})

    @on(SpecForm.Typed)
    def _type(self, event: SpecForm.Typed) -> None:
        match event.name:
            case "suffix":
                self.draft = replace(self.draft, suffix=event.text)
            case "seed":
                self.draft = replace(self.draft, seed=event.text)
            case "metadata":
                self.draft = replace(self.draft, metadata=event.text)
            case name:
                self.draft = self.draft.type_in(name, event.text)

    @on(SpecForm.Emptied)
    def _empty(self, event: SpecForm.Emptied) -> None:
        self._choose(event.name, "")

    @on(SpecForm.Wanted)
    def _tell_wanted(self, event: SpecForm.Wanted) -> None:
        self.ask_for(event.name)

    @work(group="launch.choose", exclusive=True)
    async def ask_for(self, name: str) -> None:
        """Open the list, or the sheet, of a field."""
        if name in APART:
            edited = await edit_apart(self.app, name, self.draft, self.item_fields, self._profile)
            if edited is not None:
                self.draft = edited
            return
        dialog = await self._dialog_for(name)
        chosen = await self.app.push_screen_wait(dialog)
        if chosen is not None:
            self._choose(name, chosen)

    async def _dialog_for(self, name: str) -> PickDialog:
        draft = self.draft
        match name:
            case "profile":
                choices = launch_choices.profile_choices(self.app.services.settings.profiles)
                return PickDialog("Train where?", choices, chosen=self._profile)
            case "model":
                models = [*self._models, *await kept_checkpoints(self.app.services, self._profile, self._models)]
                ending_of = partial(self.app.services.ending_of, name=self._profile)
                choices = launch_choices.model_choices(models, ending_of, self.app.today)
                empty = "The provider has not listed its models: type a name"
                return PickDialog("Start from", choices, chosen=draft.model, typed_label="use the name", empty=empty)
            case "method":
                return launch_choices.method_dialog(METHOD_LABELS, self._can.methods or tuple(Method), draft.method)
            case "training_file" | "validation_file":
                recent = await recent_files(self.app.services.recents, leave_out=self.app.dataset)
                choices = launch_choices.file_choices(self.app.dataset, recent, self._files)
                title = "Learn from" if name == "training_file" else "Measure with"
                return PickDialog(title, choices, typed_label="use the file", empty="Type the path of a file")
            case _:
                entry = next(field for field in draft.fields if field.name == name)
                words = (AUTO, *entry.choices) if isinstance(entry, ChoiceField) else (AUTO,)
                chosen = draft.typed.get(name) or AUTO
                return PickDialog(entry.label, [Choice(word, word) for word in words], chosen=chosen)

    def _choose(self, name: str, value: str) -> None:
        match name:
            case "grader":
                self.draft = replace(self.draft, grader=None)
            case "response_format":
                self.draft = replace(self.draft, response_format="")
            case "wandb":
                self.draft = replace(self.draft, wandb=None)
            case "profile":
                self.post_message(self.ProfileChosen(value or self._profile))
            case "model":
                self.draft = replace(self.draft, model=value)
            case "method":
                self.draft = replace(self.draft, method=Method(value) if value else Method.SUPERVISED)
            case "training_file":
                self.draft = replace(self.draft, training=self._chosen_source(value))
            case "validation_file":
                self.draft = replace(self.draft, validation=self._chosen_source(value))
            case _:
                self.draft = self.draft.type_in(name, "" if value == AUTO else value)

    def _chosen_source(self, value: str) -> DataSource | None:
        if value.startswith(launch_choices.UPLOADED):
            return self._source(value.removeprefix(launch_choices.UPLOADED))
        return typed_file(value) if value else None
