from __future__ import annotations

import pytest

from fttui.domain.profiles.checks import KEY_LIMIT, key_variable, profile_problem, read_key, sends_key_in_the_clear
from fttui.domain.profiles.profile import LOCAL, OPENAI, Dialect, Profile


def at(base_url: str, name: str = "work") -> Profile:
    return Profile(name, Dialect.COMPATIBLE, base_url)


@pytest.mark.parametrize(
    "profile",
    [LOCAL, OPENAI, at("http://127.0.0.1:8000/v1"), at("https://[::1]:8000/v1"), at("https://a.example.org")],
    ids=lambda profile: profile.base_url or profile.name,
)
def test_a_profile_that_holds_together_has_no_problem(profile: Profile) -> None:
    assert profile_problem(profile) == ""


@pytest.mark.parametrize(
    "profile",
    [
        pytest.param(at(""), id="no address"),
        pytest.param(at("api.example.org/v1"), id="no scheme"),
        pytest.param(at("file:///etc/passwd"), id="a file"),
        pytest.param(at("https://user:pw@api.example.org/v1"), id="a password in the address"),
        pytest.param(at("https://api.example.org/v1?key=x"), id="a query"),
        pytest.param(at("https://api.example.org:port/v1"), id="no port number"),
        pytest.param(at("https://api.example.org:99999/v1"), id="a port too high"),
        pytest.param(at("https://аpi.example.org/v1"), id="a look-alike letter"),
        pytest.param(at("https://api.example.org/v1\nHost: x"), id="a line break"),
        pytest.param(at("https://api.example.org/v1", ""), id="no name"),
        pytest.param(at("https://api.example.org/v1", "my work"), id="a blank in the name"),
        pytest.param(at("https://api.example.org/v1", "a" * 41), id="a long name"),
        pytest.param(Profile("local", Dialect.ENGINE, "http://127.0.0.1/v1"), id="an engine with an address"),
        pytest.param(Profile("w", Dialect.OPENAI, "https://a/v1", key_variable="A-B"), id="no variable's name"),
        pytest.param(Profile("w", Dialect.OPENAI, "https://a/v1", key_command=("a\0b",)), id="NUL in the command"),
    ],
)
def test_a_profile_that_does_not_hold_together_is_told_in_one_sentence(profile: Profile) -> None:
    problem = profile_problem(profile)

    assert problem
    assert problem.isprintable()


def test_a_key_is_taken_without_the_white_space_around_it() -> None:
    assert read_key("  sk-abc123\r\n").reveal() == "sk-abc123"


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("", id="nothing"),
        pytest.param(" \n", id="only white space"),
        pytest.param("sk-abc\ndef", id="line break"),
        pytest.param("sk-abc def", id="blank"),
        pytest.param("sk-abc\x1bdef", id="escape"),
        pytest.param("sk-abc\x7f", id="delete"),
        pytest.param("sk-абв", id="not ASCII"),
        pytest.param("s" * (KEY_LIMIT + 1), id="too long"),
    ],
)
def test_what_cannot_be_a_key_is_refused_without_showing_it(typed: str) -> None:
    with pytest.raises(ValueError, match="key") as caught:
        read_key(typed)

    assert "sk-" not in str(caught.value)


def test_a_profile_has_a_variable_of_its_own() -> None:
    assert key_variable("my-box_2") == "FTTUI_API_KEY_MY_BOX_2"


@pytest.mark.parametrize(
    ("base_url", "clear"),
    [
        ("http://127.0.0.1:8000/v1", False),
        ("http://localhost/v1", False),
        ("http://10.0.0.5/v1", True),
        ("https://a/v1", False),
    ],
)
def test_a_key_that_would_cross_the_network_without_tls_is_noticed(base_url: str, clear: bool) -> None:
    assert sends_key_in_the_clear(at(base_url)) is clear
