"""Noticing that the process that started this one is gone."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


class ParentWatch:
    """Remembers the parent, and asks Linux for a SIGTERM when it dies.

    The request is tied to the thread that started this process; other systems have no such request,
    so `is_gone` must be asked from time to time all the same.
    """

    def __init__(self) -> None:
        self._parent = os.getppid()
        if sys.platform == "linux":
            ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)

    def is_gone(self) -> bool:
        """Return whether the parent has died since this watch began."""
        return os.getppid() != self._parent
