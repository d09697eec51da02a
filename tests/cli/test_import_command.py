from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from pathlib import Path

import pytest

from fttui_program import fttui

TABLE = "编号,问题,答案\n007,一个外国人投敌叛变？,以共犯论处。\n008,,空\n009,有人开闸放水？,赔偿损失。\n"


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "法律.csv").write_text(TABLE, encoding="gb18030")
    return tmp_path / "法律.csv"


def rows(path: Path) -> list[list[str]]:
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [[message["content"] for message in row["messages"]] for row in found]


def test_a_known_shape_is_imported_beside_the_source_and_told(table: Path) -> None:
    done = fttui("import", str(table), "--system", "你是{律师}。")

    assert done.returncode == 0, done.stderr
    assert "Questions and answers" in done.stderr
    assert "问题 asks, 答案 answers" in done.stderr
    assert "GB18030" in done.stdout
    assert "3 rows read, 2 made, 1 skipped" in done.stdout
    assert "nothing is asked: line 3" in done.stdout
    assert rows(table.with_name("法律.chat.jsonl"))[0] == ["你是{律师}。", "一个外国人投敌叛变？", "以共犯论处。"]


def test_a_plan_writes_nothing_and_shows_the_first_rows(table: Path) -> None:
    done = fttui("import", str(table), "--plan", "--json")
    plan = json.loads(done.stdout)

    assert plan["rows"] == {"read": 3, "made": 2, "written": 2}
    assert (plan["out"], plan["would_write"]) == (None, str(table.with_name("法律.chat.jsonl")))
    assert plan["shape"]["name"] == "question-answer"
    assert plan["mapping"][1] == {"key": "user", "value": "{问题}"}
    assert plan["skipped"] == [{"reason": "nothing is asked", "count": 1, "lines": [{"number": 3, "file": ""}]}]
    assert plan["preview"][0]["messages"][1]["content"] == "以共犯论处。"
    assert [path.name for path in table.parent.iterdir()] == ["法律.csv"]


