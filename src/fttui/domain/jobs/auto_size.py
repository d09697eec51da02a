"""The epochs and the batch size that a provider chooses where they are left to it."""

from __future__ import annotations

from dataclasses import dataclass

from fttui.domain.jobs import engine_defaults, estimate
from fttui.domain.profiles.profile import Dialect


@dataclass(frozen=True, slots=True)
class AutoSize:
    """Epochs and examples per step; `sure` where it is a rule that the provider is known to keep."""

    epochs: int
    batch_size: int
    sure: bool = False


_NEBIUS_EPOCHS, _NEBIUS_BATCH = 3, 8


def auto_size(examples: int, dialect: Dialect | None) -> AutoSize | None:
    """What a provider chooses for a number of usable examples; None for none, which nobody trains on.

    Sources: the embedded engine's own rule; Nebius Token Factory, "Create a fine-tuning job", 2026-11-20: 3 epochs in
    batches of 8; for all others OpenAI's habits, see `estimate`.

    Args:
        examples: usable rows of the training file.
        dialect: the provider's; OpenAI's habits where it is left open.
    """
    if examples <= 0:
        return None
    match dialect:
        case Dialect.ENGINE:
            return AutoSize(engine_defaults.auto_epochs(examples), engine_defaults.auto_batch_size(examples), sure=True)
        case Dialect.NEBIUS:
            return AutoSize(_NEBIUS_EPOCHS, _NEBIUS_BATCH, sure=True)
        case _:
            return AutoSize(estimate.auto_epochs(examples), estimate.auto_batch_size(examples))
