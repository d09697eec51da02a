"""Asks again before a job is paid for on a base that ends soon, or takes no jobs any more."""

from __future__ import annotations

from datetime import date

from fttui.domain.errors import ForbiddenError
from fttui.domain.jobs.base_caution import ADVICE, caution
from fttui.domain.jobs.lifecycle import Lifecycle
from fttui.ui.dialogs import ConfirmDialog


def carry_question(error: ForbiddenError) -> ConfirmDialog:
    """Say why a launch was not allowed, and offer to carry it to another profile."""
    closed = "This organisation is locked out of training there; it may still use what it has trained.\n\n"
    why = closed if error.code == "training_not_available" else ""
    body = f"{error.message}\n\n{why}No job was created. The same launch can be carried to another profile."
    return ConfirmDialog(error.title, body, "Choose another profile")


def end_question(model: str, profile: str, ending: Lifecycle | None, today: date) -> ConfirmDialog | None:
    """The question about a base, or None where nothing speaks against it; arguments as for `caution`."""
    found = caution(model, profile, ending, today)
    if found is None:
        return None
    body = f"{found.reason}\n\n{found.source}.\n\n{ADVICE}: choose it under Profile."
    return ConfirmDialog(found.title, body, "Launch all the same", danger=True)
