"""The checks of the former preparation tool are made in full: its thresholds, its row numbers, its exceptions."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from fttui.domain.dataset.finding import Finding
from fttui.domain.dataset.preparation.columns import Columns
from fttui.domain.dataset.rules.pair_columns import column_findings, row_findings
from oracles.preparation_tool import Pair, common_end, common_start, mostly_capitals, task_type

TEXT = st.text("aB \n", max_size=8)
PROMPTS = st.tuples(st.sampled_from(["", "Question: ", "Answer this one: "]), TEXT, st.sampled_from(["", " ->"]))
COMPLETIONS = st.tuples(st.sampled_from(["", " ", " It is "]), st.text("aB ", min_size=1, max_size=4))
PAIRS = st.lists(st.tuples(PROMPTS.map("".join), COMPLETIONS.map("".join)), min_size=2, max_size=12)


def findings(rows: list[Pair]) -> list[Finding]:
    values = [{"prompt": prompt, "completion": completion} for prompt, completion in rows]
    columns = Columns()
    for value in values:
        columns.add(dict(value))
    by_row = [found for line, value in enumerate(values, 1) for found in row_findings(value, line, columns)]
    return [*by_row, *column_findings(columns)]


@given(PAIRS)
@example([("Same", " a"), ("Same", " b")])
@example([("", " a"), ("", " b")])
@example([("a ->", " x"), ("b -> c ->", " y")])
@example([("a", "x" * 10_000), ("b", "y" * 9_999)])
@example([("", "x" * 10_001), ("", "y")])
@example([("ABC d", " YES no"), ("EFG h", " NO yes")])
@example([(f"question {number}", " yes") for number in range(4)])
def test_what_is_found_is_what_the_tool_finds(rows: list[Pair]) -> None:
    prompts, completions = [prompt for prompt, _ in rows], [completion for _, completion in rows]
    task = task_type(rows)
    open_ended = task == "open-ended generation"
    end, start, answer_start = common_end(prompts), common_start(prompts), common_start(completions)
    all_same = len(set(prompts)) == 1
    found = findings(rows)
    codes = {entry.code for entry in found}
    lines = {code: [entry.line for entry in found if entry.code == code] for code in codes}

    assert "few-pairs" in codes
    assert ("classification-pairs" in codes) == (task == "classification")
    assert lines.get("long-pair", []) == [
        line for line, row in enumerate(rows, 1) if sum(map(len, row)) > 10_000 and not open_ended
    ]
    assert ("upper-case-completions" in codes) == mostly_capitals(completions)
    assert ("upper-case-prompts" in codes) == mostly_capitals(prompts)
    assert ("equal-prompts" in codes) == (all_same and not open_ended)
    assert ("long-separator" in codes) == (len(end) > 10 and not all_same and not open_ended)
    assert lines.get("separator-inside", []) == [
        line for line, prompt in enumerate(prompts, 1) if end and end in prompt[: -len(end)] and not open_ended
    ]
    if not end and not all_same:
        assert ("shared-prompt-beginning" in codes) == bool(start)
    if not common_end(completions) and len(set(completions)) > 1:
        assert ("shared-completion-beginning" in codes) == (len(answer_start) >= 5)
    assert ("equal-completions" in codes) == (len(set(completions)) == 1 and task == "conditional generation")
    assert lines.get("no-leading-space", []) == [
        line for line, completion in enumerate(completions, 1) if not completion.startswith(" ")
    ]


def test_a_shared_beginning_is_told_and_a_long_one_is_to_be_removed() -> None:
    short = findings([("Q: a", " x"), ("Q: b", " y")])
    long = findings([("Question number: a", " x"), ("Question number: b", " y")])

    assert [entry.message for entry in short if entry.code == "shared-prompt-beginning"] == [
        'All prompts begin with "Q: "'
    ]
    assert [entry.message for entry in long if entry.code == "shared-prompt-beginning"] == [
        'All prompts begin with "Question number: "; remove it'
    ]
