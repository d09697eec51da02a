"""Lists in pages: everything after a cursor, in order, up to a limit."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from fttui.engine.store.database import Database, Parameter

Item = TypeVar("Item")


class UnknownCursorError(LookupError):
    """The item a page should follow is not in the list."""

    def __init__(self, cursor: str) -> None:
        super().__init__(cursor)
        self.cursor = cursor


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which part of a list is wanted.

    Args:
        limit: the most items to return.
        after: the id of the item before the first one wanted; None for the start of the list.
        newest_first: whether the list runs from the newest item to the oldest.
    """

    limit: int
    after: str | None = None
    newest_first: bool = True


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """A part of a list, and whether more follows it."""

    items: Sequence[Item]
    has_more: bool


def select_page(
    database: Database,
    table: str,
    request: PageRequest,
    read: Callable[[sqlite3.Row], Item],
    where: str = "1",
    parameters: Sequence[Parameter] = (),
) -> Page[Item]:
    """Read one page of a table.

    Args:
        table: the table's name; it has the columns `seq` and `id`.
        read: makes an item from a row.
        where: a condition on the rows, with `parameters` for its question marks.

    Raises:
        UnknownCursorError: the item to start after is not in the list.
    """
    condition, values = where, [*parameters]
    if request.after is not None:
        cursor = database.row(f"SELECT seq FROM {table} WHERE id = ? AND {where}", [request.after, *parameters])  # noqa: S608 (names of our own)
        if cursor is None:
            raise UnknownCursorError(request.after)
        condition += " AND seq < ?" if request.newest_first else " AND seq > ?"
        values.append(int(cursor["seq"]))
    order = "DESC" if request.newest_first else "ASC"
    rows = database.rows(
        f"SELECT * FROM {table} WHERE {condition} ORDER BY seq {order} LIMIT ?",  # noqa: S608 (names of our own)
        [*values, request.limit + 1],
    )
    return Page([read(row) for row in rows[: request.limit]], has_more=len(rows) > request.limit)
