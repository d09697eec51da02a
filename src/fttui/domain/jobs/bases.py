"""Which bases a provider trains, on which rows, as dated data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fttui.domain.dataset.record import DataFormat
from fttui.domain.jobs.lifecycle import lifecycle_of
from fttui.domain.jobs.prices import price_of
from fttui.domain.profiles.profile import Dialect
from fttui.domain.remote import base_model_of
from fttui.domain.shipped_table import names_of, shipped_table


@dataclass(frozen=True, slots=True)
class BaseList:
    """The bases of a provider by name, with what they are trained on."""

    formats: Mapping[str, frozenset[DataFormat]]
    source: str
    """Who lists them, and when that was looked at."""

    def for_rows(self, data_format: DataFormat | None) -> tuple[str, ...]:
        """The bases that are trained on rows of a format; all of them where the format is not known."""
        return tuple(name for name, formats in self.formats.items() if data_format is None or data_format in formats)


def _read() -> dict[Dialect, BaseList]:
    lists: dict[Dialect, BaseList] = {}
    for name, table in shipped_table("fttui.domain.jobs", "bases.toml").items():
        models = table.get("models") if isinstance(table, Mapping) else None
        if not isinstance(table, Mapping) or not isinstance(models, Mapping):
            raise TypeError(f"bases.toml has no models of {name}")
        formats = {model: frozenset(map(DataFormat, names_of(models, model))) for model in models}
        lists[Dialect(name)] = BaseList(formats, f"{table['source']}, checked {table['checked']}")
    return lists


BASES: Mapping[Dialect, BaseList] = _read()
"""The providers whose bases are known without asking them."""


def known_bases(dialect: Dialect, data_format: DataFormat | None, today: date) -> tuple[str, ...] | None:
    """The bases that a provider is known to train on rows of a format today; None where it has to be asked.

    Args:
        dialect: the provider's.
        data_format: what the rows are.
        today: a base that takes no jobs any more on this day is left out.
    """
    listed = BASES.get(dialect)
    if listed is None:
        return None
    return tuple(name for name in listed.for_rows(data_format) if takes_jobs(name, dialect, today))


def may_train(model: str, dialect: Dialect) -> bool:
    """Whether a provider may train on from a model, as far as its bases are known without asking it."""
    listed = BASES.get(dialect)
    if listed is None:
        return True
    base = base_model_of(model.strip())
    price = price_of(base) if dialect is not Dialect.ENGINE else None
    return base in listed.formats or (price is not None and price.model in listed.formats)


def whose_model(model: str, dialect: Dialect) -> Dialect:
    """Whose prices and habits a model is judged by: a name of OpenAI's means OpenAI where the engine is in use."""
    if dialect is not Dialect.ENGINE or not model or may_train(model, dialect) or price_of(model) is None:
        return dialect
    return Dialect.OPENAI


def takes_jobs(model: str, dialect: Dialect, today: date) -> bool:
    """Whether a base takes jobs on a day, as far as is announced."""
    ending = lifecycle_of(model, dialect)
    return ending is None or ending.can_train(today)
