from __future__ import annotations

import json
import os
import pty
import shlex
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

from fttui.domain.dataset.rules.catalogue import RULES
from fttui_program import PROGRAM, fttui

ROBOT = {"role": "robot", "content": "x"}


def write(path: Path, rows: int, *, wrong: int | None = None, system: bool = True) -> Path:
    lines = []
    for number in range(1, rows + 1):
        messages: list[dict[str, object]] = [{"role": "system", "content": "Be brief."}] if system else []
        messages += [{"role": "user", "content": f"Question {number}?"}, {"role": "assistant", "content": "Answer."}]
        if number == wrong:
            messages[-2] = {**ROBOT, "content": "\x1b[31mred\x1b[0m"}
            messages[-1]["\x1b]0;title\x07"] = 1
        lines.append(json.dumps({"messages": messages}))
    path.write_text("\n".join(lines) + "\n")
    return path


def test_json_has_the_promised_keys_and_values(tmp_path: Path) -> None:
    path = write(tmp_path / "data.jsonl", 12, wrong=3)
    ran = fttui("check", str(path), "--model", "gpt-4o-mini", "--json")
    answer = json.loads(ran.stdout)

    assert list(answer) == [
        "file",
        "format",
        "examples",
        "valid_examples",
        "profile",
        "offsets_in",
        "findings",
        "tokens",
        "training",
        "epochs",
        "cost",
        "seconds",
        "from_cache",
        "lifecycle",
    ]
    assert (answer["file"], answer["format"]) == (str(path), "chat")
    assert (answer["examples"], answer["valid_examples"]) == (12, 11)
    finding = answer["findings"][0]
    assert list(finding) == ["code", "severity", "count", "message", "service_says", "examples"]
    assert (finding["code"], finding["severity"], finding["count"]) == ("unknown-role", "error", 1)
    assert finding["examples"][0]["line"] == 3
    assert finding["examples"][0]["path"] == "messages[1].role"
    assert list(answer["tokens"]) == [
        "encoding",
        "exact",
        "total",
        "billable",
        "max",
        "mean",
        "p50",
        "p95",
        "truncated_examples",
    ]
    assert (answer["tokens"]["encoding"], answer["tokens"]["exact"]) == ("o200k_base", True)
    assert answer["epochs"] == {"auto": 9}
    assert list(answer["cost"]) == ["model", "low", "high", "currency", "prices_checked", "free"]
    assert answer["cost"]["low"] <= answer["cost"]["high"]
    assert ran.returncode == 1


@pytest.mark.parametrize(
    ("wrong", "options", "code"),
    [
        pytest.param(3, [], 1, id="errors fail"),
        pytest.param(3, ["--fail-on", "never"], 0, id="unless nothing does"),
        pytest.param(None, [], 0, id="a good file is good"),
        pytest.param(None, ["--fail-on", "warning"], 0, id="information never fails"),
    ],
)
def test_the_exit_code_follows_the_worst_finding(
    tmp_path: Path, wrong: int | None, options: list[str], code: int
) -> None:
    assert fttui("check", str(write(tmp_path / "data.jsonl", 12, wrong=wrong)), *options).returncode == code


def test_warnings_fail_when_asked(tmp_path: Path) -> None:
    path = write(tmp_path / "data.jsonl", 12)
    path.write_text(path.read_text() + path.read_text().splitlines()[0] + "\n")

    assert fttui("check", str(path)).returncode == 0
    assert fttui("check", str(path), "--fail-on", "warning").returncode == 1


