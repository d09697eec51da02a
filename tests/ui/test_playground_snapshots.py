from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from textual.pilot import Pilot

from fttui.domain.chat.conversation import Conversation, Delta, Ending, Usage
from fttui.domain.errors import RefusedError
from fttui.domain.remote import RemoteModel
from fttui.ui.place import Place
from fttui.ui.screens.playground import PlaygroundScreen
from pictures import SIZES, FakeServices, Snap, make_app, settle, until

TUNED = "ft:local-nano:local:smart-home:1a2b3c"
ENDING = "ft:gpt-4.1-mini-2025-04-14:acme:smart-home:Bx1a2b3c"
NOON = 1_790_000_000
SYSTEM = "Answer with JSON."


def talk(model: str, replies: list[tuple[str, str]], system: str = SYSTEM) -> Conversation:
    conversation = Conversation(model, system)
    for question, reply in replies:
        usage = Usage(21, len(reply.split()) * 4)
        conversation = (
            conversation.ask(question).receive(Delta(reply, Ending.STOP, usage)).finish(Ending.STOP, 0.9, 0.1)
        )
    return conversation


@pytest.mark.parametrize("size", SIZES)
def test_no_model_is_chosen_yet(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    snap(make_app(services, Place.PLAYGROUND), size)


@pytest.mark.parametrize("size", SIZES)
def test_models_are_offered(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    services.settings = replace(services.settings, profile="openai")
    services.fake.models += [
        RemoteModel("gpt-4.1-mini-2025-04-14", NOON, "openai", "2026-12-24"),
        RemoteModel("gpt-4o-mini-2024-07-18", NOON, "openai"),
        RemoteModel(f"{ENDING}:ckpt-step-30", NOON + 1, "acme"),
        RemoteModel(ENDING, NOON + 2, "acme"),
    ]
    snap(make_app(services, Place.PLAYGROUND), size, press=["m"])


@pytest.mark.parametrize("size", SIZES)
def test_a_reply_is_awaited(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    services.fake.gate.clear()
    app = make_app(services, Place.PLAYGROUND)

    async def ask(pilot: Pilot[None]) -> None:
        await settle(pilot)
        assert isinstance(app.screen, PlaygroundScreen)
        app.screen.choose(TUNED)
        await pilot.press(*"Turn on the light.", "enter")

    snap(app, size, before=ask)


@pytest.mark.parametrize("size", SIZES)
def test_a_conversation_in_two_languages(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    conversation = talk(
        TUNED,
        [
            ("Turn on the light in the hall.", '{"action": "on", "device": "light", "room": "hall"}'),
            ("请打开厨房的灯。", '{"action": "on", "device": "light", "room": "kitchen"}'),
            ("说说天气", "今天天气很好,适合出门散步。" * 8),
        ],
    )
    services.recents.last_chat = services.transcripts.save(conversation, "local")
    snap(make_app(services, Place.PLAYGROUND), size)


@pytest.mark.parametrize("size", SIZES)
def test_the_base_stands_beside(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    services.fake.replies += [('{"action": "on", "device": "fan"}',), ("I am not sure what you mean by that.",)]
    app = make_app(services, Place.PLAYGROUND)

    async def ask(pilot: Pilot[None]) -> None:
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, PlaygroundScreen)
        screen.choose(TUNED)
        await pilot.press("escape", "b", "i", *"Start the fan.", "enter")
        await until(pilot, lambda: bool(screen.base.conversation.turns) and not screen.base.streaming)

    snap(app, size, before=ask)


@pytest.mark.parametrize("size", SIZES)
def test_both_models_end(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    said = [
        RemoteModel(ENDING, NOON, "acme", "2026-10-24"),
        RemoteModel("gpt-4.1-mini-2025-04-14", NOON, "", "2026-09-20"),
    ]
    app = make_app(services, Place.PLAYGROUND)

    async def choose(pilot: Pilot[None]) -> None:
        await services.announcements.learn(services.profile("openai"), said, date(2026, 9, 1))
        await settle(pilot)
        assert isinstance(app.screen, PlaygroundScreen)
        app.screen.choose(ENDING, "openai")
        await pilot.press("escape", "b")

    snap(app, size, before=choose)


@pytest.mark.parametrize("size", SIZES)
def test_the_provider_refuses(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    services.fake.failure = RefusedError(
        "The model `ft:gone` does not exist", status=404, code="model_not_found", hint="Choose another model with m."
    )
    app = make_app(services, Place.PLAYGROUND)

    async def ask(pilot: Pilot[None]) -> None:
        await settle(pilot)
        assert isinstance(app.screen, PlaygroundScreen)
        app.screen.choose(TUNED)
        await pilot.press("h", "i", "enter")

    snap(app, size, before=ask)


@pytest.mark.parametrize("size", SIZES)
def test_sampling_is_edited(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    snap(make_app(services, Place.PLAYGROUND), size, press=["t", "9"])
