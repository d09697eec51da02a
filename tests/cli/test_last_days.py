"""Commands that name a model say until when it is there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result

from fault_server import KEY, FaultServer, running_fault_server
from fttui.cli import chat, jobs, recipes
from fttui.domain.jobs.recipe import Recipe
from fttui.services.jobs.recipes import Recipes
from fttui.services.paths import user_paths

BASE, GONE = "gpt-4.1-mini-2025-04-14", "gpt-4.1-nano-2025-04-14"
REPLY = b'data: {"choices": [{"delta": {"content": "hi"}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n'


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    """Where the profile openai leads."""
    with running_fault_server() as running:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_BASE_URL", running.base_url)
        yield running


def run(command: object, *words: str) -> Result:
    done = CliRunner().invoke(command, words, standalone_mode=False)  # type: ignore[arg-type]  # a click command
    assert done.exception is None
    return done


def test_kept_recipes_tell_the_end_of_their_base() -> None:
    kept = Recipes(user_paths().recipes)
    kept.save("dies", Recipe("openai", BASE))
    kept.save("here", Recipe("local", "local-nano"))

    dies, here = run(recipes.command, "list").stdout.splitlines()[1:]

    assert "2027-01-14" in dies
    assert "2027-01-06" in dies
    assert here.rstrip().endswith("supervised")


def test_a_job_tells_how_long_its_base_and_its_model_are_there(server: FaultServer) -> None:
    job = server.memory.start_job({"model": BASE, "training_file": "file-1"})
    job |= {"status": "succeeded", "fine_tuned_model": f"ft:{BASE}:me::1"}

    told = run(jobs.command, "show", str(job["id"]), "--profile", "openai").stdout

    assert [line.split()[:2] for line in told.splitlines() if "2027-01-14" in line] == [
        ["base", "life"],
        ["model", "life"],
    ]


@pytest.mark.parametrize(("model", "told"), [(GONE, True), ("gpt-9", False)])
def test_a_talk_with_a_model_that_ends_begins_with_its_end(server: FaultServer, model: str, told: bool) -> None:
    server.memory.reply = REPLY

    done = run(chat.command, "Hello", "--model", model, "--profile", "openai")

    assert done.stdout == "hi\n"
    assert ("2026-10-23" in done.stderr) is told
