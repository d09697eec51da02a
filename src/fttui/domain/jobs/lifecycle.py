"""Which bases can still be trained and used, and until when: dated facts that are shown as such."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fttui.domain.dataset.encodings import base_of

LIFECYCLE_CHECKED = date(2026, 11, 20)
"""The day on which OpenAI's deprecation page was looked at."""


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The last days of a base: no new jobs from `training_ends` on, no answers from `shuts_down` on."""

    model: str
    training_ends: date
    shuts_down: date

    def can_train(self, today: date) -> bool:
        """Whether a job may still be created on a day."""
        return today < self.training_ends

    def is_gone(self, today: date) -> bool:
        """Whether the base and all its tunes have stopped answering."""
        return today >= self.shuts_down


_LAST_JOBS = date(2027, 1, 6)
_LAST_ANSWERS = date(2027, 1, 14)
_OCTOBER = date(2026, 10, 23)

# OpenAI's deprecation and fine-tuning pages, 2026-11-20.
# Bases of old ended a few weeks before their tunes: the later day is given.
LIFECYCLES: tuple[Lifecycle, ...] = (
    Lifecycle("gpt-4.1-2025-04-14", _LAST_JOBS, _LAST_ANSWERS),
    Lifecycle("gpt-4.1-mini-2025-04-14", _LAST_JOBS, _LAST_ANSWERS),
    Lifecycle("gpt-4o-2024-08-06", _LAST_JOBS, _LAST_ANSWERS),
    Lifecycle("gpt-4o-mini-2024-07-18", _LAST_JOBS, _LAST_ANSWERS),
    Lifecycle("gpt-4.1-nano-2025-04-14", _OCTOBER, _OCTOBER),
    Lifecycle("o4-mini-2025-04-16", _OCTOBER, _OCTOBER),
    Lifecycle("gpt-3.5-turbo", _OCTOBER, _OCTOBER),
    Lifecycle("davinci-002", date(2024, 10, 28), _OCTOBER),
    Lifecycle("babbage-002", date(2024, 10, 28), _OCTOBER),
)


def lifecycle_of(model: str) -> Lifecycle | None:
    """The last days of a model or of the base under a tuned one; None where none are announced."""
    base = base_of(model)
    for entry in LIFECYCLES:
        if entry.model == base or entry.model.startswith(f"{base}-20"):
            return entry
    return None
