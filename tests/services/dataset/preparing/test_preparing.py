from __future__ import annotations

import codecs
import hashlib
import json
import os
import random
import string
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fttui.domain.dataset.finding import Severity
from fttui.domain.dataset.preparation.catalogue import FIXES, RECOMMENDED, REPAIRS
from fttui.domain.dataset.preparation.fix import Recipe
from fttui.domain.dataset.preparation.plan import Plan
from fttui.domain.dataset.preparation.sampling import Split, SplitBy
from fttui.domain.dataset.rules.catalogue import BY_CODE
from fttui.domain.dataset.similarity import normalised, sketch
from fttui.domain.errors import UnreadableFileError, UsageError
from fttui.services.dataset.preparing.near_sketches import near_sketches
from fttui.services.dataset.preparing.order import Order
from fttui.services.dataset.preparing.source import Source
from fttui.services.dataset.preparing.survey import survey
from fttui.services.dataset.preparing.writing import prepare
from fttui.services.dataset.validation import validate

LONG = (
    "please tell me how the tax on imported books is calculated when they are sent by post from another country, who "
    "has to pay it and at what time, which papers are asked for at the border, and whether the sum is given back to "
    "me when the parcel is returned to its sender"
)


def chat(question: str, answer: str = "Yes, gladly.", **more: object) -> dict[str, object]:
    said = [("system", "You help."), ("user", question), ("assistant", answer)]
    return {"messages": [{"role": role, "content": text} for role, text in said], **more}


def write(path: Path, rows: Sequence[object], end: str = "\n") -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_bytes("".join(line + end for line in lines).encode())
    return path


def counts(plan: Plan) -> dict[str, int]:
    return {entry.fix.code: entry.count for entry in plan.found}


def rows_of(path: Path | None) -> list[Any]:
    assert path is not None
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def test_a_plan_counts_what_accepted_fixes_do_and_declined_ones_would_do(tmp_path: Path) -> None:
    rows = [chat("a"), chat("b ", id=1), chat("a"), "", "{", chat("c", "mail x@example.org")]
    plan = survey(Order(write(tmp_path / "a.jsonl", rows)))

    assert counts(plan) == {
        "drop-empty-lines": 1,
        "drop-unreadable": 1,
        "remove-unknown-keys": 1,
        "trim-text": 1,
        "redact-personal": 1,
        "strip-system-prompt": 4,
        "drop-duplicates": 1,
    }
    assert (plan.rows, plan.kept) == (5, 3)
    assert list(tmp_path.iterdir()) == [tmp_path / "a.jsonl"]


def test_samples_show_rows_before_and_after_with_secrets_masked(tmp_path: Path) -> None:
    secret = "sk-proj-abcdefghij0123456789XYZ"
    plan = survey(Order(write(tmp_path / "a.jsonl", [chat("key?", f"It is {secret}.")])))
    (redaction,) = (entry for entry in plan.found if entry.fix.code == "redact-secrets")

    shown = [f"{line.mark.value}{line.text.strip()}" for line in redaction.samples[0].lines if line.mark.value != " "]
    assert shown == ['-"It is sk-p…(31)."', '+"It is [API_KEY]."']
    assert secret not in repr(plan)


def test_a_clean_file_is_left_alone_and_nothing_is_written(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [chat(f"question number {number}") for number in range(12)])
    outcome = prepare(Order(path))

    assert outcome.training is None
    assert list(tmp_path.iterdir()) == [path]


def test_rows_that_need_nothing_are_written_byte_for_byte(tmp_path: Path) -> None:
    odd = '{"messages" : [ {"role":"user","content":"\\u4f60"}, {"content":"ok","role":"assistant"} ] }'
    path = write(tmp_path / "a.jsonl", [odd, chat("b", id=3)])

    written = prepare(Order(path)).training
    assert written is not None
    assert written.read_text().split("\n")[0] == odd


