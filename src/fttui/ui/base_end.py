"""Asks again before a job is paid for on a base that ends soon, or takes no jobs any more."""

from __future__ import annotations

from datetime import date

from fttui.domain.errors import ForbiddenError
from fttui.domain.jobs.lifecycle import lifecycle_of
from fttui.domain.profiles.profile import Dialect, Profile
from fttui.ui.dialogs import ConfirmDialog


def carry_question(error: ForbiddenError) -> ConfirmDialog:
    """Say why a launch was not allowed, and offer to carry it to another profile."""
    closed = "This organisation is locked out of training there; it may still use what it has trained.\n\n"
    why = closed if error.code == "training_not_available" else ""
    body = f"{error.message}\n\n{why}No job was created. The same launch can be carried to another profile."
    return ConfirmDialog(error.title, body, "Choose another profile")


def end_question(model: str, profile: Profile, today: date) -> ConfirmDialog | None:
    """The question, or None where nothing speaks against the base.

    Args:
        model: the base, or the tuned model to go on from.
        profile: where it would be trained.
        today: the day to count from.
    """
    ending = lifecycle_of(model, profile.dialect) if profile.dialect is not Dialect.ENGINE else None
    if ending is None or (ending.can_train(today) and not ending.ends_soon(today)):
        return None
    if ending.can_train(today):
        title = "Train on a base that ends soon?"
        body = f"{model} {ending.words(today)}. What is trained on it stops answering on the same day."
    else:
        title = "Try a base that takes no jobs?"
        body = f"{model} {ending.training_words(today)}. {profile.name} is expected to refuse the job."
    advice = "The same rows can be trained on another base, or at another provider: choose it under Profile."
    return ConfirmDialog(title, f"{body}\n\n{ending.source}.\n\n{advice}", "Launch all the same", danger=True)
