"""What a provider says in its list of models about their last days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from fttui.domain.remote import RemoteModel


@dataclass(frozen=True, slots=True)
class LastDays:
    """The day from which a model answers no more, and that from which it takes no jobs; at least one of them."""

    answers: date | None
    training: date | None


@dataclass(frozen=True, slots=True)
class Announced:
    """The models at an address that have last days, by name, as they were listed on a day."""

    address: str
    day: date
    ends: Mapping[str, LastDays]

    @classmethod
    def in_list(cls, address: str, day: date, models: Iterable[RemoteModel]) -> Announced:
        """What a list says; a day that is none is not believed."""
        read = ((model.id, _last_days(model.shutdown_date, model.training_ends)) for model in models)
        return cls(address, day, {name: days for name, days in read if days is not None})


def announced_document(announced: Announced) -> dict[str, object]:
    """What was said as plain values, to be kept."""
    return {
        "address": announced.address,
        "day": announced.day.isoformat(),
        "ends": {name: [_text(days.answers), _text(days.training)] for name, days in announced.ends.items()},
    }


def read_announced(document: object) -> Announced | None:
    """What was said from plain values; None where they are none."""
    if not isinstance(document, Mapping):
        return None
    address, day, ends = document.get("address"), _day(document.get("day")), document.get("ends")
    if not isinstance(address, str) or day is None or not isinstance(ends, Mapping):
        return None
    pairs = {str(name): pair for name, pair in ends.items() if isinstance(pair, list) and len(pair) == 2}
    read = {name: _last_days(*pair) for name, pair in pairs.items()}
    return Announced(address, day, {name: days for name, days in read.items() if days is not None})


def _last_days(answers: object, training: object) -> LastDays | None:
    days = LastDays(_day(answers), _day(training))
    return days if days.answers is not None or days.training is not None else None


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _text(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
