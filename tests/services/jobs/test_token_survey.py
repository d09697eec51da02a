"""Counting a training file for estimates: real files, real vocabularies, real processes."""

from __future__ import annotations

import asyncio
import json
from asyncio.subprocess import Process
from pathlib import Path
from typing import Any

import pytest

from estimate_rows import PROMPT, TOOL, instructed_row, lamps, plain_row, write_rows
from fttui.domain.dataset.record import DataFormat
from fttui.domain.errors import UnreadableFileError
from fttui.domain.jobs.token_survey import TokenSurvey, count_for
from fttui.services.dataset.validation import validate
from fttui.services.jobs import token_survey
from fttui.services.jobs.survey_wire import read_survey, survey_value
from fttui.services.jobs.token_survey import SurveyError, SurveyMemory, survey_file

NEW, OLD, MINI = "gpt-4.1-2025-04-14", "gpt-3.5-turbo", "gpt-4o-mini-2024-07-18"
PICTURE = {"type": "image_url", "image_url": {"url": "https://x.test/a.png", "detail": "high"}}


def rows_of_all_kinds() -> list[dict[str, object]]:
    shown = {"role": "user", "content": [{"type": "text", "text": "What is this?"}, PICTURE]}
    called = {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "c", "type": "function", "function": {"name": "set_lamp", "arguments": '{"on": true}'}}],
    }
    answered = {"role": "tool", "tool_call_id": "c", "content": "done"}
    done = {"role": "assistant", "content": "It is on."}
    ask = {"role": "user", "content": "Switch it on", "name": "ada"}
    return [
        plain_row(3),
        instructed_row(1),
        instructed_row(2, tools=True),
        {"messages": [shown, done]},
        {"messages": [ask, called, answered, done], "tools": [TOOL]},
    ]


@pytest.mark.parametrize("model", [NEW, OLD, MINI])
async def test_counts_are_those_of_the_report(tmp_path: Path, model: str) -> None:
    path = write_rows(tmp_path / "a.jsonl", rows_of_all_kinds())
    report = await validate(path, model=model, workers=0, whole=False)
    count = count_for(await survey_file(path, [NEW, OLD, MINI]), model)

    assert report.tokens is not None
    assert (count.encoding, count.total, count.billable) == (
        report.tokens.encoding,
        report.tokens.total,
        report.tokens.billable,
    )
    assert (count.uncertain, count.exact) == (report.tokens.uncertain, report.tokens.exact)


