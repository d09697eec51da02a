from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fttui.domain.chat.conversation import Conversation, Delta, Ending, SamplingSettings
from fttui.domain.errors import UnreachableError
from fttui.domain.profiles.profile import Dialect, Profile
from fttui.domain.remote import RemoteModel
from fttui.ui.app import FttuiApp
from fttui.ui.dialogs import PromptDialog
from fttui.ui.model_dialog import ModelDialog
from fttui.ui.place import Place
from fttui.ui.saved_dialog import SavedDialog
from fttui.ui.screens.playground import PlaygroundScreen
from pictures import FakeServices, make_app, settle, until

TUNED = "ft:local-nano:local:demo:1a2b3c"
NOON = 1_790_000_000


@pytest.fixture
def app(services: FakeServices) -> FttuiApp:
    services.fake.models += [
        RemoteModel("local-nano", NOON, "fttui"),
        RemoteModel(f"{TUNED}:ckpt-step-30", NOON + 1, "local"),
        RemoteModel(TUNED, NOON + 2, "local"),
    ]
    return make_app(services, Place.PLAYGROUND)


def text_of(app: FttuiApp) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


def playground(app: FttuiApp) -> PlaygroundScreen:
    assert isinstance(app.screen, PlaygroundScreen)
    return app.screen


async def test_the_model_dialog_offers_tuned_models_before_bases(app: FttuiApp) -> None:
    async with app.run_test(notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("m")
        await settle(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, PlaygroundScreen))

        assert playground(app).model == TUNED
        assert playground(app).prompt.has_focus


async def test_a_part_of_a_name_that_is_entered_early_waits_for_the_models(
    app: FttuiApp, services: FakeServices
) -> None:
    async with app.run_test(notifications=True) as pilot:
        await settle(pilot)
        services.fake.gate.clear()
        await pilot.press("m", *"ckpt", "enter")
        await settle(pilot)
        assert not isinstance(app.screen, PlaygroundScreen)

        services.fake.gate.set()
        await until(pilot, lambda: isinstance(app.screen, PlaygroundScreen))

        assert playground(app).model == f"{TUNED}:ckpt-step-30"


async def test_a_question_is_answered_and_the_conversation_is_kept(app: FttuiApp, services: FakeServices) -> None:
    services.fake.replies.append(("你好", ", world"))
    async with app.run_test(notifications=True) as pilot:
        await settle(pilot)
        playground(app).choose(TUNED)
        await pilot.press(*"hi", "enter")
        await until(pilot, lambda: services.recents.last_chat is not None)
        saved = services.recents.last_chat

        last = playground(app).main.conversation.turns[-1]
        assert (last.text, last.ending) == ("你好, world", Ending.STOP)
        assert saved is not None
        assert services.transcripts.load(saved).conversation == playground(app).main.conversation


async def test_escape_stops_a_reply_and_keeps_what_has_come(app: FttuiApp, services: FakeServices) -> None:
    services.fake.gate.clear()
    async with app.run_test(notifications=True) as pilot:
        await settle(pilot)
        screen = playground(app)
        screen.choose(TUNED)
        await pilot.press(*"hi", "enter")
        await until(pilot, lambda: screen.main.streaming)
        await pilot.press("escape")
        await until(pilot, lambda: not screen.main.streaming)

        assert screen.main.conversation.turns[-1].ending is Ending.STOPPED


async def test_a_failure_hands_the_question_back(app: FttuiApp, services: FakeServices) -> None:
    services.fake.failure = UnreachableError("No answer from 127.0.0.1")
    async with app.run_test(notifications=True) as pilot:
        await settle(pilot)
        screen = playground(app)
        screen.choose(TUNED)
        await pilot.press(*"hi", "enter")
        await until(pilot, lambda: screen.prompt.text == "hi")
        assert not screen.main.conversation.turns

        screen.prompt.focus()
        await pilot.press("!")
        await until(pilot, lambda: screen.prompt.text == "hi!", "typing to go on at the end")


async def test_the_base_beside_is_asked_the_same_question(app: FttuiApp, services: FakeServices) -> None:
    async with app.run_test(notifications=True) as pilot:
        await settle(pilot)
        screen = playground(app)
        screen.choose(TUNED)
        await pilot.press("escape", "b", "i", *"hi", "enter")
        await until(pilot, lambda: len(screen.base.conversation.turns) == 2 and not screen.base.streaming)

        assert [call for call in services.fake.calls if call[0] == "reply"] == [
            ("reply", TUNED, "hi"),
            ("reply", "local-nano", "hi"),
        ]


async def test_the_last_question_can_be_edited_and_the_last_reply_drawn_again(
    app: FttuiApp, services: FakeServices
) -> None:
    services.fake.replies += [("one",), ("two",)]
    async with app.run_test(notifications=True) as pilot:
        await settle(pilot)
        screen = playground(app)
        screen.choose(TUNED)
        await pilot.press(*"hi", "enter")
        await until(pilot, lambda: not screen.main.streaming)
        await pilot.press("escape", "r")
        await until(pilot, lambda: screen.main.conversation.turns[-1].text == "two")
        await until(pilot, lambda: not screen.main.streaming)
        assert len(screen.main.conversation.turns) == 2

        await pilot.press("e")
        await pilot.pause()
        assert screen.prompt.text == "hi"
        assert not screen.main.conversation.turns


async def test_sampling_settings_are_checked_as_typed(app: FttuiApp) -> None:
    async with app.run_test(notifications=True) as pilot:
        await settle(pilot)
        screen = playground(app)
        await pilot.press("t", "9")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert app.screen is not screen

        await pilot.press("backspace", "0", ".", "5", "enter")
        await until(pilot, lambda: app.screen is screen)
        assert screen.sampling == SamplingSettings(temperature=0.5)


