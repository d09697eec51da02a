from __future__ import annotations

import json
from pathlib import Path

import pytest

from fttui.services.dataset import search
from fttui.services.dataset.dataset_file import DatasetFile
from fttui.services.dataset.search import Query, find_row


@pytest.fixture
def dataset(tmp_path: Path) -> DatasetFile:
    rows = ["Alpha", "beta 合同", json.dumps("合同"), "alpha\\n", "gamma"]
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(rows), encoding="utf-8")
    return DatasetFile.open(path)


@pytest.mark.parametrize(
    ("text", "start", "step", "row"),
    [
        pytest.param("alpha", 0, 1, 0, id="any case"),
        pytest.param("alpha", 1, 1, 3, id="further down"),
        pytest.param("Alpha", 1, 1, 0, id="a capital counts, and round again"),
        pytest.param("合同", 2, 1, 2, id="as a JSON escape"),
        pytest.param("合同", 0, -1, 2, id="upwards from the first row"),
        pytest.param("\n", 0, 1, 3, id="a line break inside a string"),
        pytest.param("delta", 0, 1, None, id="not there"),
    ],
)
async def test_the_nearest_row_is_found(
    dataset: DatasetFile, text: str, start: int, step: int, row: int | None
) -> None:
    assert await find_row(dataset, text, start, step) == row


async def test_rows_are_looked_at_in_short_pieces(dataset: DatasetFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "BYTES_AT_ONCE", 8)
    told: list[tuple[int, int]] = []
    await find_row(dataset, "delta", 1, 1, lambda done, rows: told.append((done, rows)))

    assert told == [(1, 5), (2, 5), (4, 5), (5, 5)]


def test_a_lone_surrogate_is_searched_without_failing() -> None:
    assert not Query.of("\ud83d").found_in(b"abc")
