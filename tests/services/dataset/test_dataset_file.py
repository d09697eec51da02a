from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from fttui.domain.errors import UnreadableFileError
from fttui.services.dataset.dataset_file import DatasetFile


def numbered(path: Path, rows: int) -> Path:
    path.write_bytes(b"".join(b'{"row": %d, "padding": "%s"}\r\n' % (row, b"x" * (row % 97)) for row in range(rows)))
    return path


async def test_every_line_of_a_file_of_many_blocks_is_found(tmp_path: Path) -> None:
    with DatasetFile.open(numbered(tmp_path / "data.jsonl", 300_000)) as file:
        first_known = file.lines_known
        seen = [known async for known in file.index()]

        assert 0 < first_known < 300_000
        assert seen == sorted(seen)
        assert file.lines_known == 300_000
        assert file.indexed
        for row in (0, 1, first_known - 1, first_known, 150_000, 299_999):
            assert file.raw_line(row).startswith(b'{"row": %d,' % row)
            assert file.raw_line(row).endswith(b'"}')
        assert file.preview(299_999, 8) == b'{"row": '


async def test_the_last_known_line_is_whole_while_the_file_is_not_indexed(tmp_path: Path) -> None:
    with DatasetFile.open(numbered(tmp_path / "data.jsonl", 300_000)) as file:
        row = file.lines_known - 1

        assert file.raw_line(row) == b'{"row": %d, "padding": "%s"}' % (row, b"x" * (row % 97))


async def test_indexing_goes_on_where_it_was_left(tmp_path: Path) -> None:
    with DatasetFile.open(numbered(tmp_path / "data.jsonl", 300_000)) as file:
        async for _ in file.index():
            break
        assert [known async for known in file.index()]
        assert file.lines_known == 300_000


def test_an_empty_file_has_no_lines(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.touch()
    with DatasetFile.open(path) as file:
        assert (file.lines_known, file.indexed, file.size) == (0, True, 0)


def test_a_line_without_end_is_read_up_to_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fttui.services.dataset.dataset_file.LINE_LIMIT", 1000)
    path = tmp_path / "data.jsonl"
    path.write_bytes(b"x" * 5000)
    with DatasetFile.open(path) as file:
        assert file.raw_line(0) == b"x" * 1000


def test_a_change_of_the_file_is_noticed(tmp_path: Path) -> None:
    path = numbered(tmp_path / "data.jsonl", 10)
    with DatasetFile.open(path) as file:
        before = file.changed()
        with path.open("ab") as other:
            other.write(b"more\n")

        assert (before, file.changed()) == (False, True)


def test_a_file_that_was_removed_has_changed(tmp_path: Path) -> None:
    path = numbered(tmp_path / "data.jsonl", 10)
    with DatasetFile.open(path) as file:
        path.unlink()

        assert file.changed()


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(path))


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _loop(path: Path) -> None:
    path.symlink_to(path)


def _missing(path: Path) -> None:
    """Leave nothing there."""


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(Path.mkdir, id="folder"),
        pytest.param(_pipe, id="named pipe"),
        pytest.param(_socket, id="socket"),
        pytest.param(_device, id="device behind a link"),
        pytest.param(_loop, id="link to itself"),
        pytest.param(_missing, id="nothing"),
    ],
)
def test_only_regular_files_are_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: object) -> None:
    assert callable(make)
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "data.jsonl"
    make(path)

    with pytest.raises(UnreadableFileError, match=r"data\.jsonl"):
        DatasetFile.open(path)


def test_a_name_with_a_zero_byte_is_refused_in_words() -> None:
    with pytest.raises(UnreadableFileError):
        DatasetFile.open(Path("a\0b"))


def test_names_of_any_bytes_are_opened(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"new\nline-\xff.jsonl")
    path.write_bytes(b"{}\n")
    with DatasetFile.open(path) as file:
        assert file.raw_line(0) == b"{}"
