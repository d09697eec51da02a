"""What is found in rows, and what becomes of them: mended, dropped, cut, balanced, divided."""

from __future__ import annotations

import json
import random
import string
from pathlib import Path

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
from fttui.services.dataset.preparing.survey import survey
from fttui.services.dataset.preparing.writing import prepare
from fttui.services.dataset.validation import validate
from rows import Row, chat, read, write

LONG = (
    "please tell me how the tax on imported books is calculated when they are sent by post from another country, who "
    "has to pay it and at what time, which papers are asked for at the border, and whether the sum is given back to "
    "me when the parcel is returned to its sender"
)


def counts(plan: Plan) -> dict[str, int]:
    return {entry.fix.code: entry.count for entry in plan.found}


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


def test_json_that_is_almost_right_is_mended(tmp_path: Path) -> None:
    lines = [
        '{"messages": [{"role": "x", "role": "user", "content": "a"}, {"role": "assistant", "content": "b\\ud83d"}]}',
        '{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}], "tools": NaN}',
    ]
    outcome = prepare(Order(write(tmp_path / "a.jsonl", lines), Recipe(frozenset({"mend-json"}))))

    first, second = read(outcome.training)
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
    assert read(prepare(Order(path, against=valid)).training) == [rows[3]]


def test_near_duplicates_and_conflicts_go_only_when_asked_for(tmp_path: Path) -> None:
    rows = [chat(LONG, "First."), chat(LONG.replace("books", "maps"), "First."), chat(LONG, "Quite another answer.")]
    path = write(tmp_path / "a.jsonl", rows)

    assert prepare(Order(path)).training is None
    found = counts(survey(Order(path)))
    assert (found["drop-near-duplicates"], found["drop-conflicts"]) == (2, 1)
    assert read(prepare(Order(path, Recipe(REPAIRS))).training) == [rows[0]]


def test_labels_are_balanced_by_sampling(tmp_path: Path) -> None:
    rows = [chat(f"text {number}", "spam" if number < 4 else "fine") for number in range(40)]
    path = write(tmp_path / "a.jsonl", rows)
    outcome = prepare(Order(path, Recipe(RECOMMENDED | {"rebalance"}, label_ratio=2.0)))

    answers = [row["messages"][2]["content"] for row in read(outcome.training)]
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
        found = [row["messages"][1]["content"] for row in read(path)]
        assert len(rare.intersection(found)) == 3
        assert all(set(row) == {"messages"} for row in read(path))


def test_long_examples_are_cut_at_a_turn_and_the_manifest_says_what_was_cut(tmp_path: Path) -> None:
    row = chat("a")
    assert not isinstance(row, str)
    assert isinstance(row["messages"], list)
    row["messages"] += [{"role": "user", "content": "b"}, {"role": "assistant", "content": "word " * 900}]
    path = write(tmp_path / "a.jsonl", [row, chat("short")])
    outcome = prepare(Order(path, Recipe(RECOMMENDED, token_limit=200)))

    assert read(outcome.training) == [chat("a"), chat("short")]
    assert outcome.manifest is not None
    (done,) = json.loads(outcome.manifest.read_text())["done"]
    assert (done["code"], done["remarks"]) == ("truncate-long", {"1": "cut messages[3] to messages[4]"})


def test_a_split_by_prompt_keeps_answers_to_one_question_together(tmp_path: Path) -> None:
    rows = [chat(f"question {number % 10}", f"answer {number}") for number in range(60)]
    path = write(tmp_path / "a.jsonl", rows)
    outcome = prepare(Order(path, Recipe(frozenset()), split=Split(0.2, SplitBy.PROMPT)))

    train, valid = read(outcome.training), read(outcome.validation)
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
    rows: list[Row] = [chat(" ".join(draw.choices(words, k=9)), " ".join(draw.choices(words, k=9))) for _ in words]
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
