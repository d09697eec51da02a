from __future__ import annotations

import json
from pathlib import Path

import pytest

from fttui_program import fttui


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Twenty rows of conversations, two of them alike, with a key too many."""
    rows = [
        {
            "messages": [{"role": "Human", "content": f"问题 {number}"}, {"role": "bot", "content": f"好的 {number}"}],
            "id": 1,
        }
        for number in range(20)
    ]
    file = tmp_path / "咨询.jsonl"
    file.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in [*rows, rows[0]]))
    return file


def test_the_plan_is_shown_and_nothing_is_written(path: Path) -> None:
    for words in ([], ["--plan"], ["--plan", "--all"]):
        done = fttui("prepare", str(path), *words)

        assert done.returncode == 0
        assert "[x] normalise-roles × 21 changed" in done.stdout
        assert "    - Human\n    + user\n" in done.stdout
        assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_without_a_terminal_nothing_is_asked_and_the_way_on_is_told(path: Path) -> None:
    assert "--recommended makes" in fttui("prepare", str(path)).stderr


def test_recommended_fixes_are_written_and_a_second_time_changes_nothing(path: Path) -> None:
    first = fttui("prepare", str(path), "--recommended", "--json")
    answer = json.loads(first.stdout)
    (output,) = answer["outputs"]

    assert (answer["rows"], answer["kept"], output["rows"]) == (21, 20, 20)
    assert Path(answer["manifest"]).name == "咨询_prepared.manifest.json"
    again = json.loads(fttui("prepare", output["file"], "--recommended", "--json").stdout)
    assert (again["changes"], again["outputs"], again["manifest"]) == (False, [], None)
    same = json.loads(fttui("prepare", str(path), "--recommended", "--json").stdout)
    assert (same["repeated"], same["outputs"]) == (True, answer["outputs"])


def test_single_fixes_are_accepted_and_declined(path: Path) -> None:
    done = fttui("prepare", str(path), "--accept", "normalise-roles,drop-duplicates", "--json")
    accepted = {fix["code"]: fix["accepted"] for fix in json.loads(done.stdout)["fixes"]}

    assert accepted["normalise-roles"]
    assert accepted["drop-duplicates"]
    assert not accepted["remove-unknown-keys"]
    done = fttui("prepare", str(path), "--all", "--decline", "drop-duplicates", "--json")
    assert json.loads(done.stdout)["kept"] == 21


def test_a_split_is_written_where_one_says_and_check_finds_no_error(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = fttui(
        "prepare", str(path), "--all", "--split", "20%", "--split-by", "random", "--seed", "3", "--out", str(out)
    )

    assert done.returncode == 0
    assert {entry.name for entry in out.iterdir()} == {
        "咨询_prepared_train.jsonl",
        "咨询_prepared_valid.jsonl",
        "咨询_prepared.manifest.json",
    }
    checked = fttui("check", str(out / "咨询_prepared_train.jsonl"), "--valid", str(out / "咨询_prepared_valid.jsonl"))
    assert checked.returncode == 0, checked.stdout


def test_a_system_prompt_is_added_on_the_command_line(path: Path) -> None:
    done = fttui("prepare", str(path), "--recommended", "--system", "你是法律顾问。", "--json")
    written = Path(json.loads(done.stdout)["outputs"][0]["file"]).read_text().split("\n")

    assert json.loads(written[0])["messages"][0] == {"role": "system", "content": "你是法律顾问。"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--accept", "no-such-fix"], "no-such-fix"),
        (["--all", "--split", "lots"], "neither a share nor a number"),
        (["--accept", "add-system-prompt"], "--system TEXT"),
    ],
)
def test_wrong_use_is_told_and_ends_with_2(path: Path, words: list[str], told: str) -> None:
    done = fttui("prepare", str(path), *words)

    assert done.returncode == 2
    assert told in done.stderr


def test_a_file_that_is_not_there_ends_with_2(tmp_path: Path) -> None:
    assert fttui("prepare", str(tmp_path / "none.jsonl"), "--all").returncode == 2


def test_every_fix_is_listed_with_its_reason() -> None:
    fixes = json.loads(fttui("prepare", "--list-fixes", "--json").stdout)["fixes"]

    assert {"drop-duplicates", "redact-secrets", "add-prompt-separator"} <= {fix["code"] for fix in fixes}
    assert all(fix["title"] and fix["why"] for fix in fixes)
    assert "always" in fttui("prepare", "--list-fixes").stdout
