from __future__ import annotations

import asyncio
import json
import os
import signal
from pathlib import Path

import pytest

from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.report import Report
from fttui.services.dataset import processes
from fttui.services.dataset.processes import WorkerDiedError
from fttui.services.dataset.validation import ValidationProgress, validate

SYSTEM = {"role": "system", "content": "Be brief."}


def row(number: int, role: str = "user", padding: int = 0) -> bytes:
    answer = {"role": "assistant", "content": f"Answer {number}. " + "word " * padding}
    messages = [SYSTEM, {"role": role, "content": f"Question {number}?"}, answer]
    return json.dumps({"messages": messages}).encode() + b"\n"


def write(path: Path, rows: int, *, wrong_every: int = 0, padding: int = 0) -> Path:
    with path.open("wb") as file:
        for number in range(1, rows + 1):
            wrong = bool(wrong_every) and number % wrong_every == 0
            file.write(row(number, "robot" if wrong else "user", padding))
    return path


def without_time(report: Report) -> dict[str, object]:
    return {name: getattr(report, name) for name in Report.__slots__ if name != "seconds"}


async def test_processes_and_a_thread_come_to_the_same_verdict(tmp_path: Path) -> None:
    path = write(tmp_path / "data.jsonl", 4000, wrong_every=7, padding=60)
    here = await validate(path, model="gpt-4o-mini", workers=0)
    there = await validate(path, model="gpt-4o-mini", workers=3)

    assert path.stat().st_size > 3 * processes.SMALLEST_STRETCH
    assert without_time(here) == without_time(there)
    assert here.examples == 4000
    assert here.valid_examples == 4000 - 4000 // 7


async def test_findings_come_in_order_with_the_first_in_full_and_all_counted(tmp_path: Path) -> None:
    report = await validate(write(tmp_path / "data.jsonl", 4000, wrong_every=3, padding=60), workers=2)
    group = next(group for group in report.findings if group.code == "unknown-role")

    assert group.count == 4000 // 3
    assert [finding.line for finding in group.examples] == [3 * number for number in range(1, 21)]


async def test_progress_grows_to_the_whole_file(tmp_path: Path) -> None:
    path = write(tmp_path / "data.jsonl", 4000, padding=60)
    seen: list[ValidationProgress] = []
    await validate(path, progress=seen.append, workers=2)

    assert [entry.bytes_done for entry in seen] == sorted({entry.bytes_done for entry in seen})
    assert (seen[-1].bytes_done, seen[-1].bytes_total) == (path.stat().st_size, path.stat().st_size)
    assert seen[-1].examples == 4000


async def test_a_cancelled_validation_leaves_no_process_behind(tmp_path: Path) -> None:
    path = write(tmp_path / "data.jsonl", 30_000, padding=200)
    begun = asyncio.Event()
    others = set(descendants())
    work = asyncio.create_task(validate(path, progress=lambda _: begun.set(), workers=2))
    await begun.wait()
    children = [process for process in descendants() if process not in others]
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work

    assert len(children) >= 3
    await all_gone(children)


async def test_a_worker_that_is_killed_is_told_in_words(tmp_path: Path) -> None:
    path = write(tmp_path / "data.jsonl", 30_000, padding=200)
    begun = asyncio.Event()
    others = set(descendants())
    work = asyncio.create_task(validate(path, progress=lambda _: begun.set(), workers=2))
    await begun.wait()
    children = [process for process in descendants() if process not in others]
    os.kill(max(children), signal.SIGKILL)
    with pytest.raises(WorkerDiedError, match="signal 9"):
        await work

    await all_gone(children)


async def all_gone(processes: list[int]) -> None:
    """Let the killed be buried, or fail by the time limit."""
    async with asyncio.timeout(60):
        while any(alive(process) for process in processes):
            await asyncio.to_thread(os.sched_yield)


