"""Walks the pages of a list, whatever order the server has it in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from itertools import pairwise
from typing import Protocol, TypeVar

from fttui.domain.errors import MalformedAnswerError
from fttui.domain.jobs.job import JobEvent
from fttui.services.openai_api import mapping

MOST_PAGES = 2000


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


Item = TypeVar("Item", bound=_Identified)

FetchPage = Callable[[str | None], Awaitable[object]]
"""Fetches the decoded page after a cursor, or the first one for None."""


async def walk(
    fetch: FetchPage,
    read: Callable[[object], Item],
    *,
    until: Callable[[Sequence[Item]], bool] = lambda _items: False,
) -> list[Item]:
    """Read pages until one of them is the last, or enough was seen; each item once, in the server's order.

    Args:
        fetch: fetches a page.
        read: makes an item from an entry.
        until: told all items so far after each page; True ends the walk.

    Raises:
        MalformedAnswerError: the pages never end.
    """
    found: dict[str, Item] = {}
    cursor: str | None = None
    cursors: set[str] = set()
    for _ in range(MOST_PAGES):
        entries, more = mapping.items(await fetch(cursor))
        read_items = [read(entry) for entry in entries]
        for item in read_items:
            found.setdefault(item.id, item)
        # A page that ends as an earlier one did means that the server ignores the cursor.
        if not more or not read_items or read_items[-1].id in cursors or until(list(found.values())):
            return list(found.values())
        cursor = read_items[-1].id
        cursors.add(cursor)
    raise MalformedAnswerError("The list at the provider has no end")


async def events_after(fetch: FetchPage, known: str | None) -> list[JobEvent]:
    """Events newer than a known one, oldest first; all of them where the known one is not found."""

    def seen_enough(events: Sequence[JobEvent]) -> bool:
        return _newest_first(events) and any(event.id == known for event in events)

    events = await walk(fetch, mapping.event, until=seen_enough)
    if _newest_first(events):
        events.reverse()
    if any(earlier.created_at > later.created_at for earlier, later in pairwise(events)):
        events.sort(key=lambda event: event.created_at)
    places = [place for place, event in enumerate(events) if event.id == known]
    return events[places[0] + 1 :] if places else events


def _newest_first(events: Sequence[JobEvent]) -> bool:
    """Lists run from the newest entry down unless their times or steps say otherwise."""
    if len(events) < 2:
        return True
    if events[0].created_at != events[-1].created_at:
        return events[0].created_at > events[-1].created_at
    steps = [event.step for event in events if event.step is not None]
    return len(steps) < 2 or steps[0] >= steps[-1]
