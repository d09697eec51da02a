"""What a curve says about the training, in words, with the usual advice; silent where it does not say enough."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import fmean, median

from fttui.domain.jobs import accuracy_curves as accuracy
from fttui.domain.jobs import reward_curves as rewards
from fttui.domain.jobs.curve_statistics import deviation, medians, spread, spread_around, trend
from fttui.domain.jobs.feed import JobFeed
from fttui.domain.jobs.series import Point, Series, curves


class Verdict(StrEnum):
    """What may be said of a run."""

    DIVERGED = "diverged"
    OVERFITTING = "overfitting"
    SPIKE = "spike"
    NOISY = "noisy"
    FALLING = "still falling"
    CONVERGED = "converged"
    REWARD_LOST = "reward lost"
    REWARD_RISING = "reward still rising"
    CHANCE = "no better than chance"
    UNREADABLE = "unreadable answers"


ADVICE = {
    # Epochs, learning rate: OpenAI's fine-tuning guide, "iterating on hyperparameters", 2026-11-20.
    Verdict.DIVERGED: "Try a learning rate multiplier a third as large; look at the rows once more.",
    Verdict.OVERFITTING: "Take the checkpoint nearest to it, train one or two epochs fewer, or add varied rows.",
    Verdict.SPIKE: "Look at the rows of that batch; if spikes come back, lower the learning rate.",
    Verdict.NOISY: "A larger batch or a lower learning rate makes it steadier.",
    Verdict.FALLING: "One or two epochs more may help.",
    Verdict.CONVERGED: "More epochs will hardly help; more varied rows may.",
    # Rewards: OpenAI's reinforcement fine-tuning guide, on reward hacking and graders, 2026-11-20.
    Verdict.REWARD_LOST: "Take the checkpoint nearest to it, and read answers: the grader may reward the wrong thing.",
    Verdict.REWARD_RISING: "One or two epochs more may help.",
    Verdict.CHANCE: "Look whether chosen and rejected differ in what matters; more pairs or a lower beta may help.",
    Verdict.UNREADABLE: "Look at the response format, and at what the grader reads of an answer.",
}
WHILE_RUNNING = {
    Verdict.DIVERGED: "Consider stopping it and trying a learning rate multiplier a third as large.",
    Verdict.OVERFITTING: "Consider stopping it: a checkpoint from before does better on rows not seen.",
}

FEWEST = 24
"""Values a curve needs before anything is said of its course."""
MOST = 1200
"""Values of a curve that are looked at one by one; of longer ones, means of neighbours."""
LATEST = 4000
"""Values that noise is judged by."""
FULL = "full_valid_loss"
FEWEST_FULL = 3
"""Values of the full validation loss that are enough: it is measured on every row, so it hardly has noise."""

CLEAR_RISE, LEAST_RISE = 0.05, 0.02
"""A validation loss has risen when it is higher by this share of its least value, and by this much."""
SURE = 5.0
"""How many standard errors a slope, or deviations a difference, must be away from nothing."""
RATHER_SURE, LEAST_FALL = 4.0, 0.05
"""The same for a curve that also goes on falling to its end, and the share of the loss it must fall by."""
STEADY = 0.01
"""A curve has converged when it falls by less than this share of all it fell before."""
SMALL_LOSS = 0.05
"""Below this loss, how it goes on makes no difference."""
SPIKE_HEIGHT = 10.0
"""Deviations from the values around."""
NOISE = 0.35
"""Deviation from the trend, as a share of the loss, from which a curve is called noisy."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A verdict: `step` is where it begins, where that has a meaning."""

    verdict: Verdict
    sentence: str
    """What was seen, with the numbers it rests on."""
    advice: str
    step: int | None = None

    def __str__(self) -> str:
        return f"{self.sentence} {self.advice}"


def diagnose(feed: JobFeed) -> tuple[Diagnosis, ...]:
    """What the curves of a job say, the most telling first; nothing where they say too little."""
    running = feed.job is not None and not feed.job.is_final
    return diagnose_curves(curves(feed.events), running=running)


