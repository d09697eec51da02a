"""Packed files are prepared as if they were plain: what is written is plain, and no copy is left behind."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from fttui.domain.dataset.finding import Severity
from fttui.domain.dataset.preparation.sampling import Split
from fttui.domain.errors import UnreadableFileError
from fttui.services.dataset.preparing.frames import Progress
from fttui.services.dataset.preparing.order import Order, Outcome
from fttui.services.dataset.preparing.survey import survey
from fttui.services.dataset.preparing.work import prepare_file, survey_file
from fttui.services.dataset.preparing.writing import prepare

Pack = Callable[[bytes], bytes]


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def left_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def zstd(content: bytes) -> bytes:
    pyarrow = pytest.importorskip("pyarrow")
    return bytes(pyarrow.compress(content, codec="zstd", asbytes=True))


def lines(count: int) -> list[str]:
    def row(number: int) -> str:
        said = [{"role": "user", "content": f"第{number}题"}, {"role": "assistant", "content": f"答案{number}"}]
        return json.dumps({"messages": said}, ensure_ascii=False)

    return [row(number) for number in range(count)]


@pytest.mark.parametrize(("name", "pack"), [("a.jsonl.gz", gzip.compress), ("a.jsonl.zst", zstd)])
def test_a_packed_file_is_unpacked_mended_and_written_beside_itself(tmp_path: Path, name: str, pack: Pack) -> None:
    rows = lines(12)
    path, folder = tmp_path / "in" / name, tmp_path / "in"
    folder.mkdir()
    path.write_bytes(pack("\n".join([*rows, rows[0], "{"]).encode()))
    before = path.read_bytes()
    outcome = prepare(Order(path))

    assert {entry.fix.code: entry.count for entry in outcome.plan.found if entry.accepted} == {
        "unpack": 14,
        "drop-unreadable": 1,
        "drop-duplicates": 1,
    }
    assert outcome.training == folder / "a_prepared.jsonl"
    assert outcome.training.read_text(encoding="utf-8").splitlines() == rows
    manifest = json.loads((folder / "a_prepared.manifest.json").read_bytes())
    assert manifest["input"] == {
        "file": name,
        "bytes": len(before),
        "sha256": hashlib.sha256(before).hexdigest(),
        "lines": 14,
    }
    assert path.read_bytes() == before
    assert prepare(Order(path)).repeated
    assert left_in(tmp_path / "scratch") == []


def test_a_healthy_packed_file_is_written_plain(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(lines(12)).encode()))
    outcome = prepare(Order(path))

    assert outcome.training is not None
    assert outcome.training.read_text(encoding="utf-8").splitlines() == lines(12)
    assert not prepare(Order(outcome.training)).plan.changes


def test_rows_of_a_packed_validation_file_are_left_out(tmp_path: Path) -> None:
    path, valid = tmp_path / "rows.jsonl", tmp_path / "valid.jsonl.gz"
    path.write_text("\n".join(lines(14)), encoding="utf-8")
    valid.write_bytes(gzip.compress("\n".join(lines(3)).encode()))
    outcome = prepare(Order(path, against=valid))

    assert outcome.plan.kept == 11


def test_packed_utf_16_and_a_packed_array_are_read(tmp_path: Path) -> None:
    rows = lines(12)
    contents = {"a.jsonl.gz": "\n".join(rows).encode("utf-16"), "b.json.gz": f"[{','.join(rows)}]".encode()}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(gzip.compress(content))

    assert [survey(Order(tmp_path / name)).kept for name in contents] == [12, 12]


def test_damage_is_told_and_what_came_before_it_is_kept(tmp_path: Path, scratch: Path) -> None:
    path = tmp_path / "rows.jsonl.gz"
    content = "\n".join(hashlib.sha256(row.encode()).hexdigest() + row for row in lines(4000))
    healthy = "\n".join(lines(2000))
    path.write_bytes(gzip.compress((healthy + "\n" + content).encode())[:-9000])
    plan = survey(Order(path))

    worst = plan.notes[0]
    assert worst.severity is Severity.ERROR
    assert "Damaged after" in worst.text
    assert plan.kept == 2000
    assert left_in(scratch) == []


async def test_a_screen_gets_progress_of_unpacking_and_no_copy_stays(tmp_path: Path, scratch: Path) -> None:
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(lines(40_000)).encode()))
    seen: list[Progress] = []
    plan = await survey_file(Order(path), seen.append)
    outcome = await prepare_file(Order(path, split=Split(0.25)))

    assert plan.kept == 40_000
    assert seen[0].total == path.stat().st_size
    assert [output.rows for _, output in outcome.outputs] == [30_000, 10_000]
    assert left_in(scratch) == []


async def test_cancelling_leaves_no_copy(tmp_path: Path, scratch: Path) -> None:
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(lines(40_000)).encode()))
    task: asyncio.Task[Outcome] = asyncio.create_task(prepare_file(Order(path)))
    while not left_in(scratch):
        assert not task.done()
        await asyncio.sleep(0.001)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert left_in(scratch) == []
    assert left_in(tmp_path) == ["rows.jsonl.gz", "scratch"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_no_room_for_the_copy_is_told_and_nothing_is_left(
    tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(lines(2000)).encode()))
    plain = Path.open

    def full(self: Path, *how: object, **more: object) -> object:
        return plain(Path("/dev/full"), "wb") if self.name.startswith("plain-") else plain(self, *how, **more)  # type: ignore[call-overload]  # handed through

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(UnreadableFileError, match="No room to unpack"):
        survey(Order(path))
    assert left_in(scratch) == []
