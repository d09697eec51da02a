"""The whole road as a person without key and network walks it, and what it leaves behind."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from fttui_program import PROGRAM, fttui

SECONDS_AT_MOST = 600


@dataclass(frozen=True, slots=True)
class Walked:
    """A home in which the demo has run, and what it printed."""

    environ: Mapping[str, str]
    printed: subprocess.CompletedProcess[str]

    def ask(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command in that home."""
        return fttui(*words, environ=self.environ)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    home = tmp_path_factory.mktemp("demo")
    folders = {
        "XDG_STATE_HOME": "state",
        "XDG_DATA_HOME": "data",
        "XDG_CONFIG_HOME": "config",
        "XDG_CACHE_HOME": "cache",
    }
    environ = {"HOME": str(home), **{name: str(home / folder) for name, folder in folders.items()}}
    printed = subprocess.run(
        [*PROGRAM, "demo"],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS_AT_MOST,
    )
    yield Walked(environ, printed)
    from fttui.services.paths import Paths
    from fttui.services.profiles.engine import Engine

    paths = Paths(*(home / folder / "fttui" for folder in ("config", "state", "cache", "data")))
    asyncio.run(Engine(paths, environ).stop())


def test_the_tuned_model_answers_every_request_that_was_held_out_and_the_base_none(demo: Walked) -> None:
    lines = demo.printed.stdout.splitlines()
    bases = [line.removeprefix("   base   ") for line in lines if line.startswith("   base   ")]
    tuned = [line.removeprefix(" ✓ tuned  ") for line in lines if line.startswith(" ✓ tuned  ")]

    assert demo.printed.returncode == 0, demo.printed.stderr
    assert len(tuned) == len(bases) == 4
    assert not set(tuned).intersection(bases)


def test_the_plot_and_the_next_step_are_told(demo: Walked) -> None:
    assert "training loss" in demo.printed.stdout
    assert "✦ best" in demo.printed.stdout
    assert "fttui check FILE" in demo.printed.stdout


def test_the_job_is_in_the_list_with_its_model(demo: Walked) -> None:
    listed = json.loads(demo.ask("jobs", "list", "--json").stdout)["jobs"]

    assert [job["status"] for job in listed] == ["succeeded"]


def test_the_models_it_made_are_listed_and_can_be_deleted(demo: Walked) -> None:
    tuned = [model["id"] for model in json.loads(demo.ask("models", "list", "--tuned", "--json").stdout)["models"]]
    checkpoint = next(model for model in tuned if ":ckpt-step-" in model)
    refused = demo.ask("models", "delete", checkpoint)
    deleted = demo.ask("models", "delete", checkpoint, "--yes")
    left = [model["id"] for model in json.loads(demo.ask("models", "list", "--tuned", "--json").stdout)["models"]]

    assert (refused.returncode, deleted.returncode) == (2, 0)
    assert set(tuned) - set(left) == {checkpoint}


def test_the_files_it_sent_are_listed_with_their_purpose(demo: Walked) -> None:
    files = json.loads(demo.ask("files", "list", "--json").stdout)["files"]

    assert sorted(file["purpose"] for file in files) == ["fine-tune", "fine-tune", "fine-tune-results"]


def test_base_and_tuned_model_can_be_compared_on_any_request(demo: Walked) -> None:
    tuned = json.loads(demo.ask("models", "list", "--tuned", "--json").stdout)["models"][0]["id"]
    words = (
        "compare",
        "--model",
        tuned,
        "--system",
        "Answer with JSON.",
        "Set the radio in the bathroom to 5.",
        "--json",
    )
    answers = json.loads(demo.ask(*words).stdout)["answers"]

    assert [answer["model"] for answer in answers] == ["local-nano", tuned]
    assert json.loads(answers[1]["reply"]["text"]) == {
        "action": "set",
        "device": "radio",
        "room": "bathroom",
        "value": 5,
    }


def test_a_base_is_not_compared_with_itself() -> None:
    refused = fttui("compare", "--model", "local-nano", "hello")

    assert refused.returncode == 2
    assert "--base" in refused.stderr


def test_the_sample_is_what_its_script_draws(tmp_path: Path) -> None:
    from fttui import samples
    from fttui.samples.smart_home import write

    write(tmp_path)
    shipped = Path(samples.__file__).parent

    for drawn in tmp_path.iterdir():
        assert drawn.read_bytes() == (shipped / drawn.name).read_bytes()
