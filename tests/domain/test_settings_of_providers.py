from __future__ import annotations

import tomllib

import pytest

from fttui.domain.errors import SettingsError
from fttui.domain.profiles.capabilities import capabilities_of
from fttui.domain.profiles.profile import Dialect, Profile
from fttui.domain.settings import OwnPrice, Settings, read_settings, settings_document
from fttui.services.settings_file import to_toml

AZURE = Profile(
    "work",
    Dialect.AZURE,
    "https://team.openai.azure.com",
    api_version="2024-10-21",
    training_tier="GlobalStandard",
    deployments=(("gpt-4.1-2025-04-14.ft-0a", "support-bot"),),
    limits=(("file_bytes", 1_000_000_000), ("suffix_characters", 18)),
)


def test_azure_profiles_and_own_prices_come_back_as_they_were_written() -> None:
    prices = (OwnPrice("gpt-4.1-2025-04-14", (("training", 12.5), ("input", 1.0))),)
    settings = Settings(prices=prices).with_profile(AZURE)

    assert read_settings(tomllib.loads(to_toml(settings_document(settings)))) == settings


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ({"dialect": "azure", "api_version": "v1"}, "must read like 2024-10-21"),
        ({"dialect": "azure", "training_tier": "cheap"}, "must be one of Standard, GlobalStandard, Developer"),
        ({"dialect": "azure", "deployments": {"m": "a b"}}, "A deployment's name has"),
        ({"dialect": "azure", "deployments": {"m": 3}}, "must be text in quotes"),
        ({"dialect": "nebius", "api_version": "2024-10-21"}, "is not Azure"),
        ({"limits": {"file_byte": 3}}, "Unknown setting profiles.work.limits.file_byte"),
        ({"limits": {"file_bytes": "much"}}, "file_bytes must be a whole number above 0"),
        ({"dialect": "azur"}, "must be one of engine, openai, azure, nebius, compatible"),
    ],
)
def test_a_wrong_profile_is_named(entry: dict[str, object], sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        read_settings({"profiles": {"work": {"base_url": "https://a.example", **entry}}})


def test_limits_of_ones_own_hold_and_are_said_to_be() -> None:
    limits = capabilities_of(AZURE).limits

    assert limits.size_problem(600_000_000, in_parts=False) == ""
    assert limits.suffix_problem("x" * 19) == "A suffix has at most 18 characters here"
    assert limits.fewest_examples == 10
    assert limits.source.startswith("your settings for file_bytes, suffix_characters; Microsoft")


@pytest.mark.parametrize("amount", [-1, "3", True, float("inf")])
def test_a_price_that_is_no_amount_is_named(amount: object) -> None:
    with pytest.raises(SettingsError, match=r"prices\.m\.training must be a number"):
        read_settings({"prices": {"m": {"training": amount}}})


def test_an_unknown_price_is_named_with_the_nearest_known_one() -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({"prices": {"m": {"trainig": 1}}})

    assert caught.value.hint == "Did you mean training?"
