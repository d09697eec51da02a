"""Which bases can still be trained and used, and until when: dated facts that are shown as such."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fttui.domain.counts import counted
from fttui.domain.jobs.announced import Announced
from fttui.domain.profiles.profile import Dialect
from fttui.domain.remote import base_model_of
from fttui.domain.shipped_table import day_of, names_of, shipped_table, tables_of

SOON_DAYS = 60
"""A base that ends within this many days is asked about again before a job is paid for on it."""

_SHOWN_DAYS = 1000
"""From here on a countdown is in years."""

_OWN_DATES = frozenset({Dialect.AZURE, Dialect.NEBIUS})
"""Who ends models by dates of its own, also those that have OpenAI's names."""


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The last days of a base: no new jobs from `training_ends` on, no answers from `shuts_down` on.

    `training_ends` is None for a model that never took jobs.
    """

    model: str
    training_ends: date | None
    shuts_down: date
    source: str = ""
    """Who says so, and when that was looked at."""

    def can_train(self, today: date) -> bool:
        """Whether a job may still be created on a day."""
        return self.training_ends is not None and today < self.training_ends

    def is_gone(self, today: date) -> bool:
        """Whether it has stopped answering."""
        return today >= self.shuts_down

    def ends_soon(self, today: date, days: int = SOON_DAYS) -> bool:
        """Whether it stops answering within some days, or has."""
        return (self.shuts_down - today).days <= days

    def words(self, today: date) -> str:
        """The end as a countdown: ``ends in 55 days, 2027-01-14``; empty where only training ends."""
        return "" if self.shuts_down == date.max else ending_words(self.shuts_down, today)

    def countdown(self, today: date) -> str:
        """The end in at most eleven cells, for a column that says *ends*; empty where only training ends."""
        left = (self.shuts_down - today).days
        if self.shuts_down == date.max:
            return ""
        if left < 0:
            return "ended"
        if left < _SHOWN_DAYS:
            return {0: "today", 1: "tomorrow"}.get(left, f"in {left} days")
        return f"in {left // 365} years"

    def brief_words(self, today: date) -> str:
        """The countdown alone, for a column that says *ends*: ``in 55 days, 2027-01-14``."""
        return self.words(today).partition(" ")[2]

    def training_words(self, today: date) -> str:
        """What is left of training: ``new jobs for 47 more days, until 2027-01-06``."""
        if self.training_ends is None:
            return "takes no jobs"
        left = (self.training_ends - today).days
        if left <= 0:
            return f"takes no jobs since {self.training_ends}"
        return f"new jobs for {_days(left)}, until {self.training_ends}"


def _days(count: int) -> str:
    return counted(count, "more day")


def ending_words(day: date, today: date) -> str:
    """A day on which something stops, as plain words with a countdown."""
    left = (day - today).days
    match left:
        case 0:
            return f"ends today, {day}"
        case 1:
            return f"ends tomorrow, {day}"
        case -1:
            return f"ended yesterday, {day}"
        case _ if left > 0:
            return f"ends in {left:,} days, {day}"
        case _:
            return f"ended {-left:,} days ago, {day}"


def _read() -> tuple[tuple[Lifecycle, ...], dict[str, tuple[Lifecycle, Lifecycle]], date]:
    table = shipped_table("fttui.domain.jobs", "lifecycle.toml")
    checked = day_of(table, "checked") or date.min
    source = f"{table.get('source')}, checked {checked}"
    listed: list[Lifecycle] = []
    by_name: dict[str, tuple[Lifecycle, Lifecycle]] = {}
    for entry in tables_of(table, "models"):
        ends, names = day_of(entry, "shuts_down"), names_of(entry)
        if ends is None:
            raise ValueError(f"{names} have no shuts_down in lifecycle.toml")
        training = day_of(entry, "training_ends")
        for name in names:
            own = Lifecycle(name, training, ends, source)
            tune = Lifecycle(name, training, day_of(entry, "tunes_shut_down") or ends, source)
            by_name[name] = (own, tune)
            listed.append(own)
    return tuple(listed), by_name, checked


LIFECYCLES, _BY_NAME, LIFECYCLE_CHECKED = _read()


def lifecycle_of(model: str, dialect: Dialect | None = None, announced: Announced | None = None) -> Lifecycle | None:
    """The last days of a model, or of a tuned one with its base; None where none are announced.

    Args:
        model: a base, a tuned model or a checkpoint.
        dialect: whose model it is; where it is left open, a name of OpenAI's means OpenAI.
        announced: what its provider has said, which goes before what is known here.
    """
    if dialect is Dialect.ENGINE:
        return None
    model, base = model.strip(), base_model_of(model.strip())
    known = None if dialect in _OWN_DATES or base not in _BY_NAME else _BY_NAME[base][base != model]
    said = announced.ends.get(model) or announced.ends.get(base) if announced is not None else None
    if announced is None or said is None:
        return known
    training = said.training or (known.training_ends if known is not None else said.answers)
    ends = said.answers or (known.shuts_down if known is not None else date.max)
    return Lifecycle(model, training, ends, f"says the provider, asked {announced.day}")
