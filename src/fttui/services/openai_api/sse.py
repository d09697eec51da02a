"""Server-sent events, decoded from bytes that may be cut anywhere."""

from __future__ import annotations

from collections.abc import Iterator

from fttui.domain.errors import MalformedAnswerError


class EventDecoder:
    """Collects bytes and hands out the data of each complete event.

    Args:
        limit: most bytes to take before the stream counts as broken.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._taken = 0
        self._rest = b""
        self._data: list[bytes] = []

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """Take more bytes; yield the data of the events that are now complete.

        Raises:
            MalformedAnswerError: the stream is longer than the limit.
        """
        self._taken += len(piece)
        if self._taken > self._limit:
            raise MalformedAnswerError(f"The reply is longer than {self._limit // 2**20} MB; we stopped reading")
        buffered = self._rest + piece
        # A carriage return at the very end may be half of a line break.
        kept_back = b"\r" if buffered.endswith(b"\r") else b""
        lines = buffered.removesuffix(b"\r").replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        self._rest = lines.pop() + kept_back
        for line in lines:
            if not line:
                if self._data:
                    yield b"\n".join(self._data)
                self._data = []
            elif line.startswith(b"data:"):
                self._data.append(line[5:].removeprefix(b" "))

    def flush(self) -> Iterator[bytes]:
        """At the end of the stream: yield the data of an event that no empty line closed."""
        yield from self.feed(b"\n\n")
