"""Pictures of Profiles & keys in each state."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from fttui.domain.errors import UnreachableError
from fttui.domain.profiles.profile import Credential, Dialect, KeySource, Profile
from fttui.domain.profiles.secret import Secret
from fttui.domain.profiles.states import KeyStoreState
from fttui.ui.place import Place
from pictures import SIZES, FakeServices, Snap, make_app

pytestmark = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


def with_profiles(services: FakeServices) -> None:
    other = Profile("nebius", Dialect.COMPATIBLE, "https://api.studio.nebius.com/v1", ("pass", "show", "nebius"))
    plain = Profile("rack", Dialect.COMPATIBLE, "http://10.0.0.7:8000/v1", key_optional=True)
    services.change_settings(lambda known: known.with_profile(other).with_profile(plain))
    services.fake_keys.credentials = {
        "openai": Credential(
            Secret("sk-0123456789wxyz"), KeySource.ENVIRONMENT, "OPENAI_API_KEY; it hides a key in the key store"
        ),
    }


def test_fresh(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    snap(make_app(services, Place.PROFILES), size)


def test_profiles_with_and_without_keys(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    with_profiles(services)
    snap(make_app(services, Place.PROFILES), size, press=["j"])


def test_a_locked_key_store(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    services.fake_keys.store = KeyStoreState("Secret Service", available=True, locked=True)
    snap(make_app(services, Place.PROFILES), size, press=["j"])


def test_a_test_under_way(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    services.fake.gate.clear()
    snap(make_app(services, Place.PROFILES), size, press=["t"])


def test_a_test_that_failed(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    with_profiles(services)
    services.fake.failure = UnreachableError(
        "No answer from 10.0.0.7: the connection was refused", hint="Is the server running, and is the port right?"
    )
    snap(make_app(services, Place.PROFILES), size, press=["G", "t"])


def test_a_new_profile(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    async def wrongly_filled(pilot: Pilot[None]) -> None:
        await pilot.press("n")
        await pilot.pause()
        await pilot.press(*"mine", "tab", *"nowhere", "enter")

    snap(make_app(services, Place.PROFILES), size, before=wrongly_filled)


def test_a_key_being_set(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    async def half_typed(pilot: Pilot[None]) -> None:
        await pilot.press("j", "s")
        await pilot.pause()
        await pilot.press(*"sk-half")

    snap(make_app(services, Place.PROFILES), size, before=half_typed)


def test_a_new_azure_profile(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    async def filled(pilot: Pilot[None]) -> None:
        await pilot.press("n")
        await pilot.pause()
        await pilot.press(*"work", "tab", *"https://team.openai.azure.com")

    snap(make_app(services, Place.PROFILES), size, before=filled)


def test_what_an_azure_profile_is(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    azure = Profile("work", Dialect.AZURE, "https://team.openai.azure.com", training_tier="GlobalStandard")
    told = azure.with_deployment("gpt-4.1-2025-04-14.ft-0a1b2c", "support-bot")
    services.change_settings(lambda settings: settings.with_profile(told))
    snap(make_app(services, Place.PROFILES), size, press=["G"])