def test_a_shape_that_is_not_sure_is_refused_with_candidates_that_work(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("one,two\nq,a\n")
    refused = fttui("import", str(tmp_path / "a.csv"))

    assert refused.returncode == 2
    assert refused.stdout == ""
    candidate = next(line for line in refused.stderr.splitlines() if "--map" in line)
    done = fttui("import", str(tmp_path / "a.csv"), *shlex.split(candidate))
    assert done.returncode == 0, done.stderr
    assert rows(tmp_path / "a.chat.jsonl") == [["q", "a"]]


def test_an_own_mapping_filters_draws_and_fills(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y,n\n" + "".join(f"q{n},,{n}\n" for n in range(20)))
    settings = ("user={x}", r"assistant={y}\n[[{n}!]]", "default.y=none")
    maps = [word for setting in settings for word in ("--map", setting)]
    out = tmp_path / "sub.jsonl"
    done = fttui(
        "import",
        str(tmp_path / "a.csv"),
        *maps,
        "--where",
        "n >= 10",
        "--sample",
        "3",
        "--seed",
        "4",
        "--out",
        str(out),
    )

    assert done.returncode == 0, done.stderr
    assert "20 rows read, 10 made, 3 drawn, 10 skipped" in done.stdout
    assert len(rows(out)) == 3
    assert all(answer == f"none\n{asked[1:]}!" for asked, answer in rows(out))


def test_a_mapping_is_kept_listed_and_used_again(table: Path) -> None:
    kept = fttui("import", str(table), "--where", "编号 = 007", "--save", "法律", "--plan")
    assert kept.returncode == 0, kept.stderr
    assert json.loads(fttui("import", "--list-maps", "--json").stdout) == {"mappings": ["法律"]}

    done = fttui("import", str(table), "--map", "法律", "--map", "system=s")
    assert done.returncode == 0, done.stderr
    assert rows(table.with_name("法律.chat.jsonl")) == [["s", "一个外国人投敌叛变？", "以共犯论处。"]]

    assert fttui("import", "--forget", "法律").returncode == 0
    assert fttui("import", "--forget", "法律").returncode == 2
    assert json.loads(fttui("import", "--list-maps", "--json").stdout) == {"mappings": []}


def test_a_mapping_can_be_a_file(table: Path) -> None:
    mapping = {"fttui_mapping": 1, "settings": {"to": "completion", "prompt": "{问题} ->", "completion": " {答案}"}}
    Path("m.json").write_text(json.dumps(mapping))
    done = fttui("import", str(table), "--map", "m.json", "--out", "out.jsonl")

    assert done.returncode == 0, done.stderr
    first = json.loads(Path("out.jsonl").read_text().splitlines()[0])
    assert first == {"prompt": "一个外国人投敌叛变？ ->", "completion": " 以共犯论处。"}


def test_the_same_columns_become_prompt_and_completion(table: Path) -> None:
    done = fttui("import", str(table), "--to", "completion")

    assert done.returncode == 0, done.stderr
    first = json.loads(table.with_name("法律.completion.jsonl").read_text().splitlines()[0])
    assert first == {"prompt": "一个外国人投敌叛变？", "completion": "以共犯论处。"}


def test_nobody_is_asked_and_nothing_replaced_without_a_terminal(table: Path) -> None:
    out = table.with_name("法律.chat.jsonl")
    out.write_text("precious")
    refused = fttui("import", str(table))

    assert (refused.returncode, out.read_text()) == (2, "precious")
    assert "--yes" in refused.stderr
    assert fttui("import", str(table), "--yes").returncode == 0
    assert len(rows(out)) == 2


WRONG: Mapping[str, tuple[tuple[str, ...], str]] = {
    "no file": ((), "Missing argument"),
    "absent": (("absent.csv",), "cannot be read"),
    "a setting that is none": (("法律.csv", "--map", "colour=red"), "no setting colour"),
    "a mapping that is none": (("法律.csv", "--map", "absent"), "no mapping called absent"),
    "half a mapping": (("法律.csv", "--map", "user={问题}"), "where the answers come from"),
    "a broken template": (("法律.csv", "--map", "assistant={问题"), "brace"),
    "an encoding that is none": (("法律.csv", "--encoding", "klingon"), "no encoding"),
    "the wrong encoding": (("法律.csv", "--encoding", "ascii"), "not ASCII throughout"),
    "two delimiters": (("法律.csv", "--delimiter", "::"), "one character"),
    "the source as result": (("法律.csv", "--out", "法律.csv", "--yes"), "what is being read"),
    "a filter that takes none": (("法律.csv", "--where", "编号 = 1"), "No row was left"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_use_is_told_and_ends_with_two(table: Path, case: str) -> None:
    words, sentence = WRONG[case]
    done = fttui("import", *words)

    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert table.read_text(encoding="gb18030") == TABLE


def test_help_lists_every_setting() -> None:
    told = fttui("import", "--help").stdout

    assert "turns.speakers" in told
    assert "where" in told


def test_fields_that_no_row_has_are_named_beside_those_there_are(table: Path) -> None:
    said = ("--map", "user={question}", "--map", "assistant={答案}", "--where", "score > 3")
    planned = fttui("import", str(table), *said, "--plan")

    assert planned.returncode == 1
    assert "The first 3 rows have no question and no score; they have: 编号, 问题, 答案" in planned.stderr
    assert "nothing would be written" in planned.stdout
    assert fttui("import", str(table), *said).returncode == 2
    assert [path.name for path in table.parent.iterdir()] == ["法律.csv"]


def test_a_quotation_mark_without_a_partner_costs_one_line(table: Path) -> None:
    path = table.with_name("a.csv")
    path.write_text('question,answer\nq1,"a\nb"\nq2,"open\nq3,a3\nq4,a4\n')
    done = fttui("import", str(path))

    assert done.returncode == 0
    assert "a quotation mark is opened and never closed: line 4" in done.stdout
    assert [said[0] for said in rows(table.with_name("a.chat.jsonl"))] == ["q1", "q3", "q4"]
