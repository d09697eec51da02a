"""A large file on its way to a provider: its parts, how they are cut, and how fast it goes."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

MIB = 1024 * 1024
LIFETIME_SECONDS = 3600.0
"""How long a provider keeps an unfinished upload (OpenAI's API reference, Uploads, November 2026)."""
SOON_SECONDS = 60.0
"""An upload with less left than this is not begun again where it stopped."""


@dataclass(frozen=True, slots=True)
class RemoteUpload:
    """An upload a provider has begun; unfinished it is forgotten after `lifetime` seconds, whatever clocks say."""

    id: str
    lifetime: float = LIFETIME_SECONDS


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that was sent from here: its id at the provider, where it lay on this computer, and when it was sent."""

    id: str
    profile: str
    path: str
    sent_at: float


@dataclass(frozen=True, slots=True)
class Part:
    """Some bytes of a file: where they begin, how many they are, and the id they have at the provider once there."""

    offset: int
    length: int
    id: str = ""

    @property
    def end(self) -> int:
        """Where the bytes behind it begin."""
        return self.offset + self.length


class TransferState(StrEnum):
    """How far a file is on its way."""

    SENDING = "sending"
    COMPLETING = "completing"
    """All of it left; whether the provider has made a file of it is not known yet."""
    CANCELLING = "cancelling"
    """Nobody wants it any more; the provider is still to be told."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """A file on its way. Times are unix seconds, sizes bytes.

    Without an `upload_id` it goes in one request.
    """

    profile: str
    sha256: str
    md5: str
    stored_name: str
    size: int
    began_at: float
    path: str = ""
    upload_id: str = ""
    expires_at: float | None = None
    """By our own clock."""
    state: TransferState = TransferState.SENDING
    setbacks: int = 0
    """How often it was interrupted."""
    parts: tuple[Part, ...] = ()

    @property
    def in_parts(self) -> bool:
        """Whether it goes in parts."""
        return self.upload_id != ""

    @property
    def ends_at(self) -> float:
        """When the provider forgets it."""
        return self.expires_at if self.expires_at is not None else self.began_at + LIFETIME_SECONDS

    @property
    def sent(self) -> int:
        """Bytes that have arrived."""
        return sum(part.length for part in self.parts)

    def may_go_on(self, now: float) -> bool:
        """Whether it can be taken up where it stopped."""
        return self.in_parts and self.state is not TransferState.CANCELLING and now < self.ends_at - SOON_SECONDS


@dataclass(frozen=True, slots=True)
class Cutting:
    """How large parts are.

    Args:
        parts_from: smaller files go in one request.
        smallest: of a part while all goes well.
        largest: of a part (OpenAI's limit, API reference, November 2026).
        first: of a part while it is not known how fast it goes.
        least: of a part after setbacks, or on a slow line.
        seconds: a part should take no longer than this.
    """

    parts_from: int = 64 * MIB
    smallest: int = 8 * MIB
    largest: int = 64 * MIB
    first: int = MIB
    least: int = 256 * 1024
    seconds: float = 20.0

    def usual(self, size: int) -> int:
        """Bytes in a part of a file: few parts, but each soon done."""
        return min(max(size // 500, self.smallest), self.largest)

    def length(self, size: int, setbacks: int, rate: float | None) -> int:
        """Bytes in the next part.

        Each setback halves it, down to a thousandth of the file, so that what is lost at each stays small.

        Args:
            size: of the file.
            setbacks: how often it was interrupted.
            rate: bytes per second of one stream; None while it is not known.
        """
        floor = min(max(size // 1000, 2 * self.least), self.largest)
        most = max(self.usual(size) >> min(setbacks, 16), floor)
        if rate is None:
            return min(self.first, most)
        return min(max(int(rate * self.seconds), self.least), most)


class Gaps:
    """What of a file has not arrived yet, handed out in parts."""

    def __init__(self, size: int, arrived: Sequence[Part]) -> None:
        self._gaps: deque[Part] = deque()
        place = 0
        for part in sorted(arrived, key=lambda one: one.offset):
            if part.offset > place:
                self._gaps.append(Part(place, part.offset - place))
            place = max(place, part.end)
        if place < size:
            self._gaps.append(Part(place, size - place))

    def take(self, length: int) -> Part | None:
        """The next bytes to send, at most so many; None when all are sent or being sent."""
        if not self._gaps:
            return None
        gap = self._gaps.popleft()
        if gap.length > length:
            self._gaps.appendleft(Part(gap.offset + length, gap.length - length))
        return Part(gap.offset, min(length, gap.length))

    def give_back(self, part: Part) -> None:
        """Bytes that did not arrive after all."""
        self._gaps.appendleft(part)


@dataclass(slots=True)
class Speed:
    """How fast something goes, over the last while.

    Args:
        window: seconds that are looked at.
    """

    window: float = 30.0
    _marks: deque[tuple[float, int]] = field(default_factory=deque)

    def mark(self, now: float, done: int) -> None:
        """Note how many bytes are done at a moment (seconds); fewer than before begin it anew."""
        if self._marks and (done < self._marks[-1][1] or now < self._marks[-1][0]):
            self._marks.clear()
        self._marks.append((now, done))
        while len(self._marks) > 2 and now - self._marks[1][0] > self.window:
            self._marks.popleft()

    @property
    def seconds(self) -> float:
        """How long it was looked at."""
        return self._marks[-1][0] - self._marks[0][0] if self._marks else 0.0

    @property
    def rate(self) -> float | None:
        """Bytes per second; None while it cannot be told."""
        if self.seconds < 0.5:
            return None
        rate = (self._marks[-1][1] - self._marks[0][1]) / self.seconds
        return rate if rate > 0 else None
