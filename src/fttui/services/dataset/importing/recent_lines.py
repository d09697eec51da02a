"""The last lines that went by, so that what was made of them can be held against them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator


class RecentLines:
    """Passes blocks of text on from below a line, and remembers them until they are forgotten.

    Args:
        blocks: the text from its beginning.
        first: how many lines are passed over.
    """

    def __init__(self, blocks: Iterator[bytes], first: int = 0) -> None:
        self._blocks = blocks
        self._left = first
        self._line = first
        self._kept: deque[tuple[int, list[bytes]]] = deque()
        """Blocks, each with the number of line ends before it; taken apart once one of its lines is asked for."""

    def __iter__(self) -> Iterator[bytes]:
        for block in self._blocks:
            rest = self._below(block) if self._left else block
            if rest:
                self._kept.append((self._line, [rest]))
                self._line += rest.count(b"\n")
                yield rest

    def _below(self, block: bytes) -> bytes:
        ends = block.count(b"\n")
        if ends < self._left:
            self._left -= ends
            return b""
        at = -1
        for _ in range(self._left):
            at = block.index(b"\n", at + 1)
        self._left = 0
        return block[at + 1 :]

    def forget(self, line: int) -> None:
        """Let go of what stands wholly before a line, counted from 0."""
        while len(self._kept) > 1 and self._kept[1][0] < line:
            self._kept.popleft()

    def text(self, begin: int, end: int) -> bytes:
        """The lines from one to before another, counted from 0."""
        lines: dict[int, bytes] = {}
        for first, block in self._kept:
            if first < end:
                if len(block) == 1:
                    block[:] = block[0].split(b"\n")
                for number in range(max(begin, first), min(end, first + len(block))):
                    # A line may go on in the next block.
                    lines[number] = lines.get(number, b"") + block[number - first]
        return b"\n".join(lines.values())
