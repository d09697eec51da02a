from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from fttui.domain.errors import UnreadableFileError
from fttui.services import folder
from fttui.services.folder import Entry, describe, is_data_name, list_folder


async def listed(path: Path) -> list[Entry]:
    return [entry async for batch in list_folder(path) for entry in batch]


@pytest.mark.parametrize(
    "name", ["a.jsonl", "A.JSON", "b.csv.gz", "c.parquet", "d.XLSX", "e.tsv", "f.txt", "g.ndjson", "h.jsonl.zst"]
)
def test_names_of_training_data_are_known(name: str) -> None:
    assert is_data_name(name)


@pytest.mark.parametrize(
    "name", ["a.md", "jsonl", "b.gz", "b.zst", "c.jsonl.bak", "", "a_prepared.manifest.json", "a.jsonl.report.json"]
)
def test_other_names_are_not(name: str) -> None:
    assert not is_data_name(name)


async def test_a_folder_is_listed_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "BATCH", 3)
    for number in range(7):
        (tmp_path / f"{number}.jsonl").touch()
    sizes = [len(batch) async for batch in list_folder(tmp_path)]

    assert sizes == [3, 3, 1]


async def test_a_folder_beyond_the_limit_is_listed_so_far(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "BATCH", 3)
    monkeypatch.setattr(folder, "MOST_ENTRIES", 5)
    for number in range(20):
        (tmp_path / f"{number}.jsonl").touch()

    assert len(await listed(tmp_path)) == 6


async def test_broken_and_circular_links_and_odd_names_are_listed(tmp_path: Path) -> None:
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    (tmp_path / os.fsdecode(b"\xff\n.csv")).write_text("12345")
    os.mkfifo(tmp_path / "pipe")
    found = {entry.name: entry for entry in await listed(tmp_path)}

    assert set(found) == {"nowhere", "circle", "pipe", "\udcff\n.csv"}
    assert found["nowhere"].size is None
    assert (found["\udcff\n.csv"].size, found["\udcff\n.csv"].is_data) == (5, True)


async def test_a_folder_that_is_not_there_is_told_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="not there any more"):
        await listed(tmp_path / "gone")


async def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(UnreadableFileError, match="is not a folder"):
        await listed(tmp_path / "a")


async def test_a_folder_one_may_not_read_is_told_in_plain_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(UnreadableFileError, match="You may not look into"):
        await listed(tmp_path)


async def test_a_file_is_described_and_a_missing_one_is_not(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("123")
    known = await describe(tmp_path / "a")

    assert known is not None
    assert (known.size, known.is_folder) == (3, False)
    assert await describe(tmp_path / "b") is None


async def test_what_is_no_regular_file_is_no_training_data_whatever_its_name(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    (tmp_path / "nowhere.jsonl").symlink_to(tmp_path / "gone")
    (tmp_path / "real.jsonl").touch()

    entries = [entry async for batch in list_folder(tmp_path) for entry in batch]

    assert {entry.name: entry.is_data for entry in entries} == {
        "pipe.jsonl": False,
        "nowhere.jsonl": False,
        "real.jsonl": True,
    }


class SlowFolder:
    """Entries that take until they are told to go on, and note whether they were closed meanwhile."""

    def __init__(self) -> None:
        self.begun, self.go_on, self.closed = threading.Event(), threading.Event(), threading.Event()
        self.is_read = self.was_closed_while_read = False

    def __iter__(self) -> Iterator[None]:
        self.is_read = True
        self.begun.set()
        self.go_on.wait(60)
        self.is_read = False
        yield from ()

    def close(self) -> None:
        self.was_closed_while_read = self.is_read
        self.closed.set()


async def test_a_folder_left_while_it_is_read_is_closed_only_after_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = SlowFolder()
    monkeypatch.setattr("os.scandir", lambda _: slow)
    reading = asyncio.create_task(listed(tmp_path))
    await asyncio.to_thread(slow.begun.wait, 60)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await asyncio.sleep(0)
    slow.go_on.set()

    assert await asyncio.to_thread(slow.closed.wait, 60)
    assert not slow.was_closed_while_read
