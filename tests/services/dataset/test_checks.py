"""A second check of the same thing comes from the cache; whatever is different is checked."""

from __future__ import annotations

import json
import os
import shutil
import stat
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.report import Report
from fttui.domain.dataset.row_limits import RowLimits
from fttui.services.dataset import report_cache
from fttui.services.dataset.checks import Checks
from fttui.services.dataset.report_cache import Question, ReportCache
from fttui.services.dataset.validation import validate

SECRET = "sk-proj-" + "aB3dE6gH9" * 5


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """All files have lain still for a while."""
    monkeypatch.setattr(report_cache, "_SETTLED", -3600.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write(tmp_path / "data.jsonl", 12)


def write(path: Path, rows: int, said: str = "Answer") -> Path:
    with path.open("w") as file:
        for number in range(rows):
            turns = [("user", f"Question {number}"), ("assistant", f"{said} {number}")]
            file.write(json.dumps({"messages": [{"role": role, "content": text} for role, text in turns]}) + "\n")
    return path


@pytest.fixture
async def checks(tmp_path: Path, later: None) -> AsyncIterator[Checks]:
    del later
    async with Checks(tmp_path / "cache") as checks:
        yield checks


async def test_an_unchanged_file_is_not_read_again(path: Path, checks: Checks) -> None:
    first = await checks.check(path, model="gpt-4o-mini", workers=0)
    second = await checks.check(path, model="gpt-4o-mini", workers=0)

    assert (first.from_cache, second.from_cache) == (False, True)
    assert second.report == first.report


async def test_asking_for_a_new_check_gets_one(path: Path, checks: Checks) -> None:
    await checks.check(path, workers=0)

    assert not (await checks.check(path, workers=0, anew=True)).from_cache


def append(path: Path) -> None:
    with path.open("a") as file:
        file.write("{}\n")


def same_size_and_times(path: Path) -> None:
    before = path.stat()
    path.write_bytes(path.read_bytes().replace(b"Answer", b"answer"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def replaced(path: Path) -> None:
    before = path.stat()
    other = path.with_name("other")
    shutil.copy2(path, other)
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(path)


@pytest.mark.parametrize("change", [append, same_size_and_times, replaced, os.utime])
async def test_any_change_of_the_file_is_noticed(path: Path, checks: Checks, change: Callable[[Path], None]) -> None:
    await checks.check(path, workers=0)
    change(path)

    assert not (await checks.check(path, workers=0)).from_cache


async def test_every_option_has_a_report_of_its_own(path: Path, tmp_path: Path, checks: Checks) -> None:
    beside = write(tmp_path / "valid.jsonl", 3, "Other")
    await checks.check(path, workers=0)
    found = [
        await checks.check(path, model="gpt-3.5-turbo", workers=0),
        await checks.check(path, data_format=DataFormat.COMPLETION, workers=0),
        await checks.check(path, whole=False, workers=0),
        await checks.check(path, valid_path=beside, workers=0),
    ]
    append(beside)
    found.append(await checks.check(path, valid_path=beside, workers=0))

    assert not any(entry.from_cache for entry in found)
    assert (await checks.check(path, workers=0)).from_cache


async def test_other_rules_or_another_version_make_reports_anew(
    path: Path, checks: Checks, monkeypatch: pytest.MonkeyPatch
) -> None:
    await checks.check(path, workers=0)
    monkeypatch.setattr(report_cache, "__version__", "999")
    newer = await checks.check(path, workers=0)
    monkeypatch.setattr(report_cache, "_rules", lambda: "others")
    ruled = await checks.check(path, workers=0)

    assert (newer.from_cache, ruled.from_cache) == (False, False)


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"\xff", b'{"file": 1}', b"[" * 100_000])
async def test_a_damaged_entry_is_as_if_absent(path: Path, checks: Checks, tmp_path: Path, damage: bytes) -> None:
    first = await checks.check(path, workers=0)
    (entry,) = (tmp_path / "cache").iterdir()
    entry.write_bytes(damage)
    second = await checks.check(path, workers=0)

    assert not second.from_cache
    assert second.report.findings == first.report.findings
    assert (await checks.check(path, workers=0)).from_cache


async def test_what_is_kept_is_private_and_holds_no_secret(path: Path, checks: Checks, tmp_path: Path) -> None:
    write(path, 12, f"The key is {SECRET} and")
    report = (await checks.check(path, workers=0)).report
    (entry,) = (tmp_path / "cache").iterdir()

    assert "api-key" in {group.code for group in report.findings}
    assert stat.S_IMODE(entry.stat().st_mode) == 0o600
    assert stat.S_IMODE(entry.parent.stat().st_mode) == 0o700
    assert SECRET not in entry.read_text()


async def test_a_file_that_was_just_written_is_checked_again(path: Path, tmp_path: Path) -> None:
    async with Checks(tmp_path / "cache") as checks:
        await checks.check(path, workers=0)

    assert not (tmp_path / "cache").exists()


async def test_only_so_many_are_kept_and_the_longest_unused_goes(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_cache, "_KEPT", 3)
    cache = ReportCache(tmp_path / "cache", lambda: time.time() + 3600)
    report: Report = await validate(path, workers=0)
    standings = [cache.standing(Question(path, None, model, None, True, RowLimits())) for model in "abcd"]
    for age, standing in enumerate(standings):
        assert standing is not None
        assert standing.settled
        cache.keep(standing, report)
        os.utime(tmp_path / "cache" / f"{standing.key}.json", (age, age))
    found = [standing is not None and cache.find(standing) is not None for standing in standings]

    assert found == [False, True, True, True]


async def test_a_folder_that_takes_nothing_costs_only_time(path: Path, tmp_path: Path, later: None) -> None:
    del later
    (tmp_path / "cache").write_text("no folder")
    async with Checks(tmp_path / "cache") as checks:
        reports = [await checks.check(path, workers=0) for _ in range(2)]

    assert [entry.from_cache for entry in reports] == [False, False]