async def test_each_encoding_is_counted_once_for_all_models(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.jsonl", [plain_row()])

    assert (await survey_file(path, [NEW, MINI, NEW])).encodings == ("o200k_base",)
    assert (await survey_file(path, [NEW, OLD, MINI])).encodings == ("o200k_base", "cl100k_base")


async def test_what_rows_repeat_is_found_with_its_tokens(tmp_path: Path) -> None:
    path = lamps(tmp_path / "a.jsonl", 20, tools=True)
    survey = await survey_file(path, [NEW, OLD])
    shared = survey.shared()

    assert shared.system is not None
    assert (shared.system.rows, shared.system.words) == (20, PROMPT[:200])
    assert shared.tools is not None
    assert shared.tools.words == "set_lamp"
    full, short = count_for(survey, NEW), count_for(survey, NEW, shared)
    assert full.total - short.total == 20 * shared.tokens("o200k_base")
    assert full.prompt is not None
    assert short.prompt == pytest.approx(full.prompt - shared.tokens("o200k_base"))
    # A row without system prompt and tools has as many tokens as is reckoned for one that lost them.
    bare = [{"messages": row["messages"][1:]} for row in map(json.loads, path.read_text().splitlines())]
    alone = await survey_file(write_rows(tmp_path / "b.jsonl", bare), [NEW])
    assert count_for(alone, NEW).total == short.total


async def test_different_prompts_are_not_shared(tmp_path: Path) -> None:
    rows = [
        {"messages": [{"role": "system", "content": f"Prompt {place}"}, *plain_row()["messages"]]}  # type: ignore[misc]
        for place in range(300)
    ]
    survey = await survey_file(write_rows(tmp_path / "a.jsonl", rows), [NEW])

    assert not survey.shared()
    assert len(survey.systems) == 256
    assert survey.usable == 300


async def test_rows_with_errors_are_not_counted(tmp_path: Path) -> None:
    good = plain_row()
    path = write_rows(tmp_path / "a.jsonl", [good, {"messages": []}, good])
    path.write_text(path.read_text() + "no json\n\n")
    survey = await survey_file(path, [NEW])

    assert (survey.examples, survey.usable) == (4, 2)
    assert count_for(survey, NEW).total == 2 * (4 + 1 + 4 + 1)


@pytest.mark.parametrize(
    ("row", "kind", "answer"),
    [
        ({"prompt": "yes yes", "completion": " no"}, DataFormat.COMPLETION, 1),
        (
            {
                "input": {"messages": [{"role": "user", "content": "yes"}]},
                "preferred_output": [{"role": "assistant", "content": "yes yes"}],
                "non_preferred_output": [{"role": "assistant", "content": "no"}],
            },
            DataFormat.PREFERENCE,
            2,
        ),
        ({"messages": [{"role": "user", "content": "yes"}], "reference": "no"}, DataFormat.REINFORCEMENT, None),
    ],
)
async def test_other_formats_tell_what_a_request_would_be(
    tmp_path: Path, row: dict[str, object], kind: DataFormat, answer: int | None
) -> None:
    survey = await survey_file(write_rows(tmp_path / "a.jsonl", [row] * 3), [NEW])

    assert survey.format is kind
    assert count_for(survey, NEW).answer == answer


async def test_processes_count_what_a_thread_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_rows(tmp_path / "a.jsonl", rows_of_all_kinds() * 60)
    here = await survey_file(path, [NEW, OLD, MINI])
    monkeypatch.setattr(token_survey, "_SMALL_FILE", 20_000)
    told: list[tuple[int, int]] = []
    there = await survey_file(path, [NEW, OLD, MINI], lambda done, total: told.append((done, total)))

    assert there == here
    assert told[-1] == (path.stat().st_size,) * 2


async def test_stopping_ends_the_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_rows(tmp_path / "a.jsonl", rows_of_all_kinds() * 2000)
    monkeypatch.setattr(token_survey, "_SMALL_FILE", 20_000)
    started: list[Process] = []

    async def start(*words: str, **options: Any) -> Process:
        started.append(await asyncio.create_subprocess_exec(*words, **options))
        return started[-1]

    monkeypatch.setattr(token_survey, "create_subprocess_exec", start)
    begun = asyncio.Event()
    work = asyncio.create_task(survey_file(path, [NEW, OLD], lambda _done, _total: begun.set()))
    await begun.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work

    assert started
    assert None not in [one.returncode for one in started]


async def test_a_process_that_is_gone_is_said_and_takes_the_others_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_rows(tmp_path / "a.jsonl", rows_of_all_kinds() * 2000)
    monkeypatch.setattr(token_survey, "_SMALL_FILE", 20_000)
    started: list[Process] = []

    async def start(*words: str, **options: Any) -> Process:
        started.append(await asyncio.create_subprocess_exec(*words, **options))
        if len(started) == 1:
            started[0].kill()
        return started[-1]

    monkeypatch.setattr(token_survey, "create_subprocess_exec", start)
    with pytest.raises(SurveyError, match="is gone"):
        await survey_file(path, [NEW])

    assert None not in [one.returncode for one in started]


async def test_a_file_is_counted_once_for_as_long_as_it_stays_as_it_is(tmp_path: Path) -> None:
    memory, path = SurveyMemory(), write_rows(tmp_path / "a.jsonl", [plain_row()] * 3)
    first = await memory.survey(path, [NEW])

    assert await memory.survey(path, [NEW]) is first
    assert await memory.survey(path, [NEW], anew=True) is not first
    assert (await memory.survey(path, [OLD])).encodings == ("cl100k_base",)
    write_rows(path, [plain_row()] * 5)
    assert (await memory.survey(path, [NEW])).usable == 5


async def test_a_file_that_changes_while_it_is_counted_is_noticed_and_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_rows(tmp_path / "a.jsonl", rows_of_all_kinds() * 200)
    monkeypatch.setattr(token_survey, "_SMALL_FILE", 20_000)
    memory = SurveyMemory()

    def grow(_done: int, _total: int) -> None:
        path.write_text(path.read_text() + "\n")

    assert (await memory.survey(path, [NEW], grow)).changed
    again = await memory.survey(path, [NEW])
    assert not again.changed
    assert await memory.survey(path, [NEW]) is again


async def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError):
        await survey_file(tmp_path / "gone.jsonl", [NEW])


async def test_a_survey_comes_back_from_json_as_it_was(tmp_path: Path) -> None:
    survey = await survey_file(write_rows(tmp_path / "a.jsonl", rows_of_all_kinds()), [NEW, OLD])

    assert read_survey(json.loads(json.dumps(survey_value(survey)))) == survey
    assert isinstance(survey, TokenSurvey)
