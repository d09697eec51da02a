"""Lists are walked to the end, and events come oldest first, each once, whatever order the server has them in."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from fttui.domain.errors import MalformedAnswerError
from fttui.services.openai_api import mapping, paging
from fttui.services.openai_api.paging import events_after, walk

Raw = dict[str, object]


def log(length: int, *, same_second: bool = False) -> list[Raw]:
    """Events oldest first."""
    return [
        {
            "id": f"e{place}",
            "created_at": 100 if same_second else 100 + place // 3,
            "message": "",
            "data": {"step": place},
        }
        for place in range(length)
    ]


class Pages:
    """A list in pages of three that counts how often it is asked."""

    def __init__(self, entries: Sequence[Raw], size: int = 3, *, ignores_cursor: bool = False) -> None:
        self.entries, self.size, self.ignores_cursor = entries, size, ignores_cursor
        self.asked = 0

    async def fetch(self, after: str | None) -> object:
        self.asked += 1
        ids = [entry["id"] for entry in self.entries]
        start = 0 if after is None or self.ignores_cursor else ids.index(after) + 1
        page = list(self.entries[start : start + self.size])
        return {"data": page, "has_more": start + self.size < len(self.entries)}


async def ids_after(entries: Sequence[Raw], known: str | None = None) -> list[str]:
    return [event.id for event in await events_after(Pages(entries).fetch, known)]


async def test_all_events_come_oldest_first_from_a_list_that_starts_with_the_newest() -> None:
    assert await ids_after(log(10)[::-1]) == [f"e{place}" for place in range(10)]


async def test_all_events_come_oldest_first_from_a_list_that_starts_with_the_oldest() -> None:
    assert await ids_after(log(10)) == [f"e{place}" for place in range(10)]


@pytest.mark.parametrize("reverse", [True, False])
async def test_steps_tell_the_order_where_all_events_share_a_second(reverse: bool) -> None:
    entries = log(8, same_second=True)

    assert await ids_after(entries[::-1] if reverse else entries) == [f"e{place}" for place in range(8)]


@pytest.mark.parametrize("reverse", [True, False])
@pytest.mark.parametrize("known", range(10))
async def test_only_what_is_newer_than_a_known_event_comes(known: int, reverse: bool) -> None:
    entries = log(10)

    found = await ids_after(entries[::-1] if reverse else entries, f"e{known}")

    assert found == [f"e{place}" for place in range(known + 1, 10)]


async def test_no_more_pages_are_read_than_needed() -> None:
    pages = Pages(log(100)[::-1])

    await events_after(pages.fetch, "e98")

    assert pages.asked == 1


async def test_repeated_events_come_once() -> None:
    entries = log(6)[::-1]

    assert await ids_after([entries[0], *entries[:4], *entries[2:]]) == [f"e{place}" for place in range(6)]


async def test_a_known_event_the_server_has_forgotten_brings_everything() -> None:
    assert await ids_after(log(7)[::-1], "gone") == [f"e{place}" for place in range(7)]


async def test_events_in_no_order_come_by_their_time() -> None:
    entries = [entry | {"created_at": 100 + place} for place, entry in enumerate(log(12))]
    random.Random(3).shuffle(entries)

    assert await ids_after(entries) == [f"e{place}" for place in range(12)]


async def test_a_server_that_ignores_the_cursor_does_not_keep_us_for_ever() -> None:
    pages = Pages(log(10)[::-1], ignores_cursor=True)

    events = await walk(pages.fetch, mapping.event)

    assert (len(events), pages.asked) == (3, 2)


async def test_a_list_without_end_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "MOST_PAGES", 5)

    with pytest.raises(MalformedAnswerError, match="no end"):
        await walk(Pages(log(100)).fetch, mapping.event)
