"""Files on their way to the fault server, and programs that end in the middle."""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections.abc import Callable
from typing import Protocol

import pytest

from fault_server import FaultServer
from fttui.domain.jobs.transfer import Cutting
from fttui.services.jobs.journal import Journal
from fttui.services.jobs.launch_plan import LaunchProgress

KIB = 1024
CONTENT = random.Random(3).randbytes(1000 * KIB)
SMALL_PARTS = Cutting(100 * KIB, 64 * KIB, 64 * KIB, 16 * KIB, 16 * KIB)
PARTS = "/parts$"
COMPLETE = "/complete$"


class Deliver(Protocol):
    """Begins to send the file of a test; what is told can be acted upon."""

    def __call__(
        self, act: Callable[[LaunchProgress], None] | None = None, cutting: Cutting = SMALL_PARTS
    ) -> asyncio.Task[str]: ...


class KilledError(Exception):
    """Stands for the end of the program: nobody reacts to it."""


def statuses(server: FaultServer) -> list[object]:
    return [upload["status"] for upload in server.memory.uploads.values()]


async def stopped_after(deliver: Deliver, journal: Journal, parts: int) -> None:
    """Begin to send, and leave the program as a kill does: nothing is called off."""
    sha256 = hashlib.sha256(CONTENT).hexdigest()

    def look(_progress: LaunchProgress) -> None:
        known = journal.transfers.find("p", sha256)
        if known is not None and len(known.parts) >= parts:
            raise KilledError

    with pytest.raises(KilledError):
        await deliver(look)
