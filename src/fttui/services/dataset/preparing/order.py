"""What a preparation is asked to do, and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from fttui.domain.dataset.encodings import OwnTokens, example_limit
from fttui.domain.dataset.preparation.catalogue import RECOMMENDED, REQUIRED
from fttui.domain.dataset.preparation.fix import Recipe
from fttui.domain.dataset.preparation.manifest import Output
from fttui.domain.dataset.preparation.plan import Plan
from fttui.domain.dataset.preparation.sampling import Split
from fttui.domain.dataset.record import DataFormat
from fttui.services.dataset.plain_copy import PlainCopy


@dataclass(frozen=True, slots=True)
class Order:
    """One file, which fixes, and how it is split.

    `against` is a validation file whose rows must not be in the result; `folder` is where to write, beside the input
    if absent; `model` is whose encoding and limit apply; `data_format` is what the rows are, found out if absent.
    """

    path: Path
    recipe: Recipe = field(default_factory=lambda: Recipe(RECOMMENDED))
    model: str | None = None
    against: Path | None = None
    split: Split | None = None
    folder: Path | None = None
    data_format: DataFormat | None = None
    own_tokens: OwnTokens = ()
    """A person's own limits by model, where the recipe names no number."""
    copies: Mapping[Path, PlainCopy] = field(default_factory=dict)
    """Plain copies of those of the files that are packed, where they were made already."""

    @property
    def full_recipe(self) -> Recipe:
        """The recipe with what is always done, and with the model's limit where none was given."""
        limit = self.recipe.token_limit or example_limit(self.model, self.own_tokens)
        return replace(self.recipe, accepted=self.recipe.accepted | REQUIRED, token_limit=limit)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was written, if anything; `repeated` says that the same had been done before and still lies there."""

    plan: Plan
    outputs: tuple[tuple[Path, Output], ...] = ()
    manifest: Path | None = None
    repeated: bool = False

    @property
    def training(self) -> Path | None:
        """The file to train on."""
        return next((path for path, output in self.outputs if output.role != "valid"), None)

    @property
    def validation(self) -> Path | None:
        """The file to validate with."""
        return next((path for path, output in self.outputs if output.role == "valid"), None)