def descendants() -> list[int]:
    """Processes under this one, at any depth."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found = [os.getpid()]
    for process in found:
        found += [child for child, parent in parents.items() if parent == process]
    return found[1:]


def alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


async def test_what_stands_in_both_files_is_found_and_both_reports_come(tmp_path: Path) -> None:
    training, held_out = tmp_path / "train.jsonl", tmp_path / "valid.jsonl"
    training.write_bytes(b"".join(row(number) for number in range(20)))
    held_out.write_bytes(b"".join(row(number) for number in (50, 4, 51)))
    report = await validate(training, valid_path=held_out, workers=0)
    leaked = next(group for group in report.findings if group.code == "leaked-example")

    assert [(finding.line, finding.message[:7]) for finding in leaked.examples] == [(5, "Line 2 ")]
    assert report.valid is not None
    assert (report.valid.examples, report.valid.epochs) == (3, None)
    assert "too-few-examples" not in {group.code for group in report.valid.findings}


async def test_a_file_that_changes_meanwhile_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "data.jsonl", 20)

    def touch(_: ValidationProgress) -> None:
        os.utime(path, ns=(1, 1))

    report = await validate(path, progress=touch, workers=0)

    assert "file-changed" in {group.code for group in report.findings}


async def test_examples_beyond_the_models_limit_are_told_and_billed_up_to_it(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_bytes(b"".join(row(number) for number in range(10)) + row(99, padding=20_000))
    report = await validate(path, model="gpt-3.5-turbo", workers=0)
    (group,) = [group for group in report.findings if group.code == "long-example"]

    assert [finding.line for finding in group.examples] == [11]
    assert report.tokens is not None
    assert report.tokens.encoding == "cl100k_base"
    assert report.tokens.truncated_examples == 1
    assert report.tokens.total - report.tokens.billable == report.tokens.per_example.maximum - 16_385


async def test_a_line_over_the_cap_is_told_and_reading_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    with path.open("wb") as file:
        file.write(row(1) + b'{"messages": "' + b"x" * (17 * 1024 * 1024) + b'"}\n' + row(2))
    report = await validate(path, workers=2)
    (group,) = [group for group in report.findings if group.code == "line-too-long"]

    assert [finding.line for finding in group.examples] == [2]
    assert (report.examples, report.valid_examples) == (3, 2)


async def test_a_huge_file_without_a_line_end_is_read_in_blocks(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    with path.open("wb") as file:
        file.truncate(2 * 1024**3)
    report = await validate(path, workers=2)

    assert {group.code for group in report.findings} >= {"line-too-long"}
    assert report.examples == 1


async def test_a_million_spaces_and_special_text_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    awkward = [SYSTEM, {"role": "user", "content": " " * 1_200_000 + "x"}]
    message = {"messages": [*awkward, {"role": "assistant", "content": "<|endoftext|>"}]}
    path.write_bytes(json.dumps(message).encode())
    by_thread = await validate(path, workers=0)
    by_process = await validate(path, workers=1)

    assert by_thread.valid_examples == 1
    assert without_time(by_thread) == without_time(by_process)


async def test_tools_and_models_of_other_encodings_make_counts_an_estimate(tmp_path: Path) -> None:
    plain, tools = tmp_path / "plain.jsonl", tmp_path / "tools.jsonl"
    plain.write_bytes(row(1))
    tools.write_bytes(
        row(1).replace(b'{"messages"', b'{"tools": [{"type": "function", "function": {"name": "f"}}], "messages"')
    )
    exact = [
        report.tokens is not None and report.tokens.exact
        for report in (
            await validate(plain, model="gpt-4.1", workers=0),
            await validate(tools, model="gpt-4.1", workers=0),
            await validate(plain, model="some-small-model", workers=0),
        )
    ]

    assert exact == [True, False, False]


async def test_a_format_that_is_asked_for_holds_for_all_rows(tmp_path: Path) -> None:
    path = write(tmp_path / "data.jsonl", 12)
    report = await validate(path, data_format=DataFormat.COMPLETION, workers=0)

    assert report.format is DataFormat.COMPLETION
    assert [(group.code, group.count) for group in report.findings if group.code == "mixed-formats"] == [
        ("mixed-formats", 12)
    ]


async def test_a_mark_at_the_beginning_of_a_later_stretch_is_an_error(tmp_path: Path) -> None:
    rows = [row(number, padding=40) for number in range(4000)]
    begin = next(at for at in range(1, 4000) if sum(map(len, rows[:at])) > processes.SMALLEST_STRETCH)
    path = tmp_path / "data.jsonl"
    path.write_bytes(b"".join(rows[:begin]) + b"".join(b"\xef\xbb\xbf" + entry for entry in rows[begin:]))
    report = await validate(path, workers=2)

    assert [(group.code, group.count) for group in report.findings] == [("invalid-json", 4000 - begin)]
