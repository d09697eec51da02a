"""Curves of one kind share an axis, and every number that arrives has one."""

from __future__ import annotations

import pytest

from fttui.domain.jobs.series import Point, Series
from fttui.domain.plot.tabs import Run, overlays, tab_name, tabs


@pytest.mark.parametrize(
    ("metric", "tab"),
    [
        ("train_loss", "loss"),
        ("full_valid_loss", "loss"),
        ("valid_mean_token_accuracy", "accuracy"),
        ("rewards/accuracies", "accuracy"),
        ("rewards/chosen", "reward"),
        ("train_mean_reward", "reward"),
        ("train_entropy", "entropy"),
        ("full_valid_entropy", "entropy"),
        ("valid_reasoning_tokens", "reasoning tokens"),
        ("logps/chosen", "logps"),
        ("train_", "train "),
    ],
)
def test_a_metric_finds_its_axis_by_its_name(metric: str, tab: str) -> None:
    assert tab_name(metric) == tab


def test_losses_accuracies_and_rewards_come_first() -> None:
    names = ("entropy", "train_mean_reward", "valid_mean_token_accuracy", "train_loss", "clip_share", "train_entropy")
    found = tabs([Series(name, ()) for name in names])

    assert [tab.name for tab in found] == ["loss", "accuracy", "reward", "clip share", "entropy"]
    assert [one.name for one in found[-1].curves] == ["entropy", "train_entropy"]


def test_runs_are_laid_over_each_other_metric_by_metric() -> None:
    def series(name: str, value: float) -> Series:
        return Series(name, (Point(1, value),))

    first = Run("warm abc", (series("train_loss", 1.0), series("valid_loss", 2.0)))
    second = Run("cold xyz", (series("train_loss", 3.0),))

    train, valid = overlays([first, second])

    assert (train.name, valid.name) == ("training loss", "validation loss")
    assert [(one.label, one.points[0].value) for one in train.curves] == [("warm abc", 1.0), ("cold xyz", 3.0)]
    assert [one.label for one in valid.curves] == ["warm abc"]
