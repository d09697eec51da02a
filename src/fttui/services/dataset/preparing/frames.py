"""What travels between the program and the process that prepares a file for it."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from fttui.domain.dataset.preparation.plan import Plan
from fttui.domain.errors import FttuiError
from fttui.services.dataset.preparing.order import Order, Outcome

LENGTH = struct.Struct("<Q")


@dataclass(frozen=True, slots=True)
class Task:
    """An order, and whether to write or only to look; `token` marks unfinished files."""

    order: Order
    writes: bool
    token: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a pass through the file is, in bytes."""

    done: int
    total: int


Frame = Progress | Plan | Outcome | FttuiError
