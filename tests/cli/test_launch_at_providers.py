"""The command line stops what a provider is known not to take, before anything is sent."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dialects import speak
from fault_server import KEY, FaultServer, error, running_fault_server
from fttui.cli import launch, profiles
from fttui.domain.errors import RefusedLaunchError, TrainingClosedError
from fttui.domain.profiles.profile import Dialect


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    """Reached by the profile `there`."""
    monkeypatch.setenv("FTTUI_API_KEY_THERE", KEY)
    with running_fault_server() as running:
        yield running


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    chats = [[{"role": "user", "content": f"a{n}"}, {"role": "assistant", "content": "b"}] for n in range(12)]
    path.write_text("".join(json.dumps({"messages": chat}) + "\n" for chat in chats))
    return path


def run(command: object, *words: str) -> Result:
    return CliRunner().invoke(command, words, standalone_mode=False)  # type: ignore[arg-type]  # a click command


def test_nebius_is_sent_its_own_fields(server: FaultServer, rows: Path) -> None:
    speak(server, Dialect.NEBIUS)
    run(profiles.command, "add", "there", server.base_url, "--kind", "nebius")

    done = run(
        launch.command, str(rows), "--profile", "there", "--model", "meta-llama/Llama-3.3-70B-Instruct",
        "--absolute-learning-rate", "0.00002", "--lora", "yes", "--lora-r", "16", "--yes",
    )  # fmt: skip

    assert done.exception is None
    (asked,) = [request for request in server.requests if request.path == "/fine_tuning/jobs" and request.body]
    chosen = asked.json["method"]["supervised"]["hyperparameters"]  # type: ignore[index]  # JSON of this test
    assert chosen == {"learning_rate": 2e-5, "lora": True, "lora_r": 16}


def test_azure_is_sent_its_tier_in_the_style_of_its_version(server: FaultServer, rows: Path) -> None:
    endpoint = speak(server, Dialect.AZURE, api_version="2024-10-21")
    run(
        profiles.command, "add", "there", endpoint.base_url, "--kind", "azure", "--api-version", "2024-10-21",
        "--training-tier", "Developer",
    )  # fmt: skip

    done = run(launch.command, str(rows), "--profile", "there", "--model", "gpt-35-turbo", "--epochs", "2", "--yes")

    assert done.exception is None
    (asked,) = [request for request in server.requests if request.path == "/fine_tuning/jobs" and request.body]
    assert asked.query["api-version"] == "2024-10-21"
    assert (asked.json["trainingType"], asked.json["hyperparameters"]) == ("Developer", {"n_epochs": 2})


def test_what_is_not_taken_there_stops_the_launch_with_every_reason(server: FaultServer, rows: Path) -> None:
    speak(server, Dialect.NEBIUS)
    run(profiles.command, "add", "there", server.base_url, "--kind", "nebius")

    done = run(
        launch.command, str(rows), "--profile", "there", "--model", "m", "--metadata", "team=a",
        "--wandb-project", "p", "--yes",
    )  # fmt: skip

    assert isinstance(done.exception, RefusedLaunchError)
    assert "keeps no metadata" in done.exception.message
    assert "Weights & Biases" in done.exception.message
    assert "fttui profiles show there" in done.exception.hint
    assert not [request for request in server.requests if request.method == "POST"]


def test_a_file_over_the_limit_is_refused_before_it_is_read(server: FaultServer, tmp_path: Path) -> None:
    speak(server, Dialect.NEBIUS)
    run(profiles.command, "add", "there", server.base_url, "--kind", "nebius")
    huge = tmp_path / "huge.jsonl"
    huge.touch()
    os.truncate(huge, 5_000_000_001)

    done = run(launch.command, str(huge), "--profile", "there", "--model", "m", "--yes")

    assert isinstance(done.exception, RefusedLaunchError)
    assert "more than the 5,000,000,000 that are taken" in done.exception.message
    assert "Checking" not in done.stderr
    assert not server.requests


def test_where_training_is_closed_the_same_launch_is_shown_for_other_profiles(server: FaultServer, rows: Path) -> None:
    run(profiles.command, "add", "there", server.base_url, "--kind", "compatible")
    server.fail("POST", "/fine_tuning/jobs$", error(403, "Winding down", "training_not_available"), forever=True)

    done = run(
        launch.command, str(rows), "--profile", "there", "--model", "gpt-4.1-mini", "--epochs", "2",
        "--wandb-project", "lamps", "--yes",
    )  # fmt: skip

    assert isinstance(done.exception, TrainingClosedError)
    assert "takes no more training jobs from this organisation" in done.exception.message
    told = done.stderr.split("The same launch at another profile:")[1]
    assert f"fttui launch {rows} \\\n    --profile local" in told
    assert "--epochs 2" in told
    assert "# not carried: the model: local trains a base of its own" in told
    assert "# not carried: Weights & Biases" in told
    assert "--profile there" not in told
    assert server.count("POST", "/fine_tuning/jobs$") == 1


def test_azure_is_sent_files_with_a_byte_order_mark(server: FaultServer, rows: Path) -> None:
    endpoint = speak(server, Dialect.AZURE)
    run(profiles.command, "add", "there", endpoint.base_url, "--kind", "azure")

    done = run(launch.command, str(rows), "--profile", "there", "--model", "gpt-4.1", "--yes")

    assert done.exception is None
    assert list(server.memory.contents.values()) == [b"\xef\xbb\xbf" + rows.read_bytes()]


def test_the_end_that_a_provider_tells_of_its_base_stops_a_script(server: FaultServer, rows: Path) -> None:
    run(profiles.command, "add", "there", server.base_url, "--kind", "compatible")
    server.memory.models["gpt-9-mini"] = {"id": "gpt-9-mini", "shutdown_date": "2020-01-31"}
    words = ("--profile", "there", "--model", "gpt-9-mini", "--yes")

    refused = run(launch.command, str(rows), *words)
    tried = run(launch.command, str(rows), *words, "--anyway")

    assert isinstance(refused.exception, RefusedLaunchError)
    assert "takes no jobs since 2020-01-31" in refused.exception.message
    assert "says the provider" in refused.exception.hint
    assert tried.exception is None
    assert len(server.memory.jobs) == 1
