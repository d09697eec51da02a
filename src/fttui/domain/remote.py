"""What lies at a provider: files and models."""

from __future__ import annotations

from dataclasses import dataclass


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
    """A model the provider offers; `shutdown_date` (YYYY-MM-DD) is the day it ends, where announced."""

    id: str
    created_at: int
    owned_by: str
    shutdown_date: str | None = None

    @property
    def is_tuned(self) -> bool:
        """Whether this is the result of a fine-tuning job."""
        return self.id.startswith("ft:")

    @property
    def is_checkpoint(self) -> bool:
        """Whether this is a checkpoint along the way of a job."""
        return ":ckpt-step-" in self.id


def base_model_of(model: str) -> str:
    """The base a tuned model was made from, read from its name; a base is its own base.

    Names of tuned models are ``ft:{base}:{organisation}:{suffix}:{id}``, with ``:ckpt-step-{n}`` behind for a
    checkpoint (OpenAI's fine-tuning guide), and ``{base}.ft-{hex}`` at Azure.
    """
    if model.startswith("ft:"):
        return model.split(":")[1]
    return model.split(".ft-", maxsplit=1)[0]
