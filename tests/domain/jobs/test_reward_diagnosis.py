"""What rewards and accuracies say of a training, and when they say nothing."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fttui.domain.jobs.diagnosis import Diagnosis, Verdict, diagnose_curves
from fttui.domain.jobs.series import Point, Series

FULL_REWARD = "full_valid_mean_reward"
RECORDED = Path(__file__).parent / "recorded"


def curve(name: str, values: Sequence[float], every: int = 10) -> Series:
    return Series(name, tuple(Point(every * at, value) for at, value in enumerate(values, 1)))


def said(*series: Series, running: bool = False) -> list[Verdict]:
    return [one.verdict for one in diagnose_curves(series, running=running)]


def test_a_reward_that_was_gained_and_lost_again_names_the_step_before() -> None:
    (found,) = diagnose_curves([curve(FULL_REWARD, (0.2, 0.45, 0.7, 0.5, 0.35, 0.3))])

    assert (found.verdict, found.step) == (Verdict.REWARD_LOST, 30)
    assert "0.7 there, 0.3 now" in found.sentence
    assert "checkpoint" in found.advice


def test_a_reward_on_its_way_up_still_rises_unless_more_is_to_come() -> None:
    rising = curve(FULL_REWARD, (0.2, 0.26, 0.31, 0.37, 0.42, 0.48, 0.53, 0.59))

    assert said(rising) == [Verdict.REWARD_RISING]
    assert said(rising, running=True) == []


def test_a_reward_that_has_levelled_off_or_dips_a_little_is_not_spoken_of() -> None:
    assert said(curve(FULL_REWARD, (0.2, 0.5, 0.62, 0.66, 0.67, 0.668, 0.671, 0.67))) == []
    assert said(curve(FULL_REWARD, (0.2, 0.5, 0.7, 0.66, 0.64))) == []


@pytest.mark.parametrize("scale", [0.01, 1.0, 500.0])
def test_rewards_are_judged_whatever_their_scale(scale: float) -> None:
    assert said(curve(FULL_REWARD, [scale * value for value in (0.2, 0.45, 0.7, 0.5, 0.35, 0.3)])) == [
        Verdict.REWARD_LOST
    ]


def test_the_reward_of_training_says_nothing_since_each_step_has_other_rows() -> None:
    assert said(curve("train_mean_reward", [0.9 - at / 100 for at in range(80)], 1)) == []


def test_preferences_no_better_than_chance_are_told_at_the_end() -> None:
    chance = random.Random(5)
    flat = curve("rewards/accuracies", [0.5 + chance.gauss(0, 0.04) for _ in range(60)], 1)

    assert said(flat) == [Verdict.CHANCE]
    assert said(flat, running=True) == []
    assert said(curve("rewards/accuracies", [min(0.5 + at / 60, 1.0) for at in range(60)], 1)) == []
    assert said(curve("rewards/accuracies", [0.5] * 10, 1)) == []


def test_answers_the_grader_cannot_read_are_told() -> None:
    (found,) = diagnose_curves([curve("full_valid_mean_parse_error", (0.1, 0.4, 0.6))])

    assert (found.verdict, "60%" in found.sentence) == (Verdict.UNREADABLE, True)
    assert said(curve("full_valid_mean_parse_error", (0.6, 0.3, 0.0))) == []


def test_overfitting_by_the_loss_tells_how_the_accuracy_went_on() -> None:
    loss = curve("full_valid_loss", (0.8, 0.9, 1.2))
    accuracy = curve("full_valid_mean_token_accuracy", (0.81, 0.82, 0.83))
    (found,) = diagnose_curves([loss, accuracy])

    assert found.sentence.endswith("Accuracy 81.0% then, 83.0% now.")


def test_a_recorded_run_whose_loss_rose_while_its_answers_got_no_worse_says_both() -> None:
    curves = json.loads((RECORDED / "with_accuracy_overfitting.json").read_text(encoding="utf-8"))["curves"]
    series = [Series(name, tuple(Point(int(at), float(value)) for at, value in all_)) for name, all_ in curves.items()]
    (found,) = diagnose_curves(series)

    assert "full validation loss 0.207 there, 0.25 now" in found.sentence
    assert "Accuracy 96.6% then, 96.8% now." in found.sentence


def test_where_there_is_no_loss_a_clear_loss_of_accuracy_is_overfitting() -> None:
    name = "full_valid_mean_token_accuracy"
    (found,) = diagnose_curves([curve(name, (0.7, 0.82, 0.77, 0.76))])

    assert (found.verdict, found.step) == (Verdict.OVERFITTING, 20)
    assert said(curve(name, (0.7, 0.82, 0.81, 0.80))) == []


def test_recorded_accuracies_of_runs_that_did_well_say_nothing_against_them() -> None:
    for path in RECORDED.glob("with_accuracy_*.json"):
        curves = json.loads(path.read_text(encoding="utf-8"))["curves"]
        alone = [
            Series(name, tuple(Point(int(step), float(value)) for step, value in points))
            for name, points in curves.items()
            if "accuracy" in name
        ]
        assert said(*alone) == [], path.name


@pytest.mark.parametrize("count", [3, 5, 8, 12, 20, 35])
def test_of_a_thousand_rewards_that_are_noise_alone_hardly_one_is_spoken_of(count: int) -> None:
    chance = random.Random(count)
    noise = ([0.6 + chance.gauss(0, 0.1) for _ in range(count)] for _ in range(1000))

    assert sum(bool(said(curve(FULL_REWARD, values))) for values in noise) <= 5


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, width=32), max_size=60))
def test_no_values_make_it_crash(values: list[float]) -> None:
    names = (FULL_REWARD, "rewards/accuracies", "full_valid_mean_parse_error", "full_valid_mean_token_accuracy")
    for name in names:
        found: tuple[Diagnosis, ...] = diagnose_curves([curve(name, values)])
        assert all(math.isfinite(one.step or 0) for one in found)
