"""What may stop a worker between two steps: a wish, the end of the server, a signal."""

from __future__ import annotations

import signal
import time
from types import FrameType

from fttui.engine.parent import ParentWatch
from fttui.engine.store.database import Database
from fttui.engine.store.jobs import Want

_LOOK_EVERY_SECONDS = 0.1


class StoppedError(Exception):
    """The worker shall stop here.

    Args:
        want: what a person asked for; None when the engine stops and the job shall go on later.
    """

    def __init__(self, want: Want | None) -> None:
        super().__init__(want)
        self.want = want


class Control:
    """Looks for reasons to stop, cheaply enough to ask after every step and every line."""

    def __init__(self, database: Database, job_id: str, parent: ParentWatch) -> None:
        self._database = database
        self._job_id = job_id
        self._parent = parent
        self._told_to_end = False
        self._looked_at = float("-inf")

    def listen(self) -> None:
        """Take SIGTERM and SIGINT as a request to leave at the next look."""
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(signal.SIGINT, self._end)

    def check(self) -> None:
        """Look for a reason to stop.

        Raises:
            StoppedError: there is one.
        """
        row = self._database.row("SELECT want FROM jobs WHERE id = ?", [self._job_id])
        if row is not None and row["want"] is not None:
            raise StoppedError(Want(row["want"]))
        if self._told_to_end or self._parent.is_gone():
            raise StoppedError(None)
        self._looked_at = time.monotonic()

    def check_now_and_then(self) -> None:
        """Look, unless the last look was a moment ago."""
        if time.monotonic() - self._looked_at >= _LOOK_EVERY_SECONDS:
            self.check()

    def _end(self, number: int, frame: FrameType | None) -> None:
        self._told_to_end = True
