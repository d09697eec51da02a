"""What the accuracy on rows kept back says, beside a loss or alone."""

from __future__ import annotations

from collections.abc import Mapping

from fttui.domain.jobs.series import Series

FEWEST = 3
"""Measurements on every row kept back that are enough to compare."""
ACCURACIES = ("full_valid_mean_token_accuracy", "valid_mean_token_accuracy")
CLEAR_LOSS_OF_ACCURACY = 0.03
"""A share of the tokens; less may be chance."""


def _kept_back(by_name: Mapping[str, Series]) -> Series | None:
    """The accuracy on rows kept back, the more telling one first."""
    return next((by_name[name] for name in ACCURACIES if name in by_name and by_name[name].points), None)


def since(by_name: Mapping[str, Series], step: int) -> str:
    """How the accuracy went on from a step, as a sentence of its own: answers may get no worse while the loss rises."""
    curve = _kept_back(by_name)
    then = [point.value for point in curve.points if point.step <= step] if curve is not None else []
    if curve is None or not then or curve.points[-1].step <= step:
        return ""
    return f" Accuracy {then[-1]:.1%} then, {curve.points[-1].value:.1%} now."


def lost(by_name: Mapping[str, Series]) -> tuple[str, int] | None:
    """An accuracy on all rows kept back that was highest some while ago and is clearly lower now."""
    curve = by_name.get(ACCURACIES[0])
    if curve is None or len(curve.points) < FEWEST:
        return None
    best = max(curve.points, key=lambda point: (point.value, -point.step))
    after = [point.value for point in curve.points if point.step > best.step]
    if len(after) < 2 or best.value - max(after[-2:]) < CLEAR_LOSS_OF_ACCURACY:
        return None
    words = f"Overfitting since step {best.step}: {curve.label} {best.value:.1%} there, {after[-1]:.1%} now."
    return words, best.step
