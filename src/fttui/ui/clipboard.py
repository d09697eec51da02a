"""Copying out of a terminal, which is never certain: through tmux where there is one, else by asking the terminal."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from enum import Enum

LARGEST_OSC_52 = 74_000
"""Bytes of text that common terminals take in one OSC 52 sequence (100,000 characters of base64)."""

TMUX_SECONDS = 3.0


class Route(Enum):
    """How a text left, as the end of a sentence."""

    TMUX = "to tmux, and from there to the terminal"
    TERMINAL = "to the terminal"
    NONE = "nowhere: it is too large for the terminal; save it to a file instead"


async def by_tmux(text: str, environ: Mapping[str, str] = os.environ) -> bool:
    """Load a text into tmux's buffer, passing it on to the terminal; False where that cannot be done.

    `-w` needs tmux 3.2; older ones refuse it.
    """
    if not environ.get("TMUX"):
        return False
    try:
        process = await asyncio.create_subprocess_exec(
            "tmux", "load-buffer", "-w", "-",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
    except OSError:
        return False
    try:
        async with asyncio.timeout(TMUX_SECONDS):
            await process.communicate(text.encode("utf-8", "replace"))
    except TimeoutError:
        process.kill()
        await process.wait()
        return False
    return process.returncode == 0


def fits_terminal(text: str) -> bool:
    """Whether a text is small enough to be sent by OSC 52."""
    return len(text.encode("utf-8", "replace")) <= LARGEST_OSC_52
