"""Talk to a model: tuned, checkpoint or base, alone or beside its base."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.reactive import reactive

from fttui.domain.chat.conversation import Conversation, SamplingSettings
from fttui.domain.errors import FttuiError
from fttui.domain.remote import base_model_of
from fttui.ui.deployments import ask_for_deployments, wanted_deployments
from fttui.ui.place import Place, PlaceScreen
from fttui.ui.widgets.chat_column import ChatColumn
from fttui.ui.widgets.chat_pair import ChatPair
from fttui.ui.widgets.chat_setting import ChatSetting
from fttui.ui.widgets.prompt import Prompt

if TYPE_CHECKING:
    from fttui.domain.chat.transcript import Transcript
    from fttui.services.chat.transcripts import Transcripts


class PlaygroundScreen(PlaceScreen):
    """A prompt below one or two conversations."""

    PLACE = Place.PLAYGROUND
    CSS_PATH = "../styles/playground.tcss"
    HELP = """\
# Playground

Talk to a model. `enter` sends what stands in the box, `ctrl+j` starts a new line in it, and `escape` leaves the box
so that single keys work: `m` chooses a model, `b` puts the base model beside it, `s` edits the system prompt,
`t` sets temperature and the like. `escape` while a reply streams stops it; what has come is kept.
Every conversation is saved as it goes; `o` opens an earlier one.
"""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave box", show=False, id="playground.leave"),
        Binding("i", "write", "Write", id="playground.write"),
        Binding("m", "choose_model", "Model", tooltip="Choose the model to talk to", id="playground.model"),
        Binding(
            "b", "toggle_base", "Base beside", tooltip="Put the base model beside the tuned one", id="playground.base"
        ),
        Binding("s", "edit_system", "System", tooltip="Edit the system prompt", id="playground.system"),
        Binding(
            "t", "edit_sampling", "Sampling", tooltip="Temperature, top p, tokens, stop, seed", id="playground.sampling"
        ),
        Binding("r", "retry", "Retry", tooltip="Draw the last reply again", id="playground.retry"),
        Binding("e", "edit_last", "Edit", tooltip="Take the last question back to edit it", id="playground.edit"),
        Binding("n", "start_anew", "New", tooltip="Start a new conversation", id="playground.new"),
        Binding("o", "open_saved", "Saved", tooltip="Open a saved conversation", id="playground.saved"),
        Binding("y", "copy_reply", "Copy", tooltip="Copy the last reply", id="playground.copy"),
    ]

    sampling: reactive[SamplingSettings] = reactive(SamplingSettings(), init=False)

    chats = getters.query_one(ChatPair)
    main = getters.query_one("#main", ChatColumn)
    base = getters.query_one("#base", ChatColumn)
    prompt = getters.query_one(Prompt)

    def __init__(self) -> None:
        super().__init__()
        self._profile = ""
        self._saved_as: str | None = None

    def compose_body(self) -> ComposeResult:
        yield ChatSetting(id="setting")
        yield ChatPair()
        yield Prompt()

    def on_mount(self) -> None:
        self._profile = self._profile or self.app.profile_name
        self.chats.take_up(self.chats.main.conversation)
        self._describe()
        self._begin()
        (self.prompt if self.model else self.main.transcript).focus()

    # Which model, and how

    def choose(self, model: str, profile: str | None = None) -> None:
        """Talk to a model from now on; the system prompt is kept, the turns are not."""
        self._profile = profile or self.app.profile_name
        self._take_up(Conversation(model, self.main.conversation.system))
        self._take_training_prompt()
        self.prompt.focus()

    @work(group="playground.training-prompt", exclusive=True)
    async def _take_training_prompt(self) -> None:
        """Take the system prompt a tuned model was trained with, where none is set."""
        from fttui.services.jobs.training_prompt import training_prompt

        model, services = self.model, self.app.services
        if self.chats.system or base_model_of(model) == model:
            return
        try:
            system = await asyncio.to_thread(lambda: training_prompt(services.journal, self._profile, model))
        except FttuiError as error:
            self.app.show_failure(error)
            return
        now = self.main.conversation
        if system and now == Conversation(model):
            self.chats.set_system(system)
            self._describe()
            self.app.say("System prompt taken from the training file")

    def _take_up(self, conversation: Conversation, saved_as: str | None = None) -> None:
        self._saved_as = saved_as
        self.chats.take_up(conversation)
        self._describe()

    @property
    def model(self) -> str:
        """The model on the left; empty before one is chosen."""
        return self.chats.model

    def watch_sampling(self) -> None:
        self._describe()

    def _describe(self) -> None:
        ends = {model: self.app.services.ending_of(model, self._profile) for model in self.chats.models if model}
        self.query_one(ChatSetting).describe(self.model, ends, self.app.today, self.chats.system, self.sampling)
        self.refresh_bindings()

    # Asking

    @on(Prompt.Sent)
    def _ask(self, event: Prompt.Sent) -> None:
        if not self.model:
            self.app.say("Choose a model first: escape, then m", "warning")
            return
        if self.chats.streaming:
            self.app.say("A reply is still coming; escape stops it")
            return
        self.prompt.clear()
        wanted = wanted_deployments(self.app, self._profile, self.chats.models)
        if wanted:
            self._put_when_deployed(event.text, wanted)
        else:
            self._put(event.text)

    @work(group="playground.ask", exclusive=True)
    async def _put_when_deployed(self, question: str, wanted: list[str]) -> None:
        """Ask for the names of deployments first; the question goes back into the box where one is not told."""
        if await ask_for_deployments(self.app, self._profile, wanted):
            self._put(question)
        elif not self.prompt.text:
            self.prompt.hand_back(question)

    def _put(self, question: str) -> None:
        self.chats.ask(question, self._profile, self.sampling)
        self.refresh_bindings()

    @on(ChatColumn.Finished)
    def _keep(self, event: ChatColumn.Finished) -> None:
        self.refresh_bindings()
        if event.column is self.main:
            self._save()

    @on(ChatColumn.Failed)
    def _hand_back(self, event: ChatColumn.Failed) -> None:
        self.refresh_bindings()
        if event.column is self.main and not self.prompt.text:
            self.prompt.hand_back(event.question)
        self.app.show_failure(event.error)

    # Saved conversations

    def _transcripts(self) -> Transcripts:
        return self.app.services.transcripts

    @work(group="playground.save")
    async def _save(self) -> None:
        conversation, profile = self.main.conversation, self._profile
        try:
            self._saved_as = await asyncio.to_thread(self._transcripts().save, conversation, profile, self._saved_as)
            self.app.services.recents.last_chat = self._saved_as
        except FttuiError as error:
            self.app.show_failure(error)

    @work(group="playground.open", exclusive=True)
    async def _begin(self) -> None:
        """Go on where the person left, unless a model was chosen meanwhile."""
        from fttui.services.chat.beginnings import beginning

        services, profile = self.app.services, self._profile
        transcripts = self._transcripts()
        try:
            begun = await asyncio.to_thread(lambda: beginning(transcripts, services.journal, services.recents, profile))
        except FttuiError as error:
            self.app.show_failure(error)
            return
        if self.model or not begun:
            return
        if isinstance(begun, str):
            self.choose(begun, profile)
        else:
            self._take_up_saved(begun)

    def _take_up_saved(self, transcript: Transcript) -> None:
        self._profile = transcript.profile
        self._take_up(transcript.conversation, transcript.id)
        self.prompt.focus()

    @work(group="playground.open", exclusive=True)
    async def action_open_saved(self) -> None:
        """Choose among the saved conversations."""
        from fttui.ui.saved_dialog import SavedDialog

        listed = await asyncio.to_thread(self._transcripts().list)
        if not listed:
            self.app.say("No conversation has been saved yet")
            return
        chosen = await self.app.push_screen_wait(SavedDialog(listed))
        if chosen is None:
            return
        try:
            self._take_up_saved(await asyncio.to_thread(self._transcripts().load, chosen))
        except FttuiError as error:
            self.app.show_failure(error)

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what makes no sense now."""
        has_turns = bool(self.main.conversation.turns) if self.is_mounted else False
        match action:
            case "retry" | "edit_last" | "copy_reply" | "start_anew":
                return True if has_turns and not self.chats.streaming else None
            case "toggle_base":
                return True if self.chats.has_base else None
            case _:
                return super().check_action(action, parameters)

    def action_leave(self) -> None:
        """Stop a reply, leave the box, or go home: one step at a time."""
        if self.chats.streaming:
            self.chats.stop()
        elif self.prompt.has_focus:
            self.main.transcript.focus()
        else:
            self.app.step_home()

    def action_write(self) -> None:
        """Go to the box."""
        self.prompt.focus()

    @work(group="playground.ask", exclusive=True)
    async def action_choose_model(self) -> None:
        """Choose the model to talk to."""
        from fttui.ui.model_dialog import ModelDialog

        profile = self.app.profile_name
        chosen = await self.app.push_screen_wait(ModelDialog(profile))
        if chosen is not None:
            self.choose(chosen, profile)

    def action_toggle_base(self) -> None:
        """Put the base beside the tuned model, or away; it is asked from the next question on."""
        self.chats.beside = not self.chats.beside
        self._describe()

    @work(group="playground.ask", exclusive=True)
    async def action_edit_system(self) -> None:
        """Edit the system prompt, for the next question on."""
        from fttui.ui.text_dialog import TextDialog

        system = await self.app.push_screen_wait(TextDialog("System prompt", self.main.conversation.system))
        if system is not None:
            self.chats.set_system(system)
            self._describe()

    @work(group="playground.ask", exclusive=True)
    async def action_edit_sampling(self) -> None:
        """Set how replies are drawn, for the next question on."""
        from fttui.ui.sampling_dialog import SamplingDialog

        settings = await self.app.push_screen_wait(SamplingDialog(self.sampling))
        if settings is not None:
            self.sampling = settings

    def action_retry(self) -> None:
        """Ask the last question again."""
        question = self.chats.take_back()
        if question:
            self._put(question)

    def action_edit_last(self) -> None:
        """Take the last question back into the box."""
        self.prompt.hand_back(self.chats.take_back())
        self.prompt.focus()

    def action_start_anew(self) -> None:
        """Start a new conversation with the same model and system prompt."""
        self._take_up(replace(self.main.conversation, turns=()))
        self.prompt.focus()

    def action_copy_reply(self) -> None:
        """Copy the last reply as plain text."""
        if self.chats.last_reply:
            self.app.copy_text(self.chats.last_reply, "the reply")
