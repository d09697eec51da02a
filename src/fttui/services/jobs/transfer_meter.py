"""How far a file is on its way: bytes that arrived and that are under way, the rate, and what is left."""

from __future__ import annotations

import time

from fttui.domain.jobs.transfer import Part, Speed
from fttui.services.jobs.launch_plan import LaunchProgress, Stage, TellProgress
from fttui.services.ports import Clock

TELL_SECONDS = 0.1
"""Between two tellings, at least."""
JUDGE_AFTER_SECONDS = 10.0
"""From which on the rate says whether it will be done in time."""
IN_TIME_SECONDS = 600.0
"""What should be left when all has arrived."""


class TransferMeter:
    """Counts and tells.

    Args:
        name: what the file is called, safe to show.
        total: its size in bytes.
        tell: who hears of it.
        clock: time.
    """

    def __init__(self, name: str, total: int, tell: TellProgress, clock: Clock) -> None:
        self.note = ""
        """What else there is to say, in words."""
        self.ends_at: float | None = None
        """When the provider forgets what is unfinished."""
        self._name, self._total, self._tell, self._clock = name, total, tell, clock
        self._arrived = 0
        self._under_way: dict[int, int] = {}
        self._speed = Speed()
        self._told_at = float("-inf")
        self._warning = ""

    @property
    def rate(self) -> float | None:
        """Bytes per second, of all streams together."""
        return self._speed.rate

    @property
    def done(self) -> int:
        """Bytes that have left."""
        return min(self._arrived + sum(self._under_way.values()), self._total)

    def start(self, arrived: int, ends_at: float | None, note: str) -> None:
        """Begin, with what arrived earlier."""
        self._arrived, self.ends_at, self.note = arrived, ends_at, note
        self._under_way.clear()
        self._speed = Speed()
        self.tell()

    def leaves(self, part: Part, sent: int) -> None:
        """Some bytes of a part have left."""
        self._under_way[part.offset] = sent
        if time.monotonic() - self._told_at >= TELL_SECONDS:
            self.tell()

    def arrives(self, part: Part) -> None:
        """A part has arrived."""
        self._under_way.pop(part.offset, None)
        self._arrived += part.length
        self.tell()

    def is_lost(self, part: Part) -> None:
        """A part has not arrived."""
        self._under_way.pop(part.offset, None)

    def say(self, note: str) -> None:
        """Say something in words; it stands until something else is said."""
        self.note = note
        self.tell()

    def tell(self) -> None:
        """Tell how far it is."""
        self._told_at = time.monotonic()
        now, done = self._clock.now(), self.done
        self._speed.mark(now, done)
        left = (self._total - done) / self.rate if self.rate else None
        self._judge(now, left)
        self._tell(
            LaunchProgress(Stage.UPLOADING, self._name, done, self._total, self.rate, left, self.note, self._warning)
        )

    def _judge(self, now: float, left: float | None) -> None:
        """Warn once where the rate will not do, and take it back where it does after all."""
        if left is None or self.ends_at is None or self._speed.seconds < JUDGE_AFTER_SECONDS:
            return
        if now + left <= self.ends_at - IN_TIME_SECONDS:
            self._warning = ""
            return
        self._warning = self._warning or (
            f"Too slow: about {left / 60:,.0f} minutes more, and the provider drops an unfinished upload in "
            f"{max(self.ends_at - now, 0) / 60:.0f}. Better stop it and use a faster line or a smaller file."
        )
