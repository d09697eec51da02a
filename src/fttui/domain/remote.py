"""What lies at a provider: files and models."""

from __future__ import annotations

from dataclasses import dataclass

_AZURE_TUNE, _AZURE_CHECKPOINT = ".ft-", "ftchkpt-"


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file kept by the provider. Times are unix seconds, sizes bytes."""

    id: str
    name: str
    size: int
    created_at: int
    purpose: str
    status: str
    expires_at: int | None = None


@dataclass(frozen=True, slots=True)
class RemoteModel:
    """A model the provider offers; `shutdown_date` (YYYY-MM-DD) is the day it ends, where announced.

    `training_ends` is the day from which it takes no new jobs, and `trainable` whether it takes any; None where the
    provider does not say.
    """

    id: str
    created_at: int
    owned_by: str
    shutdown_date: str | None = None
    training_ends: str | None = None
    trainable: bool | None = None

    @property
    def is_tuned(self) -> bool:
        """Whether this is the result of a fine-tuning job; Azure writes `{base}.ft-{hex}`, and `ftchkpt-{hex}`."""
        return self.id.startswith(("ft:", _AZURE_CHECKPOINT)) or _AZURE_TUNE in self.id

    @property
    def is_checkpoint(self) -> bool:
        """Whether this is a checkpoint along the way of a job."""
        return ":ckpt-step-" in self.id or self.id.startswith(_AZURE_CHECKPOINT)


def base_model_of(model: str) -> str:
    """The base a tuned model was made from, read from its name; a base is its own base.

    Names of tuned models are ``ft:{base}:{organisation}:{suffix}:{id}``, with ``:ckpt-step-{n}`` behind for a
    checkpoint (OpenAI's fine-tuning guide), and ``{base}.ft-{hex}`` at Azure.
    """
    if model.startswith("ft:"):
        return model.split(":")[1] or model
    return model.split(_AZURE_TUNE, maxsplit=1)[0]
