"""What a grader said of one answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class GraderRun:
    """A reward, those of the graders inside by name, and what went wrong in words; `seconds` it took, and `tokens` of
    grading models that are billed."""

    reward: float | None
    parts: Mapping[str, float] = field(default_factory=dict)
    errors: tuple[str, ...] = ()
    seconds: float | None = None
    tokens: int | None = None

    @property
    def words(self) -> str:
        """All of it in a line."""
        reward = "no reward" if self.reward is None else f"reward {self.reward:g}"
        parts = ", ".join(f"{name} {value:g}" for name, value in self.parts.items())
        wrong = f"; went wrong: {', '.join(self.errors)}" if self.errors else ""
        took = f" in {self.seconds:.1f} s" if self.seconds is not None else ""
        cost = f", {self.tokens:,} tokens of the grading model" if self.tokens else ""
        return f"{reward}{f' ({parts})' if parts else ''}{took}{cost}{wrong}"
