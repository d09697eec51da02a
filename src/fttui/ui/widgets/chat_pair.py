"""A conversation, and beside it the same one with the base: what is done to both at once."""

from __future__ import annotations

from dataclasses import replace

from textual import getters
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.reactive import reactive

from fttui.domain.chat.conversation import Conversation, SamplingSettings, Speaker
from fttui.domain.remote import base_model_of
from fttui.domain.text import safe_line
from fttui.ui.widgets.chat_column import ChatColumn

NO_MODEL = "No model yet. Press m to choose one; a model of your own comes from the Launch place (3)."
READY = "Type a question below and press enter."


class ChatPair(Horizontal):
    """The columns of the playground; the left one decides which model the right one is."""

    DEFAULT_CSS = "ChatPair { height: 1fr; }"

    beside: reactive[bool] = reactive(False, init=False)
    """Whether the base stands on the right."""

    main = getters.query_one("#main", ChatColumn)
    base = getters.query_one("#base", ChatColumn)

    def compose(self) -> ComposeResult:
        yield ChatColumn(id="main")
        yield ChatColumn(id="base")

    def on_mount(self) -> None:
        self.base.display = False

    def watch_beside(self, beside: bool) -> None:
        self.base.display = beside

    @property
    def model(self) -> str:
        """The model on the left; empty before one is chosen."""
        return self.main.conversation.model

    @property
    def system(self) -> str:
        """The system prompt of both."""
        return self.main.conversation.system

    @property
    def has_base(self) -> bool:
        """Whether the model has a base other than itself."""
        return bool(self.model) and base_model_of(self.model) != self.model

    @property
    def columns(self) -> list[ChatColumn]:
        """Those that are asked."""
        return [self.main, self.base] if self.beside else [self.main]

    @property
    def models(self) -> list[str]:
        """The models that are asked."""
        return [column.conversation.model for column in self.columns]

    @property
    def streaming(self) -> bool:
        """Whether a reply is still coming."""
        return self.main.streaming or self.base.streaming

    @property
    def last_reply(self) -> str:
        """The newest reply on the left; empty before there is one."""
        replies = [turn.text for turn in self.main.conversation.turns if turn.speaker is Speaker.ASSISTANT]
        return replies[-1] if replies else ""

    def take_up(self, conversation: Conversation) -> None:
        """Go on with a conversation; the base begins anew beside it."""
        for column in (self.main, self.base):
            column.abandon()
        base = base_model_of(conversation.model)
        self.main.conversation = conversation
        self.base.conversation = Conversation(base, conversation.system)
        self.beside = self.beside and self.has_base
        self.main.transcript.hint = READY if self.model else NO_MODEL
        self.base.transcript.hint = f"The base, {safe_line(base)}, answers the same question here."

    def set_system(self, system: str) -> None:
        """Let both answer after this system prompt from the next question on."""
        for column in (self.main, self.base):
            column.conversation = replace(column.conversation, system=system)

    def ask(self, question: str, profile: str, sampling: SamplingSettings) -> None:
        """Put a question to those that are asked."""
        for column in self.columns:
            column.ask(question, profile, sampling)

    def take_back(self) -> str:
        """Take the last question back with its replies, and return it."""
        question = ""
        for column in self.columns:
            column.conversation, taken = column.conversation.take_back()
            question = question or taken
        return question

    def stop(self) -> None:
        """Stop what streams; what has come is kept."""
        for column in (self.main, self.base):
            column.stop()