async def test_the_last_conversation_is_there_again_after_a_restart(services: FakeServices) -> None:
    conversation = Conversation(TUNED, "Be brief.").ask("hi").receive(Delta("Hello.")).finish(Ending.STOP, 1.0, 0.5)
    services.recents.last_chat = services.transcripts.save(conversation, "local")
    app = make_app(services, Place.PLAYGROUND)
    async with app.run_test(notifications=True) as pilot:
        await settle(pilot)

        assert playground(app).main.conversation == conversation


async def test_azure_is_asked_for_its_deployment_once_before_the_first_question(
    app: FttuiApp, services: FakeServices
) -> None:
    azure = Profile("work", Dialect.AZURE, "https://team.openai.azure.com")
    services.change_settings(lambda settings: settings.with_profile(azure))
    model = "gpt-4.1-2025-04-14.ft-0a"
    services.fake.replies += [("one",), ("two",)]
    async with app.run_test(notifications=True) as pilot:
        await settle(pilot)
        playground(app).choose(model, "work")
        await pilot.press(*"hi", "enter")
        await until(pilot, lambda: isinstance(app.screen, PromptDialog))
        assert "reply" not in [call[0] for call in services.fake.calls]

        await pilot.press(*"support-bot", "enter")
        await until(pilot, lambda: services.recents.last_chat is not None)
        assert services.profile("work").deployment_of(model) == "support-bot"

        await pilot.press(*"and", "enter")
        await until(pilot, lambda: playground(app).main.conversation.turns[-1].text == "two")


async def test_a_question_comes_back_where_no_deployment_was_told(app: FttuiApp, services: FakeServices) -> None:
    azure = Profile("work", Dialect.AZURE, "https://team.openai.azure.com")
    services.change_settings(lambda settings: settings.with_profile(azure))
    async with app.run_test(notifications=True) as pilot:
        await settle(pilot)
        playground(app).choose("gpt-4.1", "work")
        await pilot.press(*"hi", "enter")
        await until(pilot, lambda: isinstance(app.screen, PromptDialog))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, PlaygroundScreen))

        assert playground(app).prompt.text == "hi"
        assert "reply" not in [call[0] for call in services.fake.calls]


async def test_the_end_of_a_model_is_counted_down(app: FttuiApp, services: FakeServices) -> None:
    async with app.run_test(notifications=True) as pilot:
        await settle(pilot)
        playground(app).choose("ft:gpt-4o-mini-2024-07-18:me::abc", "openai")
        await settle(pilot)

        assert "ft:gpt-4o-mini-2024-07-18:me::abc, ends in 115 days  System none" in text_of(app)

        await pilot.resize_terminal(120, 40)
        await settle(pilot)

        assert "ft:gpt-4o-mini-2024-07-18:me::abc, ends in 115 days, 2027-01-14  System none" in text_of(app)


async def test_a_long_name_makes_room_for_its_end_and_that_of_the_base_beside(
    app: FttuiApp, services: FakeServices
) -> None:
    said = [RemoteModel("odd-base-of-ours-2026-01-01", NOON, "x", "2026-10-01")]
    await services.announcements.learn(services.profile("openai"), said, date(2026, 9, 1))
    async with app.run_test(notifications=True) as pilot:
        await settle(pilot)
        playground(app).choose("ft:odd-base-of-ours-2026-01-01:our-organisation:a-long-suffix:AbC12345", "openai")
        await settle(pilot)
        assert "-long-suffix:AbC12345, ends in 10 days  System none" in text_of(app)

        await pilot.press("escape", "b")
        await settle(pilot)
        assert "-suffix:AbC12345, ends in 10 days  Base ends in 10 days  System" in text_of(app)


async def test_a_talk_that_is_taken_up_again_tells_the_end_as_its_provider_said_it(services: FakeServices) -> None:
    await services.announcements.learn(
        services.profile("openai"), [RemoteModel("odd", NOON, "x", "2026-09-20")], date(2026, 9, 1)
    )
    talk = Conversation("ft:odd:me::abc").ask("Hello?")
    services.transcripts.save(talk, "openai")
    services.recents.last_chat = services.transcripts.save(talk, "a-profile-that-is-gone")
    app = make_app(services, Place.PLAYGROUND)
    async with app.run_test(notifications=True) as pilot:
        await until(pilot, lambda: "Hello?" in text_of(app), "the last talk")
        assert "ended" not in text_of(app)

        await pilot.press("escape", "o")
        await until(pilot, lambda: isinstance(app.screen, SavedDialog), "the saved talks")
        await settle(pilot)
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, PlaygroundScreen), "the talk")
        await until(pilot, lambda: "ft:odd:me::abc, ended yesterday, 2026-09-20" in text_of(app), "its end")


async def test_the_model_dialog_tells_the_end_that_the_provider_announces_of_a_base(
    services: FakeServices,
) -> None:
    services.settings = replace(services.settings, profile="openai")
    services.fake.models = [RemoteModel("odd", NOON, "x", "2026-10-01"), RemoteModel("ft:odd:me::abc", NOON, "me")]
    async with make_app(services, Place.PLAYGROUND).run_test(notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("m")
        await until(pilot, lambda: isinstance(pilot.app.screen, ModelDialog), "the dialog")
        await settle(pilot)

        told = "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())
        assert "ft:odd:me::abc  tuned, ends in 10 days, 2026-10-01" in told
        assert "odd  base, ends in 10 days, 2026-10-01" in told
