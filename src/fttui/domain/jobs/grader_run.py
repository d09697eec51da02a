"""What a grader said of one answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class GraderRun:
    """A reward, those of the graders inside by name, and the names of what went wrong; seconds it took."""

    reward: float | None
    parts: Mapping[str, float] = field(default_factory=dict)
    errors: tuple[str, ...] = ()
    seconds: float | None = None

    @property
    def words(self) -> str:
        """All of it in a line."""
        reward = "no reward" if self.reward is None else f"reward {self.reward:g}"
        parts = ", ".join(f"{name} {value:g}" for name, value in self.parts.items())
        wrong = f"; went wrong: {', '.join(name.replace('_', ' ') for name in self.errors)}" if self.errors else ""
        took = f" in {self.seconds:.1f} s" if self.seconds is not None else ""
        return f"{reward}{f' ({parts})' if parts else ''}{took}{wrong}"
