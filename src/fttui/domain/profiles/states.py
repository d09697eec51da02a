"""How the key store and the embedded engine are doing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class KeyStoreState:
    """Whether keys can be kept; `reason` says in words why not."""

    backend: str
    available: bool
    locked: bool = False
    reason: str = ""

    @property
    def usable(self) -> bool:
        """Whether a key can be read or kept right now."""
        return self.available and not self.locked


class EnginePhase(StrEnum):
    """What the embedded engine is doing."""

    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class EngineState:
    """The embedded engine; `pid` and `base_url` where it runs."""

    phase: EnginePhase
    pid: int | None = None
    base_url: str = ""
