"""How much of one row is taken: what a check holds every row to besides the rules."""

from __future__ import annotations

from dataclasses import dataclass

from fttui.domain.dataset.encodings import OwnTokens, example_limit
from fttui.domain.profiles.profile import Profile


@dataclass(frozen=True, slots=True)
class RowLimits:
    """Limits of a row; None where there is none.

    `tokens` is what the model reads before it cuts. `images` is a person's own limit at a profile: it goes before what
    the providers publish, to which rows are held without it.
    """

    tokens: int | None = None
    images: int | None = None

    @classmethod
    def of(cls, model: str | None, own: OwnTokens = (), profile: Profile | None = None) -> RowLimits:
        """The limits that hold for a model at a profile.

        Args:
            model: a base or a tuned model, None for none in particular.
            own: a person's own limits of tokens, out of the settings.
            profile: whose own limits hold.
        """
        images = profile.own_limit("images_per_example") if profile is not None else None
        return cls(example_limit(model, own), images)

    def cuts(self, longest: int) -> bool:
        """Whether examples are cut of which the longest has this many tokens."""
        return self.tokens is not None and longest > self.tokens
