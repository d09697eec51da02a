from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fttui.domain.errors import SettingsError
from fttui.domain.profiles.profile import LOCAL, OPENAI, Dialect, Profile
from fttui.domain.settings import KeyStore, Settings, read_settings, settings_document

WORK = Profile("work", Dialect.COMPATIBLE, "https://llm.example.org/v1", ("pass", "show", "llm"), "LLM_KEY", True)


def test_an_empty_file_means_the_usual_settings() -> None:
    assert read_settings({}) == Settings()


def test_settings_come_back_as_they_were_written() -> None:
    settings = Settings(
        profile="work",
        theme="nord",
        ascii=True,
        engine_outlives_app=False,
        key_store=KeyStore.PASS,
        keymap={"job.cancel": "ctrl+x"},
    ).with_profile(WORK)

    assert read_settings(settings_document(settings)) == settings


def test_what_nobody_changed_is_not_written() -> None:
    assert settings_document(Settings()) == {}


@pytest.mark.parametrize(
    ("document", "message", "hint"),
    [
        pytest.param({"them": "x"}, "Unknown setting them", "Did you mean theme?", id="unknown"),
        pytest.param(
            {"profiles": {"work": {"base_ulr": "x"}}},
            "Unknown setting profiles.work.base_ulr",
            "Did you mean base_url?",
            id="unknown in a profile",
        ),
        pytest.param({"ascii": "yes"}, "ascii must be true or false", "", id="not a flag"),
        pytest.param({"theme": 3}, "theme must be text in quotes", "", id="not text"),
        pytest.param({"keys": {"app.quit": 1}}, "keys.app.quit must be text in quotes", "", id="not a key"),
        pytest.param({"profiles": 3}, "profiles must be a table", "", id="not a table"),
        pytest.param(
            {"key_store": "systen"},
            "key_store must be one of system, pass, off",
            "Did you mean system?",
            id="not a choice",
        ),
        pytest.param(
            {"profile": "opena"}, "There is no profile named opena", "Did you mean openai?", id="no such profile"
        ),
        pytest.param(
            {"profiles": {"work": {"base_url": "https://a/v1", "key_command": "pass show x"}}},
            "profiles.work.key_command must be a list of words",
            'For example: ["pass", "show", "fttui"]',
            id="command as one text",
        ),
        pytest.param(
            {"profiles": {"work": {}}},
            "The base URL of work must read like https://host/v1",
            "",
            id="no address",
        ),
    ],
)
def test_a_wrong_setting_is_named_with_the_remedy(document: dict[str, object], message: str, hint: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings(document)

    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_a_built_in_profile_keeps_its_key_variable_at_its_own_address_only() -> None:
    with_command = read_settings({"profiles": {"openai": {"key_command": ["pass", "show", "x"]}}})
    elsewhere = read_settings({"profiles": {"openai": {"base_url": "https://proxy.example.org/v1"}}})

    assert with_command.find_profile("openai") == replace(OPENAI, key_command=("pass", "show", "x"))
    assert elsewhere.find_profile("openai").key_variable == ""


def test_a_built_in_profile_that_is_removed_becomes_what_it_was() -> None:
    changed = Settings().with_profile(replace(OPENAI, base_url="https://proxy.example.org/v1"))

    assert changed.without_profile("openai") == Settings()
    with pytest.raises(SettingsError, match="built in"):
        Settings().without_profile("local")


def test_removing_the_chosen_profile_falls_back_to_the_local_one() -> None:
    settings = replace(Settings().with_profile(WORK), profile="work")

    assert settings.without_profile("work").profile == LOCAL.name


names = st.from_regex(r"[a-z][a-z0-9_-]{0,10}", fullmatch=True)
texts = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=20)


@given(
    st.dictionaries(names, st.tuples(st.lists(texts, max_size=3), st.booleans()), max_size=4),
    st.dictionaries(texts, texts, max_size=4),
)
def test_any_profiles_and_keys_come_back_as_they_were_written(
    commands: dict[str, tuple[list[str], bool]], keymap: dict[str, str]
) -> None:
    settings = Settings(keymap=keymap)
    for name, (words, optional) in commands.items():
        if name != "local":
            settings = settings.with_profile(
                Profile(name, Dialect.COMPATIBLE, "http://127.0.0.1:8000/v1", tuple(words), "", optional)
            )

    assert read_settings(settings_document(settings)) == settings
