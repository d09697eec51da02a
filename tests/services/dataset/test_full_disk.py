"""A disk without room: one clear sentence, and nothing half written is left."""

from __future__ import annotations

import asyncio
import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fttui.domain.dataset.mapping.row_mapping import RowMapping
from fttui.domain.dataset.mapping.settings import changed
from fttui.domain.dataset.preparation.sampling import Split
from fttui.domain.errors import UsageError
from fttui.services.dataset.importing.conversion import import_rows
from fttui.services.dataset.importing.source import open_source
from fttui.services.dataset.preparing.order import Order
from fttui.services.dataset.preparing.writing import prepare


@contextmanager
def files_no_longer_than(count: int) -> Iterator[None]:
    """The system refuses to let a file grow further, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (count, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("room", [0, 1000, 2_500_000], ids=["none", "a little", "nearly enough"])
def test_an_import_without_room_leaves_nothing(tmp_path: Path, room: int) -> None:
    path = tmp_path / "table.csv"
    path.write_text("q,a\n" + "".join(f"question {number},answer\n" for number in range(30_000)))
    mapping = changed(RowMapping(), [("user", "{q}"), ("assistant", "{a}")])
    with files_no_longer_than(room), pytest.raises(UsageError, match="cannot be written") as refused:
        asyncio.run(import_rows(open_source(path), mapping, tmp_path / "out.jsonl"))

    assert "disk" in refused.value.hint
    assert names(tmp_path) == ["table.csv"]


def test_a_file_that_was_to_be_replaced_stays_where_there_is_no_room(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("q,a\n" + "question,answer\n" * 9000)
    (tmp_path / "out.jsonl").write_text("before")
    mapping = changed(RowMapping(), [("user", "{q}"), ("assistant", "{a}")])
    with files_no_longer_than(1000), pytest.raises(UsageError):
        asyncio.run(import_rows(open_source(tmp_path / "table.csv"), mapping, tmp_path / "out.jsonl", replace=True))

    assert (tmp_path / "out.jsonl").read_text() == "before"
    assert names(tmp_path) == ["out.jsonl", "table.csv"]


@pytest.mark.parametrize("room", [0, 100_000, 1_000_000], ids=["none", "one part", "nearly enough"])
def test_a_preparation_without_room_leaves_nothing(tmp_path: Path, room: int) -> None:
    path = tmp_path / "rows.jsonl"
    with path.open("w") as stream:
        for number in range(12_000):
            said = [{"role": "human", "content": f"q {number}"}, {"role": "assistant", "content": "word " * 10}]
            stream.write(json.dumps({"messages": said}) + "\n")
    before = path.read_bytes()
    with files_no_longer_than(room), pytest.raises(UsageError, match="cannot be written"):
        prepare(Order(path, split=Split(0.1)))

    assert names(tmp_path) == ["rows.jsonl"]
    assert path.read_bytes() == before