def test_the_input_stays_and_the_result_lies_beside_it_with_a_manifest(tmp_path: Path) -> None:
    path = write(tmp_path / "法律.jsonl", [chat("a", id=1), chat("a", id=1), chat("b")])
    before = path.read_bytes()
    outcome = prepare(Order(path))

    assert path.read_bytes() == before
    assert {entry.name for entry in tmp_path.iterdir()} == {
        "法律.jsonl",
        "法律_prepared.jsonl",
        "法律_prepared.manifest.json",
    }
    assert rows_of(outcome.training) == [chat("a"), chat("b")]
    assert outcome.manifest is not None
    manifest = json.loads(outcome.manifest.read_text())
    assert manifest["input"] == {
        "file": "法律.jsonl",
        "bytes": len(before),
        "sha256": hashlib.sha256(before).hexdigest(),
        "lines": 3,
    }
    assert [(done["code"], done["lines"]) for done in manifest["done"]] == [
        ("remove-unknown-keys", "1-2"),
        ("drop-duplicates", "2"),
    ]
    assert manifest["done"][1]["remarks"] == {"2": "the same as line 1"}
    assert manifest["outputs"][0]["input_lines"] == "1,3"


def test_the_same_order_again_finds_what_it_wrote_and_writes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [chat(f"q{number}", id=1) for number in range(6)])
    order = Order(path, split=Split(0.3))
    first, second = prepare(order), prepare(order)

    assert second.repeated
    assert second.manifest == first.manifest
    assert [path for path, _ in second.outputs] == [path for path, _ in first.outputs]
    assert len(list(tmp_path.iterdir())) == 4


def test_another_order_gets_names_with_a_number(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [chat(f"q{number}", id=1) for number in range(6)])
    prepare(Order(path, split=Split(0.3)))
    outcome = prepare(Order(path, split=Split(0.3, seed=7)))

    assert [entry.name for entry, _ in outcome.outputs] == ["a_prepared_2_train.jsonl", "a_prepared_2_valid.jsonl"]
    assert outcome.manifest == tmp_path / "a_prepared_2.manifest.json"


def test_an_edited_result_is_not_taken_for_what_was_written(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [chat("a", id=1)])
    first = prepare(Order(path)).training
    assert first is not None
    first.write_text("mine now")

    assert prepare(Order(path)).training == tmp_path / "a_prepared_2.jsonl"
    assert first.read_text() == "mine now"


def test_who_may_read_the_input_may_read_the_result(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [chat("a", id=1)])
    path.chmod(0o640)
    outcome = prepare(Order(path))

    assert outcome.training is not None
    assert outcome.training.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_other_encodings_and_line_ends_become_plain_utf_8(tmp_path: Path, encoding: str, end: str) -> None:
    rows = [chat("How are you?"), chat("你好吗？"), chat("c")]
    path = tmp_path / "a.jsonl"
    text = "".join(json.dumps(row, ensure_ascii=False) + end for row in rows)
    path.write_bytes(text.encode(encoding))

    written = prepare(Order(path)).training
    assert rows_of(written) == rows
    assert written is not None
    assert not written.read_bytes().startswith(codecs.BOM_UTF8)
    assert b"\r" not in written.read_bytes()


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_array_becomes_one_row_a_line(tmp_path: Path, indent: int | None, encoding: str) -> None:
    rows = [chat(f"质询 {number} ], [") for number in range(40)]
    path = tmp_path / "a.json"
    path.write_bytes(json.dumps(rows, ensure_ascii=False, indent=indent).encode(encoding))
    plan = survey(Order(path))

    assert counts(plan)["split-json-array"] == 40
    assert rows_of(prepare(Order(path)).training) == rows


