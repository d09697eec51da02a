from __future__ import annotations

import base64
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from fakes import FakeClock
from fttui.domain.errors import KeyStoreError, SettingsError
from fttui.domain.profiles.profile import Dialect, KeySource, Profile
from fttui.domain.profiles.secret import Secret
from fttui.services.container import Services
from fttui.services.crash import redact
from fttui.services.settings_file import load_settings

BOX = Profile("box", Dialect.COMPATIBLE, "http://127.0.0.1:9/v1", key_optional=True)
WORK = Profile("work", Dialect.COMPATIBLE, "https://llm.example.org/v1")


def opened(**environ: str) -> Services:
    return Services.open(environ={**os.environ, **environ})


def with_profiles(services: Services) -> Services:
    services.change_settings(lambda settings: settings.with_profile(BOX).with_profile(WORK))
    return services


def test_opening_writes_nothing(fresh_user: Path) -> None:
    Services.open()

    assert sorted(path.name for path in fresh_user.rglob("*") if path.is_file()) == []


@pytest.mark.parametrize(
    ("environ", "name", "expected"),
    [
        pytest.param({}, None, "local", id="nothing said"),
        pytest.param({"FTTUI_PROFILE": "openai"}, None, "openai", id="the environment"),
        pytest.param({"FTTUI_PROFILE": "openai"}, "local", "local", id="the command line"),
    ],
)
def test_the_profile_is_the_one_named_closest_by(environ: dict[str, str], name: str | None, expected: str) -> None:
    assert opened(**environ).profile(name).name == expected


def test_a_profile_nobody_knows_is_refused() -> None:
    with pytest.raises(SettingsError, match="no profile named work"):
        opened().profile("work")


def test_the_built_in_profile_follows_the_base_url_of_the_environment() -> None:
    services = opened(OPENAI_BASE_URL="https://proxy.example.org/v1")

    assert services.profile("openai").base_url == "https://proxy.example.org/v1"

    services.change_settings(
        lambda settings: settings.with_profile(replace(services.profile("openai"), base_url="https://mine.example/v1"))
    )
    assert services.profile("openai").base_url == "https://mine.example/v1"


async def test_a_key_of_the_environment_reaches_the_endpoint_and_is_kept_out_of_crash_reports() -> None:
    endpoint = await opened(OPENAI_API_KEY="plain-looking-0001").endpoint("openai")

    assert (endpoint.base_url, endpoint.credential.source) == ("https://api.openai.com/v1", KeySource.ENVIRONMENT)
    assert "plain-looking-0001" not in redact("it was plain-looking-0001")


async def test_a_profile_without_a_key_is_told_before_anything_is_sent() -> None:
    services = with_profiles(opened())

    with pytest.raises(KeyStoreError) as caught:
        await services.provider("work")

    assert "there is no key store" in caught.value.message
    assert (
        caught.value.hint
        == "Put it into the environment variable FTTUI_API_KEY_WORK, or type it for this run: s in Profiles."
    )


async def test_the_variable_named_for_a_key_is_one_that_is_looked_into() -> None:
    services = opened()
    services.change_settings(lambda settings: settings.with_profile(replace(WORK, name="my-server")))
    hints = {}
    for name in ("my-server", "openai"):
        with pytest.raises(KeyStoreError) as caught:
            await services.provider(name)
        hints[name] = caught.value.hint.split(",")[0].split()[-1]

    assert hints == {"my-server": "FTTUI_API_KEY_MY_SERVER", "openai": "OPENAI_API_KEY"}


async def test_a_connection_is_kept_until_its_key_or_its_profile_changes() -> None:
    services = with_profiles(opened())
    first = await services.provider("box")
    assert await services.provider("box") is first

    services.keys.use_for_session(BOX, Secret("a-session-key-01"))
    with_key = await services.provider("box")
    assert with_key is not first

    services.change_settings(lambda settings: settings.with_profile(replace(BOX, base_url="http://127.0.0.1:8/v1")))
    assert await services.provider("box") is not with_key
    await services.close()


async def test_the_embedded_engine_answers_through_the_container_and_again_after_it_was_stopped() -> None:
    services = opened()
    try:
        first = await services.provider()
        assert [model.id for model in await first.list_models()]

        await services.engine.stop()
        second = await services.provider()
        assert second is not first
        assert [model.id for model in await second.list_models()]
    finally:
        await services.engine.stop()
        await services.close()


async def test_the_engine_stops_with_the_program_where_the_settings_say_so() -> None:
    services = opened()
    services.change_settings(lambda settings: replace(settings, engine_outlives_app=False))
    await services.endpoint()

    await services.close()

    assert await services.engine.running() is None


def test_settings_changed_elsewhere_are_not_undone() -> None:
    one, other = opened(), opened()
    one.change_settings(lambda settings: replace(settings, theme="nord"))

    other.change_settings(lambda settings: replace(settings, ascii=True))

    settings = load_settings(one.settings_path)
    assert (settings.theme, settings.ascii) == ("nord", True)


def test_the_settings_file_can_be_named_by_the_environment(tmp_path: Path) -> None:
    services = opened(FTTUI_CONFIG=str(tmp_path / "mine.toml"))
    services.change_settings(lambda settings: replace(settings, theme="nord"))

    assert load_settings(tmp_path / "mine.toml").theme == "nord"


def test_the_journal_is_opened_in_the_state_folder_when_first_asked_for() -> None:
    services = opened()
    assert not services.paths.journal.exists()

    assert list(services.journal.jobs()) == []
    assert services.paths.journal.exists()
    services.journal.close()


def token_until(seconds: float) -> str:
    claims = base64.urlsafe_b64encode(json.dumps({"exp": seconds}).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJub25lIn0.{claims}.c2lnbmVk"


async def test_a_token_that_has_ended_is_fetched_anew_from_its_command(tmp_path: Path) -> None:
    services = opened()
    tokens = tmp_path / "tokens"
    profile = Profile("work", Dialect.AZURE, "https://team.openai.azure.com", key_command=("cat", str(tokens)))
    services.change_settings(lambda settings: settings.with_profile(profile))
    clock = FakeClock()
    services.clock = clock
    tokens.write_text(token_until(clock.now() + 3600))
    first = await services.provider("work")
    assert await services.provider("work") is first

    clock.time += 3590
    tokens.write_text(token_until(clock.now() + 3600))

    assert await services.provider("work") is not first
    await services.close(keep_engine=True)
