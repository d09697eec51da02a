from __future__ import annotations

import asyncio
import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from fttui.domain.dataset.mapping.row_mapping import RowMapping, Target, Turn
from fttui.domain.dataset.mapping.settings import changed
from fttui.domain.errors import MappingError, UnreadableFileError, UsageError
from fttui.services.dataset.importing.conversion import (
    ImportProgress,
    Place,
    SkipCount,
    default_out,
    drawn,
    import_rows,
)
from fttui.services.dataset.importing.output import NewFile
from fttui.services.dataset.importing.rows import SourceRow
from fttui.services.dataset.importing.source import Source, open_source

QA = RowMapping(turns=(Turn("user", "{q}"), Turn("assistant", "{a}")))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    rows = "".join(f"question {n},answer {n}\n" for n in range(1000))
    (tmp_path / "qa.csv").write_text("q,a\n" + rows + ",no question\nno answer,\na,b,c\n")
    return tmp_path / "qa.csv"


def written(path: Path) -> list[str]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [row["messages"][0]["content"] for row in rows]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def linked(path: Path) -> Path:
    link = path.with_name("link.jsonl")
    link.symlink_to(path)
    return link


def content(path: Path) -> bytes:
    return path.read_bytes()


async def test_every_row_is_written_or_counted_with_its_line(table: Path) -> None:
    out = table.with_name("out.jsonl")
    told: list[ImportProgress] = []
    result = await import_rows(open_source(table), QA, out, progress=told.append)

    assert (result.read, result.made, result.written) == (1003, 1000, 1000)
    assert set(result.skipped) == {
        SkipCount("nothing is asked", 1, (Place(1002),)),
        SkipCount("no answer", 1, (Place(1003),)),
        SkipCount("more cells than headings", 1, (Place(1004),)),
    }
    assert written(out) == [f"question {n}" for n in range(1000)]
    assert told[-1] == ImportProgress(1.0, 1003, 1000)
    assert out.stat().st_mode & 0o077 == 0


async def test_without_a_file_rows_are_counted_alone(table: Path) -> None:
    result = await import_rows(open_source(table), QA, None)

    assert (result.out, result.written) == (None, 1000)
    assert names(table.parent) == ["qa.csv"]


async def test_the_same_seed_draws_the_same_rows_in_their_order(table: Path) -> None:
    found = []
    for name, seed in (("a", "7"), ("b", "7"), ("c", "8")):
        mapping = changed(QA, [("sample", "50"), ("seed", seed)])
        await import_rows(open_source(table), mapping, table.with_name(name))
        found.append(written(table.with_name(name)))

    assert found[0] == found[1] != found[2]
    assert len(found[0]) == 50
    assert [int(text.split()[1]) for text in found[0]] == sorted(int(text.split()[1]) for text in found[0])


def test_drawing_favours_no_row() -> None:
    times = [0] * 10
    for seed in range(300):
        for line in drawn((str(n).encode() for n in range(10)), 3, seed):
            times[int(line)] += 1

    # 90 expected of each; six standard deviations of a binomial distribution.
    assert all(42 < count < 138 for count in times)


async def test_more_rows_wanted_than_there_are_gives_all(table: Path) -> None:
    result = await import_rows(open_source(table), changed(QA, [("sample", "5000")]), None)

    assert result.written == 1000


async def test_an_existing_file_is_replaced_only_when_told(table: Path) -> None:
    out = table.with_name("out.jsonl")
    out.write_text("precious")
    with pytest.raises(UsageError, match="there already"):
        await import_rows(open_source(table), QA, out)
    assert out.read_text() == "precious"

    await import_rows(open_source(table), QA, out, replace=True)
    assert len(written(out)) == 1000


async def test_the_source_is_never_written_over(table: Path) -> None:
    before = content(table)
    for out in (table, linked(table)):
        with pytest.raises(UsageError, match="what is being read"):
            await import_rows(open_source(table), QA, out, replace=True)

    assert content(table) == before


async def test_an_import_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    table = "q,a\n" + "".join(f"{number},{number * 7919 % 10_007}\n" for number in range(200_000))
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(table.encode())[:-4000])
    with pytest.raises(UnreadableFileError):
        await import_rows(open_source(tmp_path / "a.csv.gz"), QA, tmp_path / "out.jsonl")

    assert names(tmp_path) == ["a.csv.gz"]


async def test_a_mapping_that_fits_no_row_writes_nothing_and_says_why(table: Path) -> None:
    with pytest.raises(UsageError, match="No row was left") as refused:
        await import_rows(open_source(table), changed(QA, [("where", "q = nothing")]), table.with_name("out"))

    assert "left out by the filter" in refused.value.hint
    assert not table.with_name("out").exists()


async def test_a_mapping_without_an_answer_is_refused_before_reading(table: Path) -> None:
    with pytest.raises(MappingError):
        await import_rows(open_source(table), RowMapping(), table.with_name("out"))


async def test_cancelling_stops_at_once_and_leaves_nothing(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless:
        notes: list[str] = []
        share = None
        given = 0
        closed = False

        def rows(self) -> Iterator[SourceRow]:
            while True:
                self.given += 1
                yield SourceRow(1, {"q": "x", "a": "y"})

        def close(self) -> None:
            self.closed = True

    endless = Endless()
    monkeypatch.setattr(Source, "read", lambda _self: endless)
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def tell(_progress: ImportProgress) -> None:
        loop.call_soon_threadsafe(begun.set)

    work = asyncio.create_task(
        import_rows(
            open_source(table),
            QA,
            table.with_name("out"),
            progress=tell,
        )
    )
    await begun.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work

    assert endless.closed
    assert names(table.parent) == ["qa.csv"]


def test_a_file_that_comes_up_meanwhile_is_not_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"

    def write() -> None:
        with NewFile(path) as file:
            file.write(b"new")
            path.write_text("theirs")

    with pytest.raises(UsageError, match="there already"):
        write()
    assert path.read_text() == "theirs"
    assert names(tmp_path) == ["out.jsonl"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"), NewFile(tmp_path / "absent" / "out.jsonl"):
        raise AssertionError("nothing to write into")


@pytest.mark.parametrize(
    ("name", "target", "out"),
    [
        ("qa.csv", Target.CHAT, "qa.chat.jsonl"),
        ("a.b.jsonl.gz", Target.PREFERENCE, "a.b.preference.jsonl"),
        ("数据 v1.2", Target.COMPLETION, "数据 v1.2.completion.jsonl"),
    ],
)
def test_the_result_is_named_after_the_source_and_what_it_holds(name: str, target: Target, out: str) -> None:
    assert default_out(Path("/data") / name, RowMapping(target)) == Path("/data") / out


async def test_a_large_table_needs_no_more_memory_than_a_small_one(tmp_path: Path) -> None:
    import tracemalloc

    draw = random.Random(1)
    words = " ".join(str(draw.random()) for _ in range(200))
    (tmp_path / "a.csv").write_text("q,a\n" + f"{words},{words}\n" * 5000)
    assert (tmp_path / "a.csv").stat().st_size > 30_000_000
    await import_rows(open_source(tmp_path / "a.csv"), QA, None)
    tracemalloc.start()
    await import_rows(open_source(tmp_path / "a.csv"), QA, tmp_path / "out")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 25_000_000