def test_a_broken_array_is_refused_rather_than_cut_short(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("[" + json.dumps(chat("a")) + ", {broken}, " + json.dumps(chat("b")) + "]")

    with pytest.raises(UnreadableFileError, match="Entry 2"):
        survey(Order(path))


def test_json_that_is_almost_right_is_mended(tmp_path: Path) -> None:
    lines = [
        '{"messages": [{"role": "x", "role": "user", "content": "a"}, {"role": "assistant", "content": "b\\ud83d"}]}',
        '{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}], "tools": NaN}',
    ]
    outcome = prepare(Order(write(tmp_path / "a.jsonl", lines), Recipe(frozenset({"mend-json"}))))

    first, second = rows_of(outcome.training)
    assert first == {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b\ufffd"}]}
    assert isinstance(second, dict)
    assert second["tools"] is None


def test_rows_that_stand_in_the_validation_file_are_dropped_in_three_degrees(tmp_path: Path) -> None:
    valid = write(tmp_path / "valid.jsonl", [chat("same"), chat("Case  AND space"), chat(LONG)])
    rows = [chat("same"), chat("case and space"), chat(LONG.replace("books", "maps")), chat("another thing entirely")]
    path = write(tmp_path / "a.jsonl", rows)
    plan = survey(Order(path, against=valid))

    (leaks,) = (entry for entry in plan.found if entry.fix.code == "drop-leaked")
    assert leaks.count == 3
    assert leaks.samples[0].remark == "line 1 of the validation file is the same"
    assert rows_of(prepare(Order(path, against=valid)).training) == [rows[3]]


def test_near_duplicates_and_conflicts_go_only_when_asked_for(tmp_path: Path) -> None:
    rows = [chat(LONG, "First."), chat(LONG.replace("books", "maps"), "First."), chat(LONG, "Quite another answer.")]
    path = write(tmp_path / "a.jsonl", rows)

    assert prepare(Order(path)).training is None
    found = counts(survey(Order(path)))
    assert (found["drop-near-duplicates"], found["drop-conflicts"]) == (2, 1)
    assert rows_of(prepare(Order(path, Recipe(REPAIRS))).training) == [rows[0]]


def test_labels_are_balanced_by_sampling(tmp_path: Path) -> None:
    rows = [chat(f"text {number}", "spam" if number < 4 else "fine") for number in range(40)]
    path = write(tmp_path / "a.jsonl", rows)
    outcome = prepare(Order(path, Recipe(RECOMMENDED | {"rebalance"}, label_ratio=2.0)))

    answers = [row["messages"][2]["content"] for row in rows_of(outcome.training)]
    assert (answers.count("spam"), answers.count("fine")) == (4, 8)
    assert outcome.training is not None
    assert not survey(Order(outcome.training, Recipe(RECOMMENDED | {"rebalance"}, label_ratio=2.0))).changes


def test_a_split_by_label_takes_the_label_from_a_field_that_is_not_written(tmp_path: Path) -> None:
    long = "This answer is longer than any label could be, so it is none."
    rows = [chat(f"q{at}", long, about={"kind": "rare" if at % 10 == 0 else "Common "}) for at in range(60)]
    split = Split(0.5, SplitBy.LABEL)
    outcome = prepare(
        Order(write(tmp_path / "a.jsonl", rows), Recipe(RECOMMENDED, label_field="about.kind"), split=split)
    )

    assert outcome.plan.labelled
    rare = {f"q{at}" for at in range(0, 60, 10)}
    for path in (outcome.training, outcome.validation):
        found = [row["messages"][1]["content"] for row in rows_of(path)]
        assert len(rare.intersection(found)) == 3
        assert all(set(row) == {"messages"} for row in rows_of(path))


def test_long_examples_are_cut_at_a_turn_and_the_manifest_says_what_was_cut(tmp_path: Path) -> None:
    row = chat("a")
    assert isinstance(row["messages"], list)
    row["messages"] += [{"role": "user", "content": "b"}, {"role": "assistant", "content": "word " * 900}]
    path = write(tmp_path / "a.jsonl", [row, chat("short")])
    outcome = prepare(Order(path, Recipe(RECOMMENDED, token_limit=200)))

    assert rows_of(outcome.training) == [chat("a"), chat("short")]
    assert outcome.manifest is not None
    (done,) = json.loads(outcome.manifest.read_text())["done"]
    assert (done["code"], done["remarks"]) == ("truncate-long", {"1": "cut messages[3] to messages[4]"})


def test_a_split_by_prompt_keeps_answers_to_one_question_together(tmp_path: Path) -> None:
    rows = [chat(f"question {number % 10}", f"answer {number}") for number in range(60)]
    path = write(tmp_path / "a.jsonl", rows)
    outcome = prepare(Order(path, Recipe(frozenset()), split=Split(0.2, SplitBy.PROMPT)))

    train, valid = rows_of(outcome.training), rows_of(outcome.validation)
    asked = [{row["messages"][1]["content"] for row in part} for part in (train, valid)]
    assert (len(train), len(valid)) == (48, 12)
    assert asked[0].isdisjoint(asked[1])


def test_a_split_of_rows_that_all_belong_together_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [chat("the one question", f"answer {number}") for number in range(20)])

    with pytest.raises(UsageError, match="belong together"):
        prepare(Order(path, split=Split(0.1)))
    assert list(tmp_path.iterdir()) == [path]
    assert prepare(Order(path, split=Split(0.1, SplitBy.RANDOM))).validation is not None


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=80), max_size=6))
def test_sketches_of_many_texts_are_those_of_each(texts: list[str]) -> None:
    plain = [normalised(text.replace("\0", " ")) for text in texts]

    assert near_sketches(plain) == [sketch(text) for text in plain]