@pytest.mark.parametrize("name", ["missing.jsonl", "folder", "a\nb.jsonl"])
def test_what_cannot_be_read_is_told_in_words_with_exit_code_2(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    ran = fttui("check", str(tmp_path / name))

    assert ran.returncode == 2
    assert ran.stdout == ""
    assert "Traceback" not in ran.stderr
    assert "cannot be read" in ran.stderr


def test_without_a_file_the_use_is_wrong() -> None:
    assert fttui("check").returncode == 2


def test_a_pipe_gets_plain_text_and_nothing_hostile(tmp_path: Path) -> None:
    ran = fttui("check", str(write(tmp_path / "data.jsonl", 12, wrong=3)))

    assert "\x1b" not in ran.stdout
    assert "unknown-role × 1" in ran.stdout
    assert "messages[1].role" in ran.stdout
    assert "Not ready: 2 errors" in ran.stdout


def on_a_terminal(*words: str, environ: dict[str, str]) -> str:
    """Run a command on a terminal of its own; return what it wrote there."""
    terminal, program_side = pty.openpty()
    process = subprocess.Popen(
        [*PROGRAM, *words],
        env={**os.environ, "TERM": "xterm-256color", **environ},
        stdin=program_side,
        stdout=program_side,
        stderr=program_side,
        start_new_session=True,
    )
    os.close(program_side)
    written = b""
    while True:
        try:
            block = os.read(terminal, 65536)
        except OSError:
            # Linux says so when the last program has left the terminal.
            break
        written += block
    os.close(terminal)
    process.wait()
    return written.decode()


def test_a_terminal_gets_colour_but_not_the_files_own(tmp_path: Path) -> None:
    written = on_a_terminal("check", str(write(tmp_path / "data.jsonl", 12, wrong=3)), environ={})

    assert "\x1b[31m" in written
    assert "\x1b]0;title" not in written


@pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_that_wants_no_colour_gets_none(tmp_path: Path, environ: dict[str, str]) -> None:
    assert "\x1b" not in on_a_terminal("check", str(write(tmp_path / "data.jsonl", 12, wrong=3)), environ=environ)


def test_the_validation_file_is_reported_along(tmp_path: Path) -> None:
    training, held_out = write(tmp_path / "t.jsonl", 12), write(tmp_path / "v.jsonl", 3, wrong=2)
    ran = fttui("check", str(training), "--valid", str(held_out), "--json")
    answer = json.loads(ran.stdout)

    assert answer["valid"]["examples"] == 3
    assert {finding["code"]: finding["count"] for finding in answer["findings"]}["leaked-example"] == 2
    assert ran.returncode == 1


def test_rules_are_listed_with_severity_source_and_alias() -> None:
    listed = json.loads(fttui("check", "--list-rules", "--json").stdout)["rules"]

    assert [rule["code"] for rule in listed] == [rule.code for rule in RULES]
    assert all(rule["severity"] in {"error", "warning", "info"} and rule["source"] for rule in listed)
    assert {rule["code"]: rule["alias"] for rule in listed}["unknown-role"] == "unrecognized_role"
    assert "unknown-role" in fttui("check", "--list-rules").stdout


def test_a_model_of_another_family_makes_the_count_an_estimate(tmp_path: Path) -> None:
    path = write(tmp_path / "data.jsonl", 12)
    answer = json.loads(fttui("check", str(path), "--model", "a-local-model", "--json").stdout)

    assert answer["tokens"]["exact"] is False
    assert answer["cost"] is None


def test_a_large_file_is_checked_by_workers(tmp_path: Path) -> None:
    path = write(tmp_path / "data.jsonl", 60_000)
    assert path.stat().st_size > 8 * 1024 * 1024
    ran = fttui("check", str(path), "--json")

    assert json.loads(ran.stdout)["examples"] == 60_000
    assert ran.returncode == 0


def test_a_second_check_of_a_file_that_lies_still_comes_from_the_cache_and_says_so() -> None:
    path = str(files("fttui.samples").joinpath("smart-home.train.jsonl"))
    ran = [fttui("check", path), fttui("check", path), fttui("check", path, "--no-cache")]
    answers = [json.loads(fttui("check", path, "--json", *more).stdout) for more in ((), ("--no-cache",))]

    assert ["From the cache" in entry.stderr for entry in ran] == [False, True, False]
    assert ran[0].stdout == ran[1].stdout
    assert [answer["from_cache"] for answer in answers] == [True, False]


def test_a_base_that_takes_no_jobs_any_more_is_no_good_to_go(tmp_path: Path) -> None:
    path = write(tmp_path / "data.jsonl", 120)

    told = fttui("check", str(path), "--model", "gpt-3.5-turbo").stdout
    lifecycle = json.loads(fttui("check", str(path), "--model", "gpt-3.5-turbo", "--json").stdout)["lifecycle"]

    assert "Good to go" not in told
    assert "no job can be started: gpt-3.5-turbo takes no jobs since 2026-10-23" in told
    assert (lifecycle["trainable"], lifecycle["shuts_down"]) == (False, "2026-10-23")
    assert lifecycle["days_left"] < 0


def test_severities_limits_and_answers_follow_the_profile(tmp_path: Path) -> None:
    path = write(tmp_path / "data.jsonl", 12)
    rows = path.read_text().splitlines()
    rows[2] = rows[2].replace('"role": "user"', '"role": "user", "name": "two words"')
    path.write_text("\n".join(rows) + "\n")
    by_openai, by_local = (
        json.loads(fttui("check", str(path), "--json", "--profile", name).stdout) for name in ("openai", "local")
    )

    assert (by_openai["profile"], by_openai["valid_examples"]) == ("openai", 11)
    assert (by_local["profile"], by_local["valid_examples"]) == ("local", 12)
    assert fttui("check", str(path), "--profile", "openai").returncode == 1
    assert fttui("check", str(path), "--profile", "local").returncode == 0
    assert fttui("check", str(path), "--profile", "local", "--fail-on", "warning").returncode == 1


def test_what_the_service_answers_stands_beside_our_finding(tmp_path: Path) -> None:
    path = write(tmp_path / "data.jsonl", 7)
    said = "invalid_n_examples: Training file has 7 example(s), but must have at least 10 examples"

    assert f"the service answers: {said}" in fttui("check", str(path)).stdout
    assert json.loads(fttui("check", str(path), "--json").stdout)["findings"][0]["service_says"] == said


def test_the_list_of_rules_tells_severities_by_provider_and_all_limits() -> None:
    listed = json.loads(fttui("check", "--list-rules", "--json").stdout)
    image = next(rule for rule in listed["rules"] if rule["code"] == "image")
    text = fttui("check", "--list-rules", "--profile", "local").stdout

    assert (image["severity"], image["severities"]["engine"], image["severities"]["azure"]) == ("info", "error", "info")
    assert (listed["limits"]["openai"]["fewest_examples"], listed["limits"]["azure"]["images_per_example"]) == (10, 64)
    assert listed["example_tokens"]["gpt-4.1"] == 65_536
    assert "error    image " in text
    assert "Limits by provider" in text


@pytest.mark.parametrize(
    ("name", "rows", "leads_to_import"),
    [
        ("问 答.csv", "问题,答案\n几点？,三点\n", True),
        ("turns.jsonl", '{"chat": [{"咨询者": "问", "ChatLAW": "答"}]}\n', True),
        ("broken.jsonl", "no json\n", False),
        ("mixed.csv", "a,b\n" + json.dumps({"messages": [ROBOT]}) + "\n", False),
    ],
)
def test_rows_that_are_no_examples_but_may_become_some_lead_to_the_import(
    tmp_path: Path, name: str, rows: str, leads_to_import: bool
) -> None:
    path = tmp_path / name
    path.write_text(rows, encoding="utf-8")

    told = fttui("check", str(path)).stdout

    assert (f"fttui import {shlex.quote(str(path))} makes training rows" in told) is leads_to_import
