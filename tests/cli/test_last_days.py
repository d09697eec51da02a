"""Commands that name a model say until when it is there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fault_server import KEY, FaultServer, running_fault_server
from fttui.cli import chat, check, compare, jobs, models, recipes
from fttui.domain.jobs.recipe import Recipe
from fttui.services.jobs.recipes import Recipes
from fttui.services.paths import user_paths
from launch_rows import write_rows

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


def test_the_list_of_jobs_tells_the_end_of_what_came_of_each_as_its_provider_said_it(server: FaultServer) -> None:
    started = [server.memory.start_job({"model": base, "training_file": "file-1"}) for base in ("odd", BASE, "fine")]
    started[0] |= {"status": "succeeded", "fine_tuned_model": "ft:odd:me::1"}
    server.memory.models["odd"] = {"id": "odd", "shutdown_date": "2020-01-31"}
    run(models.command, "list", "--profile", "openai")

    heading, *rows = run(jobs.command, "list", "--profile", "openai").stdout.splitlines()
    listed = json.loads(run(jobs.command, "list", "--profile", "openai", "--json").stdout)["jobs"]

    at = heading.index("ends")
    told = {row.split()[0]: row[at:].split("  ")[0].strip() for row in rows}
    ends = {entry["id"]: entry["lifecycle"] for entry in listed}
    odd, base, fine = (str(job["id"]) for job in started)
    assert (told[odd], told[fine]) == ("ended", "")
    assert told[base]
    assert (ends[odd]["shuts_down"], ends[odd]["trainable"]) == ("2020-01-31", False)
    assert (ends[base]["shuts_down"], ends[fine]) == ("2027-01-14", None)


def test_what_the_provider_said_holds_for_checks_and_recipes_without_asking_it_again(
    server: FaultServer, tmp_path: Path
) -> None:
    rows = write_rows(tmp_path / "rows.jsonl")
    server.memory.models["odd"] = {"id": "odd", "shutdown_date": "2020-01-31"}
    run(models.command, "list", "--profile", "openai")
    Recipes(user_paths().recipes).save("dies", Recipe("openai", "odd"))
    asked = len(server.requests)

    kept = run(recipes.command, "list").stdout
    checked = json.loads(run(check.command, str(rows), "--model", "odd", "--profile", "openai", "--json").stdout)

    assert "2020-01-31; takes no jobs since 2020-01-31" in kept
    assert checked["lifecycle"]["shuts_down"] == "2020-01-31"
    assert len(server.requests) == asked


def test_without_an_end_the_list_of_jobs_has_no_column_for_it(server: FaultServer) -> None:
    server.memory.start_job({"model": "fine", "training_file": "file-1"})

    assert "ends" not in run(jobs.command, "list", "--profile", "openai").stdout


def test_both_models_of_a_comparison_tell_their_end_beforehand(server: FaultServer) -> None:
    server.memory.reply = REPLY
    tuned = f"ft:{GONE}:me::1"

    done = run(compare.command, "Hello", "--model", tuned, "--profile", "openai")

    assert [line.split()[0] for line in done.stderr.splitlines() if "2026-10-23" in line] == [GONE, tuned]
    quiet = run(compare.command, "Hello", "--model", tuned, "--profile", "openai", "--json")
    assert "2026-10-23" not in quiet.stderr
