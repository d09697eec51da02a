"""Profiles & keys: choosing, adding, changing and removing profiles; setting, testing and deleting keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input, Static

from fttui.domain.errors import KeyStoreError, UnreachableError
from fttui.domain.profiles.probed import Finding, Subject
from fttui.domain.profiles.profile import Credential, Dialect, KeySource, Profile
from fttui.domain.profiles.secret import Secret
from fttui.domain.profiles.states import KeyStoreState
from fttui.domain.remote import RemoteModel
from fttui.ui.app import FttuiApp
from fttui.ui.dialogs import ConfirmDialog, ErrorDialog
from fttui.ui.key_dialog import KeyDialog
from fttui.ui.place import Place
from fttui.ui.profile_dialog import ProfileDialog
from fttui.ui.screens.pick import PickDialog
from fttui.ui.screens.profiles import ProfilesScreen
from fttui.ui.widgets.field import Field, SecretInput
from fttui.ui.widgets.form_field import PickField
from pictures import FakeServices, make_app, settle, until

KEY = "sk-0123456789wxyz"


def text_of(app: FttuiApp) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


def is_open(app: FttuiApp, kind: type) -> Callable[[], bool]:
    return lambda: isinstance(app.screen, kind) and app.screen.is_mounted and app.focused is not None


async def on_openai(pilot: Pilot[None]) -> None:
    await settle(pilot)
    await pilot.press("j")
    await pilot.pause()


async def test_enter_uses_the_profile_from_now_on(services: FakeServices) -> None:
    app = make_app(services, Place.PROFILES)
    async with app.run_test() as pilot:
        await on_openai(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: app.profile_name == "openai", "the profile")

        assert services.settings.profile == "openai"
        assert 'profile = "openai"' in services.settings_path.read_text()


async def test_a_profile_is_added_by_its_address(services: FakeServices) -> None:
    app = make_app(services, Place.PROFILES)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("n")
        await until(pilot, is_open(app, ProfileDialog), "the dialog")
        await pilot.press(*"mine", "tab", *"http://10.0.0.1:8000/v1", "tab", *"pass show 'my key'", "enter")
        await until(pilot, lambda: len(services.settings.profiles) == 3, "the profile")

        assert services.settings.find_profile("mine") == Profile(
            "mine", Dialect.COMPATIBLE, "http://10.0.0.1:8000/v1", ("pass", "show", "my key")
        )


@pytest.mark.parametrize(
    ("name", "address", "says"),
    [
        ("mine", "10.0.0.1", "must read like https://host/v1"),
        ("a b", "http://h/v1", "letters, digits"),
        ("openai", "http://h/v1", "There is a profile openai already"),
    ],
)
async def test_a_profile_that_does_not_hold_together_is_not_saved(
    services: FakeServices, name: str, address: str, says: str
) -> None:
    app = make_app(services, Place.PROFILES)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("n")
        await until(pilot, is_open(app, ProfileDialog), "the dialog")
        await pilot.press(*name, "tab", *address, "enter")
        await settle(pilot)

        assert isinstance(app.screen, ProfileDialog)
        assert says in " ".join(text_of(app).split())
        assert len(services.settings.profiles) == 2


async def test_an_own_profile_is_removed_after_asking(services: FakeServices) -> None:
    services.change_settings(lambda known: known.with_profile(Profile("mine", Dialect.COMPATIBLE, "http://h/v1")))
    app = make_app(services, Place.PROFILES)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("G", "d")
        await until(pilot, is_open(app, ConfirmDialog), "the question")
        await pilot.press("enter")
        await settle(pilot)
        assert len(services.settings.profiles) == 3, "the cursor starts on Cancel"

        await pilot.press("d")
        await until(pilot, is_open(app, ConfirmDialog), "the question")
        await pilot.press("h", "enter")
        await until(pilot, lambda: len(services.settings.profiles) == 2, "the removal")


async def test_a_key_is_kept_and_leaves_no_trace_on_the_screen(services: FakeServices) -> None:
    app = make_app(services, Place.PROFILES)
    async with app.run_test(notifications=True) as pilot:
        await on_openai(pilot)
        await pilot.press("s")
        await until(pilot, is_open(app, KeyDialog), "the dialog")
        dialog = app.screen
        await pilot.press(*KEY)
        await pilot.pause()
        assert KEY not in text_of(app)
        typed = dialog.query_one(Input)
        await pilot.press("enter")
        await until(pilot, lambda: "openai" in services.fake_keys.credentials, "the key")
        await settle(pilot)

        assert services.fake_keys.credentials["openai"] == Credential(Secret(KEY), KeySource.KEYRING)
        assert typed.value == ""
        assert "key …wxyz from keyring" in text_of(app)
        assert KEY not in text_of(app)


async def test_a_key_is_never_copied_or_cut(services: FakeServices) -> None:
    app = make_app(services, Place.PROFILES)
    async with app.run_test() as pilot:
        await on_openai(pilot)
        await pilot.press("s")
        await until(pilot, is_open(app, KeyDialog), "the dialog")
        await pilot.press(*KEY, "shift+home", "ctrl+c", "ctrl+x", "super+c")
        await pilot.pause()

        assert app.clipboard == ""
        assert isinstance(app.focused, SecretInput)
        assert app.focused.value == KEY


async def test_without_a_key_store_a_key_lasts_for_this_session(services: FakeServices) -> None:
    services.fake_keys.store = KeyStoreState("", available=False, reason="there is no key store on this system")
    app = make_app(services, Place.PROFILES)
    async with app.run_test() as pilot:
        await on_openai(pilot)
        await pilot.press("s")
        await until(pilot, is_open(app, KeyDialog), "the dialog")
        assert "It cannot be kept here" in text_of(app)
        assert [button.id for button in app.screen.query(Button)] == ["session", "cancel"]
        await pilot.press(*KEY, "enter")
        await until(pilot, lambda: "openai" in services.fake_keys.credentials, "the key")

        assert services.fake_keys.credentials["openai"].source is KeySource.SESSION


async def test_what_cannot_be_a_key_is_refused_beside_the_field(services: FakeServices) -> None:
    app = make_app(services, Place.PROFILES)
    async with app.run_test() as pilot:
        await on_openai(pilot)
        await pilot.press("s")
        await until(pilot, is_open(app, KeyDialog), "the dialog")
        await pilot.press(*"sk-ключ", "enter")
        await settle(pilot)

        assert isinstance(app.screen, KeyDialog)
        assert app.screen.query_one(Field).problem == "A key has only ASCII characters; this holds others"


async def test_a_key_store_that_refuses_is_told_in_a_dialog(services: FakeServices) -> None:
    services.fake_keys.failure = KeyStoreError("The key store is locked", hint="Unlock it first.")
    app = make_app(services, Place.PROFILES)
    async with app.run_test() as pilot:
        await on_openai(pilot)
        await pilot.press("s")
        await until(pilot, is_open(app, KeyDialog), "the dialog")
        await pilot.press(*KEY, "enter")
        await until(pilot, is_open(app, ErrorDialog), "the error")

        assert "Unlock it first." in text_of(app)


async def test_a_key_is_deleted_after_asking(services: FakeServices) -> None:
    services.fake_keys.credentials["openai"] = Credential(Secret(KEY), KeySource.KEYRING)
    app = make_app(services, Place.PROFILES)
    async with app.run_test() as pilot:
        await on_openai(pilot)
        await pilot.press("x")
        await until(pilot, is_open(app, ConfirmDialog), "the question")
        await pilot.press("enter")
        await settle(pilot)
        assert "openai" in services.fake_keys.credentials, "the cursor starts on Cancel"

        await pilot.press("x")
        await until(pilot, is_open(app, ConfirmDialog), "the question")
        await pilot.press("h", "enter")
        await until(pilot, lambda: "openai" not in services.fake_keys.credentials, "the deletion")

        assert "wxyz" not in text_of(app)


async def test_testing_asks_the_provider_for_real(services: FakeServices) -> None:
    services.fake.models = [RemoteModel("m", 0, "me")]
    app = make_app(services, Place.PROFILES)
    async with app.run_test() as pilot:
        await on_openai(pilot)
        await pilot.press("t")
        await settle(pilot)
        assert "✓ answered in 0.0 s with 1 model " in text_of(app)

        services.fake.failure = UnreachableError("No answer from api.openai.com", hint="Is the network up?")
        await pilot.press("t")
        await settle(pilot)

        said = "✗ Cannot reach the provider: No answer from api.openai.com. Is the network up?"
        assert said in " ".join(text_of(app).split())
        assert services.fake.calls == [("list_models",)] * 2


@pytest.mark.parametrize("key", ["s", "x", "e", "y", "d", "u"])
async def test_what_makes_no_sense_for_the_embedded_engine_is_not_done(services: FakeServices, key: str) -> None:
    app = make_app(services, Place.PROFILES)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press(key)
        await settle(pilot)

        assert isinstance(app.screen, ProfilesScreen)


async def test_an_azure_profile_is_told_by_its_address_and_asked_for_its_tier(services: FakeServices) -> None:
    app = make_app(services, Place.PROFILES)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("n")
        await until(pilot, is_open(app, ProfileDialog), "the dialog")
        assert "Training tier" not in text_of(app)

        await pilot.press(*"work", "tab", *"https://team.openai.azure.com")
        await settle(pilot)
        assert "Azure OpenAI / Microsoft Foundry, by the" in text_of(app)

        app.screen.query_one("#tier", PickField).focus_value()
        await pilot.press("enter")
        await until(pilot, is_open(app, PickDialog), "the list")
        await pilot.press(*"global", "enter")
        await until(pilot, is_open(app, ProfileDialog), "the dialog again")
        app.screen.query_one("#version", Field).focus_input()
        await pilot.press(*"2024-10-21", "enter")
        await until(pilot, lambda: len(services.settings.profiles) == 3, "the new profile")

    work = services.profile("work")
    assert (work.dialect, work.training_tier, work.api_version) == (Dialect.AZURE, "GlobalStandard", "2024-10-21")


async def test_a_test_tells_what_a_server_can_do(services: FakeServices) -> None:
    services.change_settings(
        lambda settings: settings.with_profile(
            Profile("box", Dialect.COMPATIBLE, "http://127.0.0.1:8000/v1", key_optional=True)
        )
    )
    services.findings |= {Subject.FILES: Finding.MISSING, Subject.JOBS: Finding.MISSING}
    app = make_app(services, Place.PROFILES)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("G")
        assert "not known yet; t asks the server" in text_of(app)
        await pilot.press("t")
        await settle(pilot)

        assert "chats only: it keeps no files and trains nothing" in text_of(app)


async def test_what_is_told_of_a_profile_keeps_its_column_where_it_has_to_be_scrolled(services: FakeServices) -> None:
    app = make_app(services, Place.PROFILES)
    async with app.run_test(size=(80, 18)) as pilot:
        await on_openai(pilot)
        told = app.screen.query_one("#facts Static", Static)
        await until(pilot, lambda: "OpenAI" in str(told.content), "the facts")
        await pilot.pause()

        assert told.parent is not None
        assert told.region.height > app.screen.query_one("#facts").size.height
        assert told.region.height == len(str(told.content).splitlines())
