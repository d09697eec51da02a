"""Models at the provider, with the day each one ends."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner

from fault_server import KEY, running_fault_server
from fttui.cli import models, profiles


def run(command: object, *words: str) -> str:
    done = CliRunner().invoke(command, words, standalone_mode=False, catch_exceptions=False)  # type: ignore[arg-type]  # a click command
    return done.stdout


def test_the_end_of_each_model_is_told_as_announced_or_as_the_provider_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FTTUI_API_KEY_THERE", KEY)
    with running_fault_server() as server:
        server.memory.models = {
            "gpt-3.5-turbo": {"id": "gpt-3.5-turbo"},
            "mine": {"id": "mine", "shutdown_date": "2099-01-01"},
            "llama": {"id": "llama"},
        }
        run(profiles.command, "add", "there", server.base_url)
        told = run(models.command, "list", "--profile", "there")
        listed = json.loads(run(models.command, "list", "--profile", "there", "--json"))["models"]

    ends = {model["id"]: model["lifecycle"] for model in listed}
    assert "days ago, 2026-10-23" in told
    assert "days, 2099-01-01" in told
    assert ends["llama"] is None
    assert ends["mine"]["shuts_down"] == "2099-01-01"
    assert re.fullmatch(r"says the provider, asked \d{4}-\d\d-\d\d", ends["mine"]["source"])
    assert ends["gpt-3.5-turbo"]["trainable"] is False
