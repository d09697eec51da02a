from __future__ import annotations

import json

from click.testing import CliRunner

from fttui.cli.profiles import command


def run(*words: str) -> str:
    done = CliRunner().invoke(command, words, standalone_mode=False, catch_exceptions=False)
    assert done.exception is None
    return done.stdout


def test_a_server_that_was_added_and_chosen_is_the_one_in_use() -> None:
    run("add", "box", "http://127.0.0.1:8000/v1", "--key-optional")
    run("use", "box")

    listed = json.loads(run("list", "--json"))
    assert listed["profile"] == "box"
    assert [profile["name"] for profile in listed["profiles"]] == ["local", "openai", "box"]
    assert listed["profiles"][2]["base_url"] == "http://127.0.0.1:8000/v1"


def test_removing_the_profile_in_use_falls_back_to_the_local_one() -> None:
    run("add", "box", "http://127.0.0.1:8000/v1")
    run("use", "box")
    run("remove", "box")

    assert json.loads(run("list", "--json"))["profile"] == "local"


def test_the_profile_in_use_is_marked_in_the_table() -> None:
    marked = [line for line in run("list").splitlines() if line.startswith("*")]

    assert marked == ["*  local   engine  on this computer"]
