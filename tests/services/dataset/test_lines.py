from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fttui.services.dataset import lines as module
from fttui.services.dataset.dataset_file import DatasetFile
from fttui.services.dataset.examiner import stretches
from fttui.services.dataset.lines import lines_in

CONTENT = st.lists(st.sampled_from([b"\n", b"\r", b"ab", b"\n\n", b"x" * 9, "\u2028é".encode()]), max_size=30)

# A file by example would need a folder by example.
settings.register_profile("one folder", suppress_health_check=[HealthCheck.function_scoped_fixture])


def expected_lines(data: bytes) -> list[bytes]:
    rows = data.split(b"\n")
    return rows[:-1] if rows[-1] == b"" else rows


@settings(settings.get_profile("one folder"))
@given(content=CONTENT, length=st.integers(1, 20))
def test_stretches_side_by_side_give_every_line_once(tmp_path: Path, content: list[bytes], length: int) -> None:
    data = b"".join(content)
    path = tmp_path / "data.jsonl"
    path.write_bytes(data)
    descriptor = os.open(path, os.O_RDONLY)
    try:
        found = [line for cut in stretches(len(data), length) for line in lines_in(descriptor, *cut)]
    finally:
        os.close(descriptor)

    assert expected_lines(data) == found


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, int, int], list[bytes | None]]:
    monkeypatch.setattr(module, "LINE_LIMIT", 100)
    monkeypatch.setattr(module, "BLOCK", 32)
    monkeypatch.setattr(module, "_BEYOND", 16)

    def read(path: Path, begin: int, end: int) -> list[bytes | None]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            return list(lines_in(descriptor, begin, end))
        finally:
            os.close(descriptor)

    return read


def test_a_line_beyond_the_limit_is_told_and_skipped(
    tmp_path: Path, small_limits: Callable[[Path, int, int], list[bytes | None]]
) -> None:
    path = tmp_path / "data.jsonl"
    path.write_bytes(b"first\n" + b"x" * 500 + b"\nlast\n")

    assert small_limits(path, 0, 512) == [b"first", None, b"last"]
    assert small_limits(path, 0, 200) == [b"first", None]
    assert small_limits(path, 200, 400) == []
    assert small_limits(path, 400, 512) == [b"last"]


@settings(settings.get_profile("one folder"))
@given(content=CONTENT)
async def test_the_index_finds_the_same_lines(tmp_path: Path, content: list[bytes]) -> None:
    data = b"".join(content)
    path = tmp_path / "data.jsonl"
    path.write_bytes(data)
    with DatasetFile.open(path) as file:
        found = [file.raw_line(number) for number in range(file.lines_known)]

    assert [line.removesuffix(b"\r") for line in expected_lines(data)] == found
