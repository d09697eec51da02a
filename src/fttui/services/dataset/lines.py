"""The lines of a stretch of a file, read in blocks by position."""

from __future__ import annotations

import os
from collections.abc import Iterator

from fttui.services.dataset.opener import LINE_LIMIT

BLOCK = 1024 * 1024
_BEYOND = 64 * 1024


def lines_in(descriptor: int, begin: int, end: int) -> Iterator[bytes | None]:
    """Every line that begins in a stretch, without its newline; None for a line longer than 16 MiB.

    Stretches that lie side by side give every line of the file exactly once. Only ``\\n`` ends a line.
    """
    start = _first_line_start(descriptor, begin, end)
    if start is None:
        return
    position, rest = start, b""
    while start < end:
        wanted = min(BLOCK, end - position) if position < end else _BEYOND
        block = os.pread(descriptor, wanted, position)
        if not block:
            if rest:
                yield rest
            return
        position += len(block)
        *whole, rest = (rest + block if rest else block).split(b"\n")
        for line in whole:
            if start >= end:
                return
            start += len(line) + 1
            yield line
        if len(rest) > LINE_LIMIT and start < end:
            yield None
            after = _first_line_start(descriptor, position, end)
            if after is None:
                return
            start = position = after
            rest = b""


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