def diagnose_curves(series: Sequence[Series], *, running: bool = False) -> tuple[Diagnosis, ...]:
    """What curves say; see `diagnose`.

    Args:
        series: the curves of one job, by their usual names.
        running: more values are to come, so that what is still falling needs no advice.
    """
    by_name = {one.name: one for one in series}
    every = by_name.get("train_loss", Series("train_loss", ()))
    train, peaks = _shorter(every, fmean), _shorter(every, max)
    valid, full = (_shorter(by_name[name], fmean) if name in by_name else None for name in ("valid_loss", FULL))

    def said(verdict: Verdict, sentence: str, step: int | None = None) -> Diagnosis:
        advice = WHILE_RUNNING.get(verdict, ADVICE[verdict]) if running else ADVICE[verdict]
        return Diagnosis(verdict, sentence, advice, step)

    if sentence := _diverged(train):
        return (said(Verdict.DIVERGED, sentence),)
    found = [said(*told) for told in _told_of_rewards(by_name, running=running)]
    if (risen := _risen(full, FEWEST_FULL) or _risen(valid, FEWEST)) is not None:
        sentence, step = risen
        found.append(said(Verdict.OVERFITTING, f"{sentence}{accuracy.since(by_name, step)}", step))
    elif full is None and valid is None and (lost := accuracy.lost(by_name)) is not None:
        found.append(said(Verdict.OVERFITTING, *lost))
    if (spike := _spike(peaks)) is not None:
        found.append(said(Verdict.SPIKE, *spike))
    if sentence := _noisy(every):
        found.append(said(Verdict.NOISY, sentence))
    if not any(one.verdict is Verdict.OVERFITTING for one in found):
        if sentence := _converged(train, valid):
            found.append(said(Verdict.CONVERGED, sentence))
        elif not running and (sentence := _falling(valid) or _falling(train)):
            found.append(said(Verdict.FALLING, sentence))
    return tuple(found)


