"""What curves say about a training, on curves made up and on recorded ones; silence where they say too little."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fttui.domain.jobs.diagnosis import ADVICE, WHILE_RUNNING, Verdict, diagnose, diagnose_curves
from fttui.domain.jobs.feed import JobFeed, JobUpdate
from fttui.domain.jobs.job import Job, JobEvent
from fttui.domain.jobs.series import Point, Series

RECORDED = Path(__file__).parent / "recorded"
"""Losses of runs on the embedded engine, with the hyperparameters and the seed each file names."""


def made(course: Callable[[int], float], steps: int = 200, every: int = 1, name: str = "train_loss") -> Series:
    return Series(name, tuple(Point(step, course(step)) for step in range(every, steps + 1, every)))


def noise(seed: int, deviation: float) -> Callable[[], float]:
    chance = random.Random(seed)
    return lambda: chance.gauss(0, deviation)


def verdicts(*series: Series, running: bool = False) -> list[Verdict]:
    return [found.verdict for found in diagnose_curves(series, running=running)]


def recorded(name: str) -> list[Series]:
    document = json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))
    return [
        Series(metric, tuple(Point(int(step), float(value)) for step, value in points))
        for metric, points in document["curves"].items()
    ]


@pytest.mark.parametrize("seed", range(5))
def test_a_curve_that_has_come_to_rest_has_converged(seed: int) -> None:
    rough = noise(seed, 0.02)

    assert verdicts(made(lambda step: 3 * math.exp(-step / 15) + 0.6 + rough())) == [Verdict.CONVERGED]


@pytest.mark.parametrize("seed", range(5))
def test_a_curve_on_its_way_down_is_still_falling(seed: int) -> None:
    rough = noise(seed, 0.1)
    train = made(lambda step: 3 - step / 100 + rough())

    assert verdicts(train) == [Verdict.FALLING]
    assert verdicts(train, running=True) == []


@pytest.mark.parametrize("seed", range(5))
def test_a_validation_loss_that_rises_again_is_overfitting_from_its_lowest_point(seed: int) -> None:
    rough = noise(seed, 0.03)
    train = made(lambda step: 3 * math.exp(-step / 30) + rough() * 0.1)
    valid = made(lambda step: 1 + ((step - 80) / 100) ** 2 + rough(), every=4, name="valid_loss")

    (found,) = diagnose_curves([train, valid])

    assert found.verdict is Verdict.OVERFITTING
    assert found.step is not None
    assert 50 <= found.step <= 110


def test_three_values_of_the_full_validation_loss_are_enough() -> None:
    full = Series("full_valid_loss", tuple(Point(step, value) for step, value in ((50, 0.8), (100, 0.9), (150, 1.1))))
    (found,) = diagnose_curves([full])

    assert (found.verdict, found.step) == (Verdict.OVERFITTING, 50)
    assert "0.8" in found.sentence
    assert "1.1" in found.sentence


def test_a_rise_too_small_to_matter_is_not_overfitting() -> None:
    full = Series(
        "full_valid_loss", tuple(Point(50 * at, value) for at, value in enumerate((0.002, 0.001, 0.004, 0.004)))
    )

    assert verdicts(full) == []


def test_a_single_value_far_out_is_a_spike() -> None:
    rough = noise(1, 0.02)
    train = made(lambda step: 3 * math.exp(-step / 20) + 0.5 + rough() + (4 if step == 140 else 0))
    spikes = [found for found in diagnose_curves([train]) if found.verdict is Verdict.SPIKE]

    assert [found.step for found in spikes] == [140]


def test_long_curves_are_told_the_same() -> None:
    rough = noise(3, 0.05)
    steps = 60_000
    course = {step: 3 * math.exp(-step / 4000) + 0.5 + rough() for step in range(1, steps + 1)}

    assert verdicts(made(course.__getitem__, steps)) == [Verdict.CONVERGED]
    (spike, _) = diagnose_curves([made(lambda step: course[step] + (9 if step == 43_210 else 0), steps)])
    assert spike.verdict is Verdict.SPIKE
    assert spike.step is not None
    assert abs(spike.step - 43_210) <= steps / 1000


def test_the_steep_beginning_is_no_spike() -> None:
    assert Verdict.SPIKE not in verdicts(made(lambda step: 12 * math.exp(-step / 3) + 0.2))


@pytest.mark.parametrize("seed", range(5))
def test_values_that_scatter_widely_are_noisy(seed: int) -> None:
    rough = noise(seed, 0.6)

    assert Verdict.NOISY in verdicts(made(lambda step: (1.5 + 2 * math.exp(-step / 30)) * math.exp(rough())))


def test_a_loss_that_ends_far_above_its_beginning_has_diverged() -> None:
    assert verdicts(made(lambda step: 2 - step / 100 if step < 80 else step / 10)) == [Verdict.DIVERGED]


def test_values_that_are_not_numbers_have_diverged() -> None:
    lost = Series("train_loss", tuple(Point(step, 2.0) for step in range(1, 30)), dropped=40)

    assert verdicts(lost) == [Verdict.DIVERGED]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("converged", [Verdict.CONVERGED]),
        ("one_epoch", [Verdict.CONVERGED]),
        ("overfitting", [Verdict.OVERFITTING]),
        ("overfitting_slightly", [Verdict.OVERFITTING]),
        ("diverged", [Verdict.DIVERGED]),
        ("diverged_and_back", [Verdict.DIVERGED]),
        ("falling", [Verdict.FALLING]),
        ("noisy", [Verdict.NOISY]),
        ("unsure", []),
        ("with_accuracy_converged", [Verdict.CONVERGED]),
        ("with_accuracy_overfitting", [Verdict.OVERFITTING]),
    ],
)
def test_recorded_runs_are_told_as_they_were(name: str, expected: list[Verdict]) -> None:
    assert verdicts(*recorded(name)) == expected


@pytest.mark.parametrize("share", [0.02, 0.05, 0.1])
def test_the_first_steps_of_a_recorded_run_say_nothing(share: float) -> None:
    for path in RECORDED.glob("*.json"):
        if "diverged" in path.name:
            continue
        series = recorded(path.stem)
        cut = [Series(one.name, one.points[: int(len(one.points) * share)]) for one in series]

        assert verdicts(*cut, running=True) == [], path.name


@given(st.integers(0, 2**32), st.integers(0, 23), st.sampled_from([0.01, 0.3, 3.0]))
def test_a_few_values_of_noise_say_nothing(seed: int, count: int, deviation: float) -> None:
    rough = noise(seed, deviation)
    train = made(lambda _: 2 + rough(), steps=count)
    valid = made(lambda _: 2 + rough(), steps=count, name="valid_loss")

    assert verdicts(train, valid) == []


def test_more_noise_without_a_course_is_called_noisy_at_most() -> None:
    for seed in range(150):
        rough = noise(seed, 0.2)
        train = made(lambda _: 2 + rough(), steps=60 + seed)  # noqa: B023 - used at once
        valid = made(lambda _: 2 + rough(), steps=60 + seed, every=2, name="valid_loss")  # noqa: B023

        assert set(verdicts(train, valid)) <= {Verdict.NOISY}, seed


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, width=32), max_size=120))
def test_whatever_the_values_are_a_verdict_names_a_step_that_is_there(values: list[float]) -> None:
    for name in ("train_loss", "valid_loss", "full_valid_loss"):
        told = diagnose_curves([Series(name, tuple(Point(step, value) for step, value in enumerate(values)))])

        assert all(found.sentence and (found.step is None or found.step < len(values)) for found in told)


def test_every_verdict_has_its_advice_and_a_running_job_its_own() -> None:
    full = Series("full_valid_loss", tuple(Point(step, value) for step, value in ((50, 0.8), (100, 0.9), (150, 1.1))))
    (over,), (going,) = diagnose_curves([full]), diagnose_curves([full], running=True)

    assert set(ADVICE) == set(Verdict)
    assert str(over).endswith(ADVICE[Verdict.OVERFITTING])
    assert str(going).endswith(WHILE_RUNNING[Verdict.OVERFITTING])


def test_a_feed_is_diagnosed_by_its_events_and_its_status() -> None:
    events = tuple(
        JobEvent(f"e{step}", step, "info", "", "metrics", step, 200, {"train_loss": 4 - step / 60})
        for step in range(1, 201)
    )
    done = JobFeed().apply(JobUpdate(Job("j", "m", "succeeded", 1, "f"), events))
    going = JobFeed().apply(JobUpdate(Job("j", "m", "running", 1, "f"), events))

    assert [found.verdict for found in diagnose(done)] == [Verdict.FALLING]
    assert diagnose(going) == ()
    assert diagnose(JobFeed()) == ()
