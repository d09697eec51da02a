from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import pytest

from fakes import NOON, FakeClock
from fttui.domain.chat.conversation import Conversation, Delta, Ending, SamplingSettings, Turn, Usage
from fttui.domain.errors import ProviderError, UnreachableError
from fttui.services.chat.talk import stream_reply

ASKED = Conversation("model", "Be brief.").ask("Why?")
PLAIN = SamplingSettings()


@dataclass
class ScriptedReply:
    """Plays pieces, pauses (seconds on the clock) and failures; remembers what it was sent."""

    script: Sequence[Delta | float | ProviderError]
    clock: FakeClock = field(default_factory=FakeClock)
    hold: asyncio.Event | None = None
    """What the reply waits for after its last piece; `held` is set while it does."""
    sent: list[Sequence[Turn]] = field(default_factory=list)
    closed: bool = False
    held: asyncio.Event = field(default_factory=asyncio.Event)

    async def reply(self, model: str, turns: Sequence[Turn], sampling: SamplingSettings) -> AsyncIterator[Delta]:
        self.sent.append(turns)
        try:
            for step in self.script:
                if isinstance(step, float):
                    await self.clock.sleep(step)
                elif isinstance(step, ProviderError):
                    raise step
                else:
                    yield step
            if self.hold is not None:
                self.held.set()
                await self.hold.wait()
        finally:
            self.closed = True


async def collect(provider: ScriptedReply, stop: asyncio.Event | None = None) -> list[Conversation]:
    return [grown async for grown in stream_reply(provider, ASKED, PLAIN, provider.clock, stop=stop)]


async def test_a_reply_grows_piece_by_piece_and_ends_with_its_times() -> None:
    provider = ScriptedReply([0.5, Delta("Be"), 1.5, Delta("cause"), Delta(ending=Ending.STOP, usage=Usage(9, 4))])

    grown = await collect(provider)

    assert [conversation.turns[-1].text for conversation in grown] == ["Be", "Because", "Because", "Because"]
    last = grown[-1].turns[-1]
    assert (last.ending, last.seconds, last.first_token_seconds) == (Ending.STOP, 2.0, 0.5)
    assert last.tokens_per_second == pytest.approx(4 / 1.5)
    assert [turn.text for turn in provider.sent[0]] == ["Be brief.", "Why?"]
    assert provider.clock.time == NOON + 2.0


async def test_a_reply_that_ends_without_saying_how_counts_as_cut_off() -> None:
    grown = await collect(ScriptedReply([Delta("Be")]))

    assert (grown[-1].turns[-1].text, grown[-1].turns[-1].ending) == ("Be", Ending.CUT_OFF)


async def test_a_stream_that_breaks_keeps_what_came() -> None:
    grown = await collect(ScriptedReply([Delta("Be"), UnreachableError("The line is down")]))

    assert (grown[-1].turns[-1].text, grown[-1].turns[-1].ending) == ("Be", Ending.CUT_OFF)


async def test_a_provider_that_gives_nothing_is_an_error() -> None:
    with pytest.raises(UnreachableError):
        await collect(ScriptedReply([UnreachableError("The line is down")]))


async def test_stopping_keeps_what_came_and_lets_go_of_the_stream() -> None:
    stop = asyncio.Event()
    provider = ScriptedReply([Delta("Be"), Delta("cause")], hold=asyncio.Event())
    grown = []
    async for conversation in stream_reply(provider, ASKED, PLAIN, provider.clock, stop=stop):
        grown.append(conversation)
        if conversation.turns[-1].text == "Because":
            stop.set()

    last = grown[-1].turns[-1]
    assert (last.text, last.ending) == ("Because", Ending.STOPPED)
    assert provider.closed


async def test_stopping_a_reply_that_has_not_begun_ends_it_empty() -> None:
    stop = asyncio.Event()
    stop.set()

    grown = await collect(ScriptedReply([], hold=asyncio.Event()), stop)

    assert (grown[-1].turns[-1].text, grown[-1].turns[-1].ending) == ("", Ending.STOPPED)


async def test_whoever_stops_reading_lets_go_of_the_stream() -> None:
    provider = ScriptedReply([Delta("Be")], hold=asyncio.Event())

    async def read() -> None:
        async for _ in stream_reply(provider, ASKED, PLAIN, provider.clock):
            pass

    reading = asyncio.create_task(read())
    await provider.held.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading

    assert provider.closed
