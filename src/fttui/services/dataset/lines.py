"""The lines of a stretch of a file, read in blocks by position."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from fttui.services.dataset.opener import LINE_LIMIT

BLOCK = 256 * 1024
_BEYOND = 64 * 1024


def lines_in(
    descriptor: int, begin: int, end: int, mark: Callable[[int], None] | None = None
) -> Iterator[bytes | None]:
    """Every line that begins in a stretch, without its newline; None for a line longer than 16 MiB.

    Stretches that lie side by side give every line of the file exactly once. Only ``\\n`` ends a line.

    Args:
        descriptor: of the file.
        begin: first byte of the stretch.
        end: the byte after its last.
        mark: told now and then at which byte the line starts that comes next.
    """
    start = _first_line_start(descriptor, begin, end)
    if start is None:
        return
    position = start
    # The line that is not complete yet, in pieces, so that a long one is put together only once.
    pieces: list[bytes] = []
    while start < end:
        block = os.pread(descriptor, min(BLOCK, end - position) if position < end else _BEYOND, position)
        if not block:
            if position > start:
                yield b"".join(pieces)
            return
        position += len(block)
        first, *more = block.split(b"\n")
        pieces.append(first)
        if more:
            if mark is not None and start < end:
                mark(start)
            for line in (b"".join(pieces), *more[:-1]):
                if start >= end:
                    return
                start += len(line) + 1
                yield line
            pieces = [more[-1]]
        elif position - start > LINE_LIMIT:
            yield None
            after = _first_line_start(descriptor, position, end)
            if after is None:
                return
            start = position = after
            pieces = []


def _first_line_start(descriptor: int, begin: int, end: int) -> int | None:
    """Where the first line of a stretch begins, or None if a line from before covers it all."""
    if begin == 0:
        return 0
    # A newline right before the stretch lets a line begin with it.
    position = begin - 1
    while position < end - 1:
        block = os.pread(descriptor, min(BLOCK, end - 1 - position), position)
        if not block:
            return None
        at = block.find(b"\n")
        if at >= 0:
            return position + at + 1
        position += len(block)
    return None
