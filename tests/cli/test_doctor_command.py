from __future__ import annotations

import json

import pytest

from fttui.cli.doctor import terminal_facts
from fttui_program import fttui


def test_a_fresh_user_has_no_problem_and_nothing_is_started() -> None:
    examined = fttui("doctor", "--json")
    report = json.loads(examined.stdout)

    assert examined.returncode == 0
    assert report["problems"] == []
    assert report["profile"]["name"] == "local"
    assert report["engine"]["state"] == "stopped"
    assert report["key store"]["reason"] == "there is no key store on this system"
    assert report["tokenizer"] == {"encoding": "o200k_base", "works offline": True}
    assert report["versions"]["openai"] is not None


def test_a_missing_key_is_a_problem_with_a_remedy() -> None:
    examined = fttui("doctor", "--profile", "openai")

    assert examined.returncode == 1
    assert "fttui keys set openai" in examined.stdout


def test_a_key_is_told_by_its_source_and_last_four_alone() -> None:
    examined = fttui("doctor", "--profile", "openai", environ={"OPENAI_API_KEY": "sk-canary-000000000000-7777"})

    assert examined.returncode == 0
    assert "…7777" in examined.stdout
    assert "canary" not in examined.stdout + examined.stderr


@pytest.mark.parametrize(
    ("environ", "colours", "clipboard"),
    [
        pytest.param({"TERM": "dumb"}, "none", "OSC 52, where the terminal takes it", id="dumb"),
        pytest.param({"TERM": "tmux-256color", "TMUX": "/run/tmux/0,1,0"}, "256", "tmux load-buffer -w", id="tmux"),
        pytest.param({"TERM": "screen", "STY": "1.x"}, "16", "none: screen drops OSC 52", id="screen"),
        pytest.param(
            {"TERM": "xterm-256color", "COLORTERM": "truecolor"},
            "16 million",
            "OSC 52, where the terminal takes it",
            id="true colour",
        ),
        pytest.param(
            {"TERM": "xterm", "NO_COLOR": "1"},
            "none, by NO_COLOR",
            "OSC 52, where the terminal takes it",
            id="no colour wanted",
        ),
    ],
)
def test_the_terminal_is_described(environ: dict[str, str], colours: str, clipboard: str) -> None:
    terminal = terminal_facts(environ)

    assert (terminal["TERM"], terminal["colours"], terminal["clipboard"]) == (environ["TERM"], colours, clipboard)


def test_settings_that_are_wrong_are_told_with_the_nearest_name() -> None:
    refused = fttui("doctor", environ={"FTTUI_PROFILE": "opnai"})

    assert refused.returncode == 2
    assert "Did you mean openai?" in refused.stderr
