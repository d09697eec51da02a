from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from dialects import ChatOnlyMemory
from fault_server import running_fault_server
from fttui.cli.frame import ExitCode
from fttui.cli.profiles import command
from fttui.domain.errors import UsageError


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


def test_the_kind_is_told_by_the_address_and_can_be_named() -> None:
    run("add", "work", "https://team.openai.azure.com", "--training-tier", "GlobalStandard")
    run("add", "neb", "https://api.tokenfactory.nebius.com/v1/")
    run("add", "gate", "https://gate.example/v1", "--kind", "azure", "--api-version", "2024-10-21")

    profiles = {profile["name"]: profile for profile in json.loads(run("list", "--json"))["profiles"]}
    assert (profiles["work"]["dialect"], profiles["work"]["training_tier"]) == ("azure", "GlobalStandard")
    assert (profiles["neb"]["dialect"], profiles["neb"]["key_variable"]) == ("nebius", "NEBIUS_API_KEY")
    assert (profiles["gate"]["dialect"], profiles["gate"]["api_version"]) == ("azure", "2024-10-21")


def test_a_deployment_is_told_and_kept_when_the_profile_is_changed() -> None:
    run("add", "work", "https://team.openai.azure.com")
    run("deployment", "work", "gpt-4.1.ft-0a", "support-bot")
    run("add", "work", "https://team.openai.azure.com/openai/v1")

    work = json.loads(run("list", "--json"))["profiles"][2]
    assert work["deployments"] == [["gpt-4.1.ft-0a", "support-bot"]]


def test_only_azure_knows_deployments() -> None:
    with pytest.raises(UsageError, match="openai is not Azure"):
        run("deployment", "openai", "gpt-4.1", "bot")


def test_settings_of_ones_own_choice_are_the_ones_that_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "own" / "fttui.toml"
    monkeypatch.setenv("FTTUI_CONFIG", str(own))

    run("add", "box", "http://127.0.0.1:8000/v1")

    assert "http://127.0.0.1:8000/v1" in own.read_text()
    monkeypatch.delenv("FTTUI_CONFIG")
    assert "box" not in run("list")


def test_listing_writes_no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "fttui.toml"
    monkeypatch.setenv("FTTUI_CONFIG", str(own))

    run("list")

    assert not own.exists()


def test_a_test_tells_what_a_server_can_do_and_remembers_it() -> None:
    with running_fault_server() as server:
        server.memory = ChatOnlyMemory(models={"llama": {"id": "llama"}})
        server.credentials = {}
        run("add", "box", server.base_url, "--key-optional")
        told = run("test", "box")
        found = json.loads(run("test", "box", "--json"))

    assert "models       answers (1)" in told
    assert "cannot       keeps files, trains" in told
    assert found["probe"]["findings"]["jobs"] == "is not there"
    assert json.loads(run("show", "box", "--json"))["capabilities"]["files"] == "no"


def test_what_is_declared_can_be_read_without_asking_anyone() -> None:
    run("add", "neb", "https://api.tokenfactory.nebius.com/v1/")

    told = run("show", "neb")

    assert "never; fttui profiles test asks" in told
    assert "setting      learning_rate: above 0 to 1" in told
    assert "at most      file of 5,000,000,000 bytes" in told
    assert "Nebius, Token Factory documentation, checked 2026-11-20" in told


def test_a_server_that_is_silent_ends_with_three() -> None:
    run("add", "box", "http://127.0.0.1:9/v1", "--key-optional")

    done = CliRunner().invoke(command, ("test", "box"), standalone_mode=False, catch_exceptions=False)

    assert done.return_value == ExitCode.PROVIDER
    assert "did not answer" in done.stdout
