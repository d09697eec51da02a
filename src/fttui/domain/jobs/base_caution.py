"""What speaks against a base by the dates known here: asked about again on screens, and on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fttui.domain.jobs.lifecycle import Lifecycle

SHORTLY_DAYS = 14
"""A base that ends this soon may end while it is trained, or before anyone has used what came of it."""

ADVICE = "The same rows can be trained on another base, or at another provider"


@dataclass(frozen=True, slots=True)
class Caution:
    """A question before a launch, and the reason for it.

    `closed`: no jobs are taken any more by the dates known here. `shortly`: what is trained would answer for days.
    """

    title: str
    reason: str
    source: str
    closed: bool = False
    shortly: bool = False


def caution(model: str, profile: str, ending: Lifecycle | None, today: date) -> Caution | None:
    """What speaks against training on a base; None where nothing does.

    Args:
        model: the base, or the tuned model to go on from.
        profile: the name of the one where it would be trained.
        ending: its last days there, where they are announced.
        today: the day to count from.
    """
    if ending is None or (ending.can_train(today) and not ending.ends_soon(today)):
        return None
    if not ending.can_train(today):
        reason = f"{model} {ending.training_words(today)}. {profile} is expected to refuse the job."
        return Caution("Try a base that takes no jobs?", reason, ending.source, closed=True)
    reason = f"{model} {ending.words(today)}. What is trained on it stops answering on the same day."
    shortly = ending.ends_soon(today, SHORTLY_DAYS)
    return Caution("Train on a base that ends soon?", reason, ending.source, shortly=shortly)
