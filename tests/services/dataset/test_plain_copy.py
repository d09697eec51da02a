"""Packed files and UTF-16 are checked as if they were plain; nothing is left behind, nothing grows without measure."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import tempfile
from pathlib import Path

import pytest

from fttui.domain.dataset.report import Report
from fttui.services.dataset import plain_copy
from fttui.services.dataset.validation import ValidationProgress, validate


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def rows(number: int) -> bytes:
    def row(at: int) -> str:
        messages = [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": f"Question {at}?"},
            {"role": "assistant" if at != 7 else "robot", "content": f"Answer {at}: é中."},
        ]
        return json.dumps({"messages": messages}, ensure_ascii=False)

    return "".join(row(at) + "\n" for at in range(1, number + 1)).encode()


def left_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def codes(report: Report) -> dict[str, int]:
    return {group.code: group.count for group in report.findings}


async def test_a_gzip_file_gets_the_findings_of_its_rows_beside_its_own(tmp_path: Path, scratch: Path) -> None:
    plain, packed = tmp_path / "rows.jsonl", tmp_path / "rows.jsonl.gz"
    plain.write_bytes(rows(60))
    packed.write_bytes(gzip.compress(rows(30)) + gzip.compress(rows(60)[len(rows(30)) :]))
    there, here = await validate(plain, workers=0), await validate(packed, workers=0)

    assert codes(here) == {**codes(there), "compressed-file": 1}
    assert (here.examples, here.tokens) == (there.examples, there.tokens)
    assert here.size == packed.stat().st_size
    assert left_in(scratch) == []


async def test_zstd_is_read_where_something_is_installed_that_can(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    path = tmp_path / "rows.jsonl.zst"
    path.write_bytes(pyarrow.compress(rows(60), "zstd", asbytes=True))
    report = await validate(path, workers=0)

    assert report.examples == 60
    assert codes(report)["compressed-file"] == 1


@pytest.mark.parametrize("mark", ["\ufeff", ""])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
async def test_utf_16_gets_the_findings_of_its_rows_beside_its_own(tmp_path: Path, encoding: str, mark: str) -> None:
    plain, wide = tmp_path / "rows.jsonl", tmp_path / "wide.jsonl"
    plain.write_bytes(rows(60))
    wide.write_bytes((mark + rows(60).decode()).encode(encoding))
    there, here = await validate(plain, workers=0), await validate(wide, workers=0)

    assert codes(here) == {**codes(there), "utf-16": 1}


async def test_utf_16_without_a_mark_is_told_though_letters_of_the_east_have_zeros_too(tmp_path: Path) -> None:
    path = tmp_path / "wide.jsonl"
    row = {"messages": [{"role": role, "content": "一丁" * 9} for role in ("user", "assistant")]}
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    path.write_bytes((text + "\n").encode("utf-16-le") * 20)
    report = await validate(path, workers=0)

    assert codes(report)["utf-16"] == 1
    assert (report.examples, report.valid_examples) == (20, 20)


async def test_what_comes_before_the_damage_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl.gz"
    text = b"".join(os.urandom(40).hex().encode() + b"\n" for _ in range(20_000))
    packed = gzip.compress(rows(60) + text)
    path.write_bytes(packed[: len(packed) // 2])
    report = await validate(path, workers=0)

    assert report.examples > 60
    assert codes(report)["damaged-archive"] == 1
    assert codes(report)["unknown-role"] == 1


async def test_a_bomb_is_left_after_a_while(tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_copy, "RATIO_FROM", 1024 * 1024)
    path = tmp_path / "bomb.jsonl.gz"
    path.write_bytes(gzip.compress(rows(10) + b" " * 8 * 1024 * 1024))
    report = await validate(path, workers=0)

    assert codes(report)["unpacks-too-far"] == 1
    assert report.examples == 10
    assert left_in(scratch) == []


async def test_cancelling_while_it_is_unpacked_leaves_nothing(
    tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, loop = asyncio.Event(), asyncio.get_running_loop()
    go_on = plain_copy._Copying.go_on

    def tell(copy: plain_copy._Copying) -> bool:
        loop.call_soon_threadsafe(begun.set)
        return go_on(copy)

    monkeypatch.setattr(plain_copy, "_STEP", 1024)
    monkeypatch.setattr(plain_copy._Copying, "go_on", tell)
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(gzip.compress(b"".join(os.urandom(30).hex().encode() + b"\n" for _ in range(40_000))))
    work = asyncio.create_task(validate(path, workers=0))
    await begun.wait()
    assert left_in(scratch)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work

    assert left_in(scratch) == []


@pytest.mark.parametrize("packed", [False, True])
async def test_a_file_that_changes_while_it_is_read_is_told_of(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / "rows.jsonl"
    content = gzip.compress(rows(60)) if packed else rows(60)
    path.write_bytes(content)

    def change(_: ValidationProgress) -> None:
        path.write_bytes(content + b"\n")

    report = await validate(path, workers=0, progress=change)

    assert codes(report)["file-changed"] == 1
