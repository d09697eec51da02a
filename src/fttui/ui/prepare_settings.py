"""What a preparation can be told besides which fixes to make, as it is typed and as it is meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fttui.domain.dataset.encodings import OwnTokens, example_limit
from fttui.domain.dataset.preparation.fix import Recipe
from fttui.domain.dataset.preparation.sampling import Split, SplitBy, split_amount
from fttui.services.dataset.preparing.order import Order
from fttui.ui.file_choices import typed_file


@dataclass(frozen=True, slots=True)
class SettingField:
    """A field of the form: its name, its label, and what is shown while it is empty."""

    name: str
    label: str
    help: str


SETTING_FIELDS = (
    SettingField("amount", "Validation rows", "0.1, 10% or 200; empty for no split"),
    SettingField("by", "Split by", "prompt, label or random"),
    SettingField("seed", "Seed", "a whole number"),
    SettingField("limit", "Token limit", "a number, or the name of a model"),
    SettingField("system", "System prompt", "for rows that have none; empty for none"),
    SettingField("labels", "Labels in", "a field of the rows; empty: short answers"),
    SettingField("ratio", "Label ratio", "most rows of a label, times the rarest"),
    SettingField("against", "Keep apart from", "a validation file, for leaked rows"),
)


@dataclass(frozen=True, slots=True)
class PrepareSettings:
    """The settings as they were typed; `read_settings` makes sure that they mean something."""

    amount: str = ""
    by: str = SplitBy.PROMPT.value
    seed: str = "42"
    limit: str = ""
    system: str = ""
    labels: str = ""
    ratio: str = "2"
    against: str = ""
    own_tokens: OwnTokens = ()
    own_images: int | None = None
    """A person's own limits by model and by profile, which are not typed here."""

    @property
    def split(self) -> Split | None:
        """The split, or None for a single file."""
        amount = split_amount(self.amount)
        return None if amount is None else Split(amount, SplitBy(self.by), int(self.seed))

    @property
    def token_limit(self) -> int | None:
        """The limit as a number."""
        return int(self.limit) if self.limit.isdecimal() else None

    @property
    def model(self) -> str | None:
        """The model whose limit applies."""
        return self.limit if self.limit and not self.limit.isdecimal() else None

    @property
    def other_file(self) -> Path | None:
        """The file whose rows must not be in the result."""
        return typed_file(self.against) if self.against else None

    def order(self, path: Path, accepted: frozenset[str]) -> Order:
        """What is to be done to a file, with these fixes."""
        recipe = Recipe(
            accepted,
            self.system,
            self.token_limit,
            float(self.ratio),
            seed=int(self.seed),
            label_field=self.labels,
            image_limit=self.own_images,
        )
        return Order(path, recipe, self.model, self.other_file, self.split, own_tokens=self.own_tokens)


def read_settings(
    typed: Mapping[str, str], before: PrepareSettings | None = None
) -> tuple[PrepareSettings | None, Mapping[str, str]]:
    """The settings that were typed, with the limits as they were before, or None and what is wrong by field."""
    before = before or PrepareSettings()
    values = {field.name: typed.get(field.name, "").strip() for field in SETTING_FIELDS}
    wrong: dict[str, str] = {}
    if values["amount"] and split_amount(values["amount"]) is None:
        wrong["amount"] = "A share such as 0.1 or 10%, or a number of rows"
    kinds = [kind.value for kind in SplitBy]
    matching = [kind for kind in kinds if values["by"] and kind.startswith(values["by"].lower())]
    if len(matching) == 1:
        values["by"] = matching[0]
    else:
        wrong["by"] = "prompt, label or random"
    if not values["seed"].isdecimal():
        wrong["seed"] = "A whole number"
    limit = values["limit"]
    if limit and not limit.isdecimal() and example_limit(limit, before.own_tokens) is None:
        wrong["limit"] = "No limit is known for this model; type a number"
    if limit.isdecimal() and int(limit) < 1:
        wrong["limit"] = "At least 1"
    if not _is_ratio(values["ratio"]):
        wrong["ratio"] = "A number from 1"
    if values["against"] and not typed_file(values["against"]).is_file():
        wrong["against"] = "There is no such file"
    if wrong:
        return None, wrong
    return PrepareSettings(**values, own_tokens=before.own_tokens, own_images=before.own_images), wrong


def _is_ratio(text: str) -> bool:
    try:
        return 1 <= float(text) < 1e9
    except ValueError:
        return False
