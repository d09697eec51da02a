"""Plots, verdicts and comparisons in a shell, from the journal alone."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from fttui.cli.program import main
from fttui.domain.jobs.feed import JobUpdate
from fttui.domain.jobs.job import Job
from fttui.services.jobs.journal import Journal
from fttui.services.paths import ensure_private, user_paths
from make_jobs import make_checkpoints, make_job, make_log


@pytest.fixture
def journal() -> Iterator[Journal]:
    """The journal of a fresh user."""
    paths = user_paths()
    ensure_private(paths.state)
    journal = Journal(paths.journal)
    yield journal
    journal.close()


def finished(journal: Journal, number: int, steps: int = 60, **changes: object) -> Job:
    """A job that is over, and of which everything is known."""
    job = make_job(number, "succeeded", **changes)
    kept = make_checkpoints(job, 20, 40, 60)
    update = JobUpdate(job, tuple(make_log(job, steps)), tuple(kept))
    journal.record("local", job.id, update, seen_at=1.0, complete=True)
    return job


def run(*words: str) -> int:
    def no_screens(_: object) -> int:
        raise AssertionError("no screen was asked for")

    return main(list(words), no_screens)


def test_the_newest_job_is_drawn_and_judged(journal: Journal, capsys: pytest.CaptureFixture[str]) -> None:
    finished(journal, 1)

    assert run("plot", "--width", "70", "--height", "12") == 0
    lines = capsys.readouterr().out.splitlines()

    assert lines[0].startswith("o train  x valid  # full valid")
    assert "✦ best 60" in lines[0]
    noisy, falling = lines[12:]
    assert noisy.startswith("Noisy: the training loss scatters by 0.11 around 0.269")
    assert falling.startswith("Still falling: training loss from about 0.418 at step 31 to 0.12.")


def test_part_of_the_steps_smoothed_on_a_logarithmic_scale(
    journal: Journal, capsys: pytest.CaptureFixture[str]
) -> None:
    finished(journal, 1)

    assert run("plot", "--steps", "20:40", "--smooth", "0.9", "--log", "--width", "70", "--height", "12") == 0
    lines = capsys.readouterr().out.splitlines()

    assert "smoothed 0.9 log" in lines[0]
    steps = [int(word) for word in lines[11].split()]
    assert steps[0] >= 20
    assert steps[-1] <= 40


@pytest.mark.parametrize("steps", ["20", "40:20", "a:b", "20:20"])
def test_steps_that_are_no_range_are_refused(journal: Journal, capsys: pytest.CaptureFixture[str], steps: str) -> None:
    finished(journal, 1)

    assert run("plot", "--steps", steps) == 2
    assert "such as 100:200" in capsys.readouterr().err


def test_a_metric_is_found_by_its_axis_or_by_its_name(journal: Journal, capsys: pytest.CaptureFixture[str]) -> None:
    finished(journal, 1)

    assert run("plot", "--metric", "accuracy") == 0
    assert "valid" in capsys.readouterr().out
    assert run("plot", "--metric", "train_loss") == 0
    assert "training loss" in capsys.readouterr().out
    assert run("plot", "--metric", "reward") == 2
    assert "There is: loss, accuracy, train_loss" in capsys.readouterr().err


def test_several_jobs_are_drawn_over_each_other(journal: Journal, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = finished(journal, 1, suffix="warm"), finished(journal, 2, 40, suffix="cold")

    assert run("plot", first.id, second.id, "--ascii") == 0
    lines = capsys.readouterr().out.splitlines()

    assert lines[0].split() == ["o", "warm", "b-0001", "x", "cold", "b-0002"]
    assert all(line.isascii() for line in lines)


def test_jobs_are_compared(journal: Journal, capsys: pytest.CaptureFixture[str]) -> None:
    asked = {"n_epochs": 1, "batch_size": 8, "learning_rate_multiplier": 1.0}
    first, second = finished(journal, 1, suffix="three"), finished(journal, 2, 20, suffix="one", hyperparameters=asked)

    assert run("jobs", "compare", first.id, second.id) == 0
    lines = capsys.readouterr().out.splitlines()

    assert lines[0].split() == ["three", "b-0001", "one", "b-0002"]
    assert [line.split() for line in lines[1:3]] == [["Epochs", "3", "1"], []]
    best = next(line for line in lines if line.startswith("Best full valid loss"))
    assert best.split()[4:] == ["0.4406", "at", "60", "*", "1.11", "at", "20"]


def test_a_comparison_as_json_holds_the_jobs_whole(journal: Journal, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = finished(journal, 1), finished(journal, 2, model="gpt-4.1-2025-04-14")

    assert run("jobs", "compare", first.id, second.id, "--json") == 0
    found = json.loads(capsys.readouterr().out)

    assert [one["job"]["id"] for one in found["jobs"]] == [first.id, second.id]
    assert found["settings"] == {"Base model": [first.model, second.model]}
    assert [(one["profile"], one["cost"]) for one in found["jobs"]] == [("local", 0), ("local", 0)]


def test_one_job_is_not_a_comparison(journal: Journal, capsys: pytest.CaptureFixture[str]) -> None:
    job = finished(journal, 1)

    assert run("jobs", "compare", job.id, job.id) == 2
    assert "Name 2 to 6 different jobs" in capsys.readouterr().err


def test_showing_a_job_tells_the_verdict(journal: Journal, capsys: pytest.CaptureFixture[str]) -> None:
    finished(journal, 1)

    assert run("jobs", "show", "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert run("jobs", "show") == 0

    verdicts = [found["verdict"] for found in shown["diagnosis"]]
    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith("diagnosis")]
    assert [line.split()[1].rstrip(":").lower() for line in told] == [verdict.split()[0] for verdict in verdicts]
