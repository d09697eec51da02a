"""What a picture costs in tokens, by model, level of detail and size."""

from __future__ import annotations

import math
from dataclasses import dataclass

from fttui.domain.dataset.encodings import longest_prefix
from fttui.domain.dataset.record import ImagePart
from fttui.domain.remote import base_model_of

ASSUMED_SIZE = (1024, 1024)
"""Width and height in pixels, where a picture is only given by address."""


@dataclass(frozen=True, slots=True)
class TileTariff:
    """A base price and one per tile of 512 pixels."""

    base: int
    tile: int

    def tokens(self, width: int, height: int, detail: str) -> int:
        """Fit into 2048 squared, then the shorter side to 768, then count tiles; low detail is the base alone."""
        if detail == "low":
            return self.base
        shrink = min(1.0, 2048 / max(width, height))
        shrink = min(shrink, 768 / min(width, height))
        across, down = (math.ceil(side * shrink / 512) for side in (width, height))
        return self.base + across * down * self.tile


@dataclass(frozen=True, slots=True)
class PatchTariff:
    """A factor on the number of patches of 32 pixels, which is capped."""

    factor: float

    def tokens(self, width: int, height: int, detail: str) -> int:
        """Count patches up to 1536, whatever the detail."""
        del detail
        return math.ceil(min(math.ceil(width / 32) * math.ceil(height / 32), 1536) * self.factor)


# OpenAI's vision guide, cost tables, 2026-11-20.
_TARIFFS: dict[str, TileTariff | PatchTariff] = {
    "gpt-4o": TileTariff(85, 170),
    "gpt-4.1": TileTariff(85, 170),
    "gpt-4o-mini": TileTariff(2833, 5667),
    "o1": TileTariff(75, 150),
    "o3": TileTariff(75, 150),
    "gpt-4.1-mini": PatchTariff(1.62),
    "gpt-4.1-nano": PatchTariff(2.46),
    "o4-mini": PatchTariff(1.72),
}
_DEFAULT_TARIFF = _TARIFFS["gpt-4o"]


def image_tokens(image: ImagePart, model: str | None) -> int:
    """Tokens of a picture: an estimate, as its size is assumed; the data of a picture is never counted as text."""
    name = longest_prefix(_TARIFFS, base_model_of(model.strip())) if model else None
    tariff = _TARIFFS[name] if name else _DEFAULT_TARIFF
    return tariff.tokens(*ASSUMED_SIZE, image.detail)
