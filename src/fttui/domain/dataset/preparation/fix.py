"""What a fix is: a named change to a data set that a person can look at before it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.rules.rule import ALL_FORMATS

JsonObject = Mapping[str, object]


class Effect(StrEnum):
    """What a fix does to a row."""

    EDIT = "edit"
    DROP = "drop"


class Habit(StrEnum):
    """When a fix is made."""

    ALWAYS = "always"
    """Whenever a file is written, because the format of the result asks for it."""
    ON = "on"
    """Unless it is switched off."""
    OFF = "off"
    """When it is asked for: it mends something, but there may be reasons to leave it."""
    CHOICE = "choice"
    """When it is named: it is a matter of what one wants, and nothing is wrong without it."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Which fixes are made, and what they need to know.

    `token_limit` is the most tokens of an example, None for no limit; `image_limit` is a person's own for its images,
    in place of those that the providers publish; `label_ratio` is how many times as many rows as the rarest label any
    label may have after rebalancing; `label_field` is where rows have their label, the answer itself, where it is
    short, if empty.
    """

    accepted: frozenset[str] = frozenset()
    system_prompt: str = ""
    token_limit: int | None = None
    label_ratio: float = 2.0
    seed: int = 42
    label_field: str = ""
    image_limit: int | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """What a fix may look at besides the row: the format of the file, the recipe, how to count tokens of a row."""

    format: DataFormat
    recipe: Recipe = field(default_factory=Recipe)
    tokens: Callable[[JsonObject], int] = lambda _: 0


Edit = Callable[[JsonObject, Setting], JsonObject]
"""Returns the same object where there is nothing to change, else a new one; what it is given stays as it is."""


@dataclass(frozen=True, slots=True)
class Fix:
    """One change that can be made to a data set.

    `cures` are the codes of findings that are gone after it; `edit` is None for fixes that look at lines or at the
    whole set; `version` grows whenever the same input would come out differently.
    """

    code: str
    title: str
    why: str
    effect: Effect
    habit: Habit
    cures: tuple[str, ...] = ()
    formats: frozenset[DataFormat] = ALL_FORMATS
    edit: Edit | None = None
    version: int = 1
    needs: str = ""
    """What must be set for it to do anything, in a few words."""
