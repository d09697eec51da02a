from __future__ import annotations

import asyncio
import json
import os
import signal
from pathlib import Path

import pytest

from fttui.domain.dataset.preparation.sampling import Split
from fttui.domain.errors import UnreadableFileError
from fttui.services.dataset.preparing.frames import Progress
from fttui.services.dataset.preparing.order import Order, Outcome
from fttui.services.dataset.preparing.work import PreparationStoppedError, prepare_file, survey_file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file that takes a second or so."""
    file = tmp_path / "rows.jsonl"
    row = {"messages": [{"role": "user", "content": ""}, {"role": "assistant", "content": "word " * 200}], "id": 1}
    with file.open("w") as stream:
        for number in range(4000):
            row["messages"][0]["content"] = f"question {number}"  # type: ignore[index]
            stream.write(json.dumps(row) + "\n")
    return file


async def until_writing(path: Path, task: asyncio.Task[Outcome]) -> None:
    """Wait until unfinished files lie beside the input."""
    while not list(path.parent.glob(".*.new")):
        assert not task.done()
        await asyncio.sleep(0.005)


async def test_a_process_surveys_and_writes(path: Path) -> None:
    seen: list[Progress] = []
    plan = await survey_file(Order(path), seen.append)
    outcome = await prepare_file(Order(path, split=Split(0.1)))

    assert plan.kept == 4000
    assert all(0 <= step.done <= step.total for step in seen)
    assert [output.rows for _, output in outcome.outputs] == [3600, 400]


async def test_an_error_in_the_process_comes_back_as_itself(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="No such file") as caught:
        await survey_file(Order(tmp_path / "none.jsonl"))
    assert caught.value.hint


async def test_cancelling_ends_the_process_and_leaves_nothing_behind(path: Path) -> None:
    task = asyncio.create_task(prepare_file(Order(path)))
    await until_writing(path, task)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert list(path.parent.iterdir()) == [path]


async def test_a_process_that_is_killed_is_told_and_leaves_nothing_behind(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[asyncio.subprocess.Process] = []
    start = asyncio.create_subprocess_exec

    async def remember(*words: str, **options: object) -> asyncio.subprocess.Process:
        started.append(await start(*words, **options))  # type: ignore[arg-type]  # handed through as they came
        return started[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", remember)
    task = asyncio.create_task(prepare_file(Order(path)))
    await until_writing(path, task)
    os.kill(started[0].pid, signal.SIGKILL)

    with pytest.raises(PreparationStoppedError):
        await task
    assert list(path.parent.iterdir()) == [path]