def _shorter(curve: Series, into: Callable[[Sequence[float]], float]) -> Series:
    """At most `MOST` points, each made of neighbours that follow each other; it bears their last step."""
    width = -(-len(curve.points) // MOST)
    if width < 2:
        return curve
    groups = (curve.points[at : at + width] for at in range(0, len(curve.points) - width + 1, width))
    points = tuple(Point(group[-1].step, into([one.value for one in group])) for group in groups)
    return replace(curve, points=points)


def _diverged(train: Series) -> str:
    """The training loss ends well above where it began, or in values that are not numbers."""
    values = [point.value for point in train.points]
    if train.dropped >= 3 and train.dropped >= len(values) // 10:
        return f"Diverged: {train.dropped} values of the training loss are not numbers."
    if len(values) < FEWEST:
        return ""
    part = max(len(values) // 10, 4)
    # The very first value is that of the base itself; the next few may be on their way up already.
    start, least, end = values[0], min(medians(values, part)), median(values[-part:])
    rest = spread(values[-2 * part :])
    if end > 1.5 * least and end > start + SURE * rest and end > least + SURE * rest:
        return f"Diverged: training loss {start:.3g} at first, around {end:.3g} now."
    worst = max(medians(values, 4))
    if worst > 1.5 * start and worst > start + SURE * rest:
        at = next(point.step for point in train.points if point.value >= worst)
        return f"Diverged: training loss from {start:.3g} to {worst:.3g} at step {at}, {end:.3g} now."
    return ""


def _risen(valid: Series | None, fewest: int) -> tuple[str, int] | None:
    """A validation loss that was lowest some while ago and is clearly higher now, at the step where it was lowest."""
    if valid is None or len(valid.points) < fewest:
        return None
    points = valid.points
    if fewest == FEWEST:
        # A sample of the rows is noisy: look at the means of neighbours.
        width = max(len(points) // 8, 3)
        groups = [points[at : at + width] for at in range(0, len(points) - width + 1, width)]
        values = [fmean(point.value for point in group) for group in groups]
        steps = [group[width // 2].step for group in groups]
        noise = median(deviation(group) for group in ([one.value for one in group] for group in groups[1:]))
        noise /= math.sqrt(width)
    else:
        values, steps, noise = [point.value for point in points], [point.step for point in points], 0.0
    lowest = min(range(len(values)), key=values.__getitem__)
    after = values[lowest + 1 :]
    if len(after) < 2:
        return None
    least, now = values[lowest], min(after[-2:])
    if now - least < max(CLEAR_RISE * least, LEAST_RISE, SURE * noise) or max(after) > 3 * max(values[0], now):
        return None
    name = "full validation loss" if fewest == FEWEST_FULL else "validation loss"
    step = steps[lowest]
    return f"Overfitting since step {step}: {name} {least:.3g} there, {values[-1]:.3g} now.", step


def _told_of_rewards(by_name: Mapping[str, Series], *, running: bool) -> Iterator[tuple[Verdict, str, int | None]]:
    """What rewards say. Those of training say nothing: each step has other rows, so that they cannot be compared.

    Source: OpenAI's reinforcement fine-tuning guide, 2026-11-20; the names of preference training are TRL's.
    """
    if (lost := rewards.lost(by_name)) is not None:
        yield Verdict.REWARD_LOST, *lost
    elif not running and (sentence := rewards.rising(by_name)):
        yield Verdict.REWARD_RISING, sentence, None
    # At the beginning chance is as good as it gets.
    if not running and (sentence := rewards.chance(by_name)):
        yield Verdict.CHANCE, sentence, None
    if sentence := rewards.unreadable(by_name):
        yield Verdict.UNREADABLE, sentence, None


def _spike(train: Series) -> tuple[str, int] | None:
    """A value far above those on both sides of it."""
    values = [point.value for point in train.points]
    if len(values) < 2 * FEWEST:
        return None
    reach = 8
    worst: tuple[float, int, float] | None = None
    for at in range(reach, len(values) - 3):
        around = [*values[at - reach : at - 1], *values[at + 2 : at + 2 + reach]]
        level, scatter = median(around), spread_around(around)
        height = values[at] - level
        # The beginning is steep, and tiny losses jump by large factors without meaning anything.
        steep = abs(fmean(values[at - reach : at - 1]) - fmean(values[at + 2 : at + 2 + reach]))
        if (
            height > SPIKE_HEIGHT * scatter
            and height > max(level, 0.5, 3 * steep)
            and (worst is None or height > worst[0])
        ):
            worst = (height, at, level)
    if worst is None:
        return None
    _, at, level = worst
    step = train.points[at].step
    return f"Spike at step {step}: {values[at]:.3g}, with {level:.3g} around it.", step


def _noisy(train: Series) -> str:
    """A second half whose values scatter widely around their trend."""
    values = [point.value for point in train.points]
    if len(values) < 2 * FEWEST:
        return ""
    half = values[max(len(values) // 2, len(values) - LATEST) :]
    level, scatter = fmean(half), spread(half)
    if level < SMALL_LOSS * 4 or scatter < NOISE * level:
        return ""
    return f"Noisy: the training loss scatters by {scatter:.2g} around {level:.3g} from step to step."


def _converged(train: Series, valid: Series | None) -> str:
    """A last third in which the curve falls by next to nothing, after it had clearly fallen."""
    curve = valid if valid is not None and len(valid.points) >= FEWEST else train
    values = [point.value for point in curve.points]
    if len(values) < FEWEST:
        return ""
    third = len(values) // 3
    start, last = median(values[: max(third // 4, 2)]), values[-third:]
    fell = start - fmean(last)
    slope, error = trend(last)
    drop, unsure = -slope * third, 2 * error * third
    if fell < max(SURE * spread(last), 0.1 * abs(start)):
        return ""
    flat = abs(drop) + unsure < STEADY * 3 * fell and abs(drop) < STEADY * fell
    tiny = max(fmean(last), fmean(values[-third // 2 :])) < SMALL_LOSS
    if not (flat or tiny):
        return ""
    first = curve.points[-third].step
    return f"Converged: {curve.label} around {fmean(last):.2g} since step {first}, {start:.3g} at first."


def _falling(curve: Series | None) -> str:
    """A last half in which the curve falls beyond doubt, by an amount that counts, and to its end."""
    if curve is None or len(curve.points) < FEWEST:
        return ""
    values = [point.value for point in curve.points]
    half, sixth = len(values) // 2, max(len(values) // 6, 4)
    last = values[-half:]
    slope, error = trend(last)
    drop = -slope * (half - 1)
    goes_on = fmean(values[-sixth:]) < fmean(values[-2 * sixth : -sixth]) < fmean(values[:-half])
    if -slope < RATHER_SURE * error or drop < max(LEAST_FALL * fmean(last), LEAST_RISE) or not goes_on:
        return ""
    first, begin = curve.points[-half].step, fmean(last) + drop / 2
    return f"Still falling: {curve.label} from about {begin:.3g} at step {first} to {begin - drop:.3g}."
