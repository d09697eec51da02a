"""The computer's own clock."""

from __future__ import annotations

import asyncio
import time


class SystemClock:
    """Real time."""

    def now(self) -> float:
        """Unix seconds."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Wait without holding anyone up."""
        await asyncio.sleep(seconds)
