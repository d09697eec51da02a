"""From a file to a model that answers, with keys alone, in a real terminal, on the embedded engine."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from fttui.services.dataset.samples import unpack_sample
from fttui.services.jobs.journal import Journal
from fttui.services.paths import user_paths
from fttui.services.profiles.engine import Engine
from pseudo import Terminal

pytestmark = pytest.mark.terminal

SIZES = [pytest.param((80, 24), id="80x24"), pytest.param((120, 40), id="120x40")]
TRAINING_SECONDS = 600
"""Training gives way to everything else on the machine."""
QUESTION = "Start the fan in the garage."


@pytest.fixture
def folder(fresh_user: Path) -> Iterator[Path]:
    """A folder with a training file in it; the engine that was started is stopped at the end."""
    rows = unpack_sample(user_paths()).training.read_bytes().splitlines()
    # Without a system prompt, so that nothing but the question has to be typed later.
    plain = [json.dumps({"messages": json.loads(row)["messages"][1:]}, ensure_ascii=False) for row in rows]
    folder = fresh_user / "data"
    folder.mkdir()
    (folder / "requests.jsonl").write_text("\n".join(plain) + "\n", encoding="utf-8")
    yield folder
    asyncio.run(Engine(user_paths()).stop())


def launch(terminal: Terminal) -> None:
    """Open the file, look at it, validate it, and launch a job on it."""
    terminal.wait_for("requests.jsonl")
    terminal.send("\r")
    terminal.wait_for("240 rows")
    terminal.wait_for("assistant")
    terminal.send("v")
    terminal.wait_for("Good to train on")
    terminal.send("t")
    terminal.wait_for("nothing wrong was found")
    terminal.wait_for("local-nano")
    terminal.send("\x12")
    terminal.wait_for("Launch this job?")
    terminal.send("\r")
    terminal.wait_for("training loss")


def steps_done(terminal: Terminal) -> int:
    found = re.search(r"step (\d+) of \d+", terminal.text)
    return int(found[1]) if found else 0


@pytest.mark.parametrize("size", SIZES)
def test_keys_alone_lead_from_a_file_to_an_answer_of_the_tuned_model(folder: Path, size: tuple[int, int]) -> None:
    with Terminal(folder, size=size) as terminal:
        launch(terminal)
        terminal.wait_until(lambda: steps_done(terminal) > 10, "the plot to move")
        terminal.wait_until(lambda: "succeeded" in terminal.text, "the end of the training", TRAINING_SECONDS)
        terminal.send("c")
        terminal.wait_for("Type a question")
        terminal.send("\x1b")
        terminal.wait_for("Base beside")
        terminal.send("t")
        terminal.wait_for("How replies are drawn")
        terminal.wait_for("likeliest token")
        terminal.send("0\r")
        terminal.wait_for("temperature 0")
        terminal.send("i")
        terminal.wait_for("⏎ Send")
        terminal.send(QUESTION + "\r")
        terminal.wait_for("tokens/s")
        assert re.search(r'"device":\s+"fan",\s+"room":\s+"garage"', terminal.text)
        terminal.send("\x1b")
        terminal.wait_for("Base beside")
        terminal.send("b")
        terminal.wait_for("The base, local-nano")
        terminal.send("r")
        terminal.wait_until(lambda: terminal.text.count("tokens/s") == 2, "both answers")
        assert terminal.text.count('"device": "fan"') == 1
        terminal.send("q")
        assert terminal.end() == 0
        assert terminal.is_restored
        assert terminal.leaks == []


def kill_training() -> None:
    """Kill the engine's server and its training process, as a crash or the kernel would."""
    engine = user_paths().engine
    pids = [json.loads((engine / "server.json").read_text())["pid"]]
    pids += [int(lock.read_text()) for lock in engine.glob("jobs/*/lock") if lock.read_text().strip().isdigit()]
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def test_after_everything_was_killed_in_the_middle_of_training_the_plot_is_whole(folder: Path) -> None:
    with Terminal(folder) as terminal:
        launch(terminal)
        terminal.wait_until(lambda: steps_done(terminal) > 10, "the plot to move")
        os.killpg(terminal.process.pid, signal.SIGKILL)
        terminal.process.wait()
    kill_training()

    with Terminal(folder) as terminal:
        terminal.wait_for("240 rows")
        terminal.send("4")
        terminal.wait_until(lambda: "succeeded" in terminal.text, "the end of the training", TRAINING_SECONDS)
        terminal.send("q")
        assert terminal.end() == 0

    journal = Journal(user_paths().journal)
    entry = journal.jobs()[0]
    feed = journal.feed(entry.profile, entry.job.id)
    journal.close()
    steps = [event.step for event in feed.events if event.step is not None]
    assert feed.last_step is not None
    assert steps == list(range(1, (feed.last_step.total_steps or 0) + 1))
