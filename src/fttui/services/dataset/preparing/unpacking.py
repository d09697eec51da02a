"""Plain copies of the packed files of an order, there for as long as they are prepared."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from fttui.services.dataset.opener import read_head
from fttui.services.dataset.plain_copy import PlainCopy, Tick, is_packed
from fttui.services.dataset.preparing.order import Order


async def unpack(order: Order, tick: Tick | None = None) -> Order:
    """The order with a plain copy of each packed file, which `remove_copies` takes away.

    Raises:
        UnreadableFileError: a file cannot be read, or there is no room for the copy.
    """
    copies: dict[Path, PlainCopy] = {}
    try:
        for path in _inputs(order):
            head, _ = await asyncio.to_thread(read_head, path)
            copy = await PlainCopy.of(path, head, tick) if is_packed(head) else None
            copies.update({path: copy} if copy is not None else {})
    except BaseException:
        _remove(copies)
        raise
    return replace(order, copies=copies)


@contextmanager
def unpacked(order: Order, tick: Tick | None = None) -> Iterator[Order]:
    """The same in this thread, for a while; an order that has its copies already keeps them."""
    copies = dict(order.copies)
    made: dict[Path, PlainCopy] = {}
    try:
        for path in _inputs(order):
            head, _ = read_head(path)
            copy = PlainCopy.at_once(path, head, tick) if path not in copies and is_packed(head) else None
            made.update({path: copy} if copy is not None else {})
        yield replace(order, copies={**copies, **made})
    finally:
        _remove(made)


def remove_copies(order: Order) -> None:
    """Take the copies of an order away."""
    _remove(order.copies)


def _remove(copies: Mapping[Path, PlainCopy]) -> None:
    for copy in copies.values():
        copy.remove()


def _inputs(order: Order) -> tuple[Path, ...]:
    return (order.path,) if order.against is None else (order.path, order.against)