def test_what_a_fix_cures_are_findings_that_there_are() -> None:
    cured = {code for fix in FIXES for code in fix.cures}

    assert cured <= BY_CODE.keys()


async def test_the_report_on_the_result_names_nothing_that_was_cured(tmp_path: Path) -> None:
    valid = write(tmp_path / "valid.jsonl", [chat(LONG.replace("tax", "duty")), chat("Held  OUT question")])
    draw = random.Random(1)
    words = [" ".join(draw.choices(string.ascii_lowercase, k=3)) + str(number) for number in range(300)]
    rows: list[object] = [chat(" ".join(draw.choices(words, k=9)), " ".join(draw.choices(words, k=9))) for _ in words]
    rows += [chat(LONG), chat(LONG.upper()), chat(LONG.replace("books", "maps")), chat(LONG, "No, never.")]
    rows += [chat("held out question"), chat("key", "sk-proj-Abcdefghij0123456789"), chat("x", "call +44 20 7946 0958")]
    rows += [rows[0], "{", "", chat("y", id=2), {"messages": [{"role": "GPT", "content": "z"}]}]
    path = write(tmp_path / "a.jsonl", rows, "\r\n")
    outcome = prepare(Order(path, Recipe(REPAIRS, token_limit=500), against=valid))

    assert outcome.training is not None
    report = await validate(outcome.training, valid_path=valid, workers=0)
    cured = {code for entry in outcome.plan.fixes if entry.accepted for code in entry.fix.cures}
    assert {"near-duplicate", "near-leak", "api-key"} <= cured
    assert {group.code for group in report.findings} & (cured - {"no-system-message"}) == set()
    assert report.count(Severity.ERROR) == 0


def test_results_may_go_to_a_folder_that_is_made_for_them(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [chat("a", id=1)])

    assert prepare(Order(path, folder=tmp_path / "out" / "here")).training == tmp_path / "out/here/a_prepared.jsonl"


def test_a_folder_that_cannot_be_written_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [chat("a", id=1)])
    (tmp_path / "out").write_text("a file")

    with pytest.raises(UsageError, match="cannot be written"):
        prepare(Order(path, folder=tmp_path / "out"))
    assert {entry.name for entry in tmp_path.iterdir()} == {"a.jsonl", "out"}


def test_a_file_that_changes_while_it_is_read_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [chat(f"q{number}", id=1) for number in range(600)])
    passes = 0

    def change(done: int, total: int) -> None:
        nonlocal passes
        passes += done == total
        if passes == 2:
            os.utime(path, (1, 1))

    with pytest.raises(UnreadableFileError, match="changed"):
        prepare(Order(path), change)
    assert list(tmp_path.iterdir()) == [path]


def test_a_preparation_that_would_leave_no_row_writes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", ["{", "["])

    with pytest.raises(UsageError, match="No row"):
        prepare(Order(path))
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("content", "words"), [(b"", "no rows"), (b"\x1f\x8b\x08" + bytes(60), "compressed")])
def test_files_that_cannot_be_prepared_say_why(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(content)

    with pytest.raises(UnreadableFileError, match=words):
        Source.open(path)


@pytest.mark.parametrize(
    "row",
    [
        {"instruction": "a", "input": "", "output": "b"},
        {"prompt": "a", "chosen": "b", "rejected": "c"},
        {"conversations": [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}]},
    ],
)
def test_rows_of_another_shape_are_sent_to_the_import(tmp_path: Path, row: dict[str, object]) -> None:
    plan = survey(Order(write(tmp_path / "a.jsonl", [row] * 12)))

    assert plan.notes[0].severity is Severity.ERROR
    assert plan.notes[0].text.startswith("Import the file first")


def test_a_workbook_is_sent_to_the_import(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04" + bytes(60))
    with pytest.raises(UnreadableFileError, match="workbook") as refused:
        survey(Order(tmp_path / "a.xlsx"))

    assert "import" in refused.value.hint
