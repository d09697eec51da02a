"""One model's side of the playground: its conversation, and the reply that streams into it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import getters, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive

from fttui.domain.chat.conversation import Conversation, SamplingSettings
from fttui.domain.errors import FttuiError
from fttui.ui.widgets.transcript import Transcript

if TYPE_CHECKING:
    from fttui.ui.app import FttuiApp


class ChatColumn(Vertical):
    """A conversation with one model; owns it and the worker that streams replies."""

    DEFAULT_CSS = "ChatColumn { width: 1fr; height: 1fr; }"

    conversation: reactive[Conversation] = reactive(Conversation(""), init=False)
    streaming: reactive[bool] = reactive(False, init=False)

    transcript = getters.query_one(Transcript)

    if TYPE_CHECKING:
        app = getters.app(FttuiApp)

    @dataclass
    class Finished(Message):
        """A reply is complete, or as complete as it will be."""

        column: ChatColumn

    @dataclass
    class Failed(Message):
        """The provider gave no reply; the question is handed back."""

        column: ChatColumn
        question: str
        error: FttuiError

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._stop = asyncio.Event()

    def compose(self) -> ComposeResult:
        yield Transcript()

    def watch_conversation(self, conversation: Conversation) -> None:
        self.transcript.conversation = conversation

    def ask(self, question: str, profile: str, sampling: SamplingSettings) -> None:
        """Put a question to the model; refused while a reply streams."""
        if self.streaming:
            return
        self.conversation = self.conversation.ask(question)
        self.streaming = True
        self._stop = asyncio.Event()
        self._receive(profile, sampling, self._stop)

    def stop(self) -> None:
        """End the reply that streams; what has come is kept."""
        self._stop.set()

    def abandon(self) -> None:
        """Let go of the reply that streams, whatever has come of it."""
        self.workers.cancel_node(self)
        self.streaming = False

    @work(group="chat.reply", exclusive=True)
    async def _receive(self, profile: str, sampling: SamplingSettings, stop: asyncio.Event) -> None:
        from fttui.services.chat.talk import stream_reply

        services = self.app.services
        try:
            provider = await services.provider(profile)
            self.app.refresh_status()
            async for grown in stream_reply(provider, self.conversation, sampling, services.clock, stop=stop):
                self.conversation = grown
        except FttuiError as error:
            self.conversation, question = self.conversation.take_back()
            self.streaming = False
            self.post_message(self.Failed(self, question, error))
        else:
            self.streaming = False
            self.post_message(self.Finished(self))
