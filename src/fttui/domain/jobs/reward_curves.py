"""What the curves of rewards say: of reinforcement on rows kept back, and of preference training.

Rewards have no scale of their own, so that everything is measured against what the run itself gained.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean

from fttui.domain.jobs.curve_statistics import scatter_off_course, trend
from fttui.domain.jobs.series import Point, Series

KEPT_BACK = ("full_valid_mean_reward", "valid_mean_reward", "valid_reward_mean")
"""Rewards on the same rows at each measurement, the more telling one first."""
PREFERRED = ("rewards/accuracies", "valid_reward_accuracy", "train_reward_accuracy")
"""How often the chosen answer has the higher reward, 0 to 1."""
PARSE_ERRORS = ("full_valid_mean_parse_error", "valid_mean_parse_error")
"""Share of the answers that the grader could not read, 0 to 1."""

FEWEST_LOST, FEWEST_RISING, FEWEST_PAIRS = 4, 6, 24
FEWEST_CALMED = 8
LOST_SHARE = 0.5
"""A reward is lost when this share of all that was gained is gone again."""
LEAST_GAIN = 0.05
"""What a gain must be, as a share of the largest value, to be spoken of."""
RISING_SHARE = 0.15
"""A reward still rises when its last half gains this share of all that was gained."""
SURE = 4.0
"""How many standard errors a slope must be away from nothing."""
CHANCE_UP_TO = 0.55
"""A share of pairs that is hardly more than a coin's."""
MANY_UNREADABLE = 0.2


def _first(by_name: Mapping[str, Series], names: tuple[str, ...], fewest: int) -> Series | None:
    return next((by_name[name] for name in names if name in by_name and len(by_name[name].points) >= fewest), None)


def lost(by_name: Mapping[str, Series]) -> tuple[str, int] | None:
    """A reward on rows kept back that was highest some while ago and has lost most of its gain since."""
    curve = _first(by_name, KEPT_BACK, FEWEST_LOST)
    if curve is None:
        return None
    points = _calmed(curve)
    best = max(points, key=lambda point: (point.value, -point.step))
    after = [point.value for point in points if point.step > best.step]
    gained = best.value - points[0].value
    if len(after) < 2 or gained <= 0:
        return None
    chance_alone = SURE * scatter_off_course([point.value for point in curve.points])
    if best.value - max(after[-2:]) < max(LOST_SHARE * gained, _least(curve), chance_alone):
        return None
    return f"Reward lost since step {best.step}: {curve.label} {best.value:.3g} there, {after[-1]:.3g} now.", best.step


def rising(by_name: Mapping[str, Series]) -> str:
    """A reward on rows kept back that rises beyond doubt to its end."""
    curve = _first(by_name, KEPT_BACK, FEWEST_RISING)
    if curve is None:
        return ""
    points = _calmed(curve)
    values = [point.value for point in points]
    half = len(values) // 2
    slope, error = trend(values[-max(half, 4) :])
    gained = values[-1] - values[0]
    late = values[-1] - values[-half - 1]
    chance_alone = SURE * scatter_off_course([point.value for point in curve.points])
    enough = max(RISING_SHARE * gained, _least(curve), chance_alone)
    if slope <= SURE * error or values[-1] < max(values) or late < enough:
        return ""
    first = points[-half - 1]
    return f"Still rising: {curve.label} from {first.value:.3g} at step {first.step} to {values[-1]:.3g}."


def chance(by_name: Mapping[str, Series]) -> str:
    """A preference training whose model prefers the chosen answers hardly more often than a coin would, to its end."""
    curve = _first(by_name, PREFERRED, FEWEST_PAIRS)
    if curve is None:
        return ""
    share = fmean(point.value for point in curve.points[-len(curve.points) // 3 :])
    if not 0.0 <= share <= CHANCE_UP_TO or any(not 0.0 <= point.value <= 1.0 for point in curve.points):
        return ""
    first = curve.points[-len(curve.points) // 3].step
    return f"No better than chance: the chosen answer is preferred in {share:.0%} of the pairs since step {first}."


def unreadable(by_name: Mapping[str, Series]) -> str:
    """Answers to rows kept back that the grader could not read, at the last two measurements."""
    curve = _first(by_name, PARSE_ERRORS, 2)
    if curve is None or min(point.value for point in curve.points[-2:]) < MANY_UNREADABLE:
        return ""
    last = curve.points[-1]
    return f"Unreadable answers: the grader could not read {last.value:.0%} of them at step {last.step}."


def _calmed(curve: Series) -> Sequence[Point]:
    """A curve of many points with each as the mean of itself and its neighbours, so that no single one decides."""
    points = curve.points
    if len(points) < FEWEST_CALMED:
        return points
    threes = zip(points, points[1:], points[2:], strict=False)
    return [Point(two.step, fmean((one.value, two.value, three.value))) for one, two, three in threes]


def _least(curve: Series) -> float:
    return LEAST_GAIN * max(abs(point.value) for point in curve.points)
