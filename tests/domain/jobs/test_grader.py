"""What is found wrong with a grader before it is sent."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from fttui.domain.jobs import grader_formula
from fttui.domain.jobs.grader import grader_problems
from fttui.domain.jobs.grader_kinds import KINDS, TOP_KINDS, new_grader
from fttui.domain.jobs.grader_template import item_fields_of

FIELDS = frozenset({"answer", "facts", "facts.year"})


def words(grader: dict[str, object], fields: frozenset[str] | None = FIELDS) -> list[str]:
    return [one.words for one in grader_problems(grader, fields)]


@pytest.mark.parametrize("kind", ["string_check", "text_similarity", "python"])
def test_a_grader_to_begin_with_is_good_where_the_rows_have_an_answer(kind: str) -> None:
    assert words(new_grader(kind)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_each_needed_field_is_missed(kind: str) -> None:
    if kind not in TOP_KINDS:
        assert words({"type": kind})[0].startswith("type: is one of")
        return
    assert set(words({"type": kind})) == {f"{field.name}: is missing" for field in KINDS[kind] if field.needed}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{{item.answer}}", ""),
        ("{{ item.facts.year }} and {{sample.output_text}}", ""),
        ("{{sample.output_json.total}}", ""),
        ("{{item.answr}}", "did you mean item.answer?"),
        ("{{item}}", "begins with neither item. nor sample."),
        ("{{sample.text}}", "is not one of sample.output_text"),
        ("{{item.answer", "braces that are not closed"),
        ("{{}}", "is not a template"),
    ],
)
def test_templates_are_held_against_the_rows(text: str, wrong: str) -> None:
    found = words({**new_grader("string_check"), "reference": text})

    assert (not found) if not wrong else (len(found) == 1 and wrong in found[0])


def test_fields_of_rows_that_are_not_at_hand_are_taken_on_trust() -> None:
    assert words({**new_grader("string_check"), "reference": "{{item.anything}}"}, None) == []


def test_the_prompt_itself_is_no_field_of_a_row() -> None:
    rows: list[Mapping[str, object]] = [
        {"messages": [], "answer": 1, "facts": {"year": 3}},
        {"messages": [], "other": None},
    ]

    assert item_fields_of(iter(rows)) == {"answer", "facts", "facts.year", "other"}


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ("def grade(sample, item):\n  return 1", ""),
        ("def grade(sample, item) return 1", "is not Python: line 1"),
        ("def score(sample, item):\n  return 1", "defines no function grade"),
        ("def grade(sample):\n  return 1", "takes two arguments"),
    ],
)
def test_python_is_read_and_never_run(source: str, wrong: str) -> None:
    found = words({**new_grader("python"), "source": source})

    assert (not found) if not wrong else wrong in found[0]


def test_a_model_that_scores_needs_a_model_a_sensible_range_and_known_settings() -> None:
    grader = {**new_grader("score_model"), "range": [1, 0], "sampling_params": {"temprature": 0}}

    assert [one.split(":")[0] for one in words(grader)] == ["model", "range", "sampling_params.temprature"]
    assert words({**new_grader("score_model"), "model": "gpt-4.1", "input": [{"role": "robot", "content": ""}]}) == [
        "input[0].role: is one of system, developer, user, assistant"
    ]


@pytest.mark.parametrize(
    ("settings", "wrong"),
    [
        ({"temperature": 0, "top_p": 0.5, "seed": 7, "max_completions_tokens": 8, "reasoning_effort": "low"}, ""),
        ({"temperature": 3}, "sampling_params.temperature: is a number, 0 to 2"),
        ({"top_p": "much"}, "sampling_params.top_p: is a number, 0 to 1"),
        ({"seed": 1.5}, "sampling_params.seed: is a whole number, 0 or more"),
        ({"max_completions_tokens": 0}, "sampling_params.max_completions_tokens: is a whole number, 1 or more"),
        ({"reasoning_effort": "hard"}, "sampling_params.reasoning_effort: is one of none, minimal, low"),
    ],
)
def test_the_settings_of_a_grading_model_are_held_to_their_ranges(settings: dict[str, object], wrong: str) -> None:
    found = words({**new_grader("score_model"), "model": "gpt-4.1", "sampling_params": settings})

    assert (not found) if not wrong else (len(found) == 1 and found[0].startswith(wrong))


def test_a_multi_grader_is_looked_into() -> None:
    label = {**new_grader("label_model"), "model": "gpt-4.1", "passing_labels": ["fine"]}
    inner = {"exact": new_grader("string_check"), "judge": label, "min": new_grader("python"), "x": 3}
    grader: dict[str, object] = {
        "type": "multi",
        "name": "all",
        "graders": inner,
        "calculate_output": "0.5*exact + 0.5*judgement",
    }

    assert words(grader) == [
        "graders.judge.passing_labels: fine is not one of the labels",
        "graders.min: is not a name a formula can use",
        "graders.x: is not a grader",
        "calculate_output: names judgement, and there is no such grader",
    ]


@pytest.mark.parametrize(
    ("formula", "wrong"),
    [
        ("a", "does not use b"),
        ("min(a, b) ^ 2 - abs(-a)/3", ""),
        ("a + c * b", "names c"),
        ("a + print(b)", "may call"),
        ("a if b else 0", "is not arithmetic"),
        ("a == b", "is not arithmetic"),
        ("a % b", "other than + - * / ^"),
        ("'a' + b", "not a number"),
        ("a +", "is not arithmetic"),
    ],
)
def test_formulas_are_arithmetic_over_the_graders(formula: str, wrong: str) -> None:
    found = grader_formula.problem_of(formula, frozenset({"a", "b"}))

    assert wrong in found if wrong else found == ""
