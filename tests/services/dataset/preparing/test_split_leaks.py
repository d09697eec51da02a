"""A split by prompt lets nothing of the validation file be known from training."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fttui.domain.dataset.preparation.fix import Recipe
from fttui.domain.dataset.preparation.sampling import Split, SplitBy
from fttui.domain.dataset.similarity import normalised
from fttui.domain.errors import UsageError
from fttui.services.dataset.preparing.order import Order, Outcome
from fttui.services.dataset.preparing.writing import prepare
from fttui.services.dataset.validation import validate
from legal_rows import legal_rows
from tool_calling_rows import tool_calling_rows

QUIET = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
Row = dict[str, Any]


def written(folder: Path, rows: Sequence[Row]) -> Path:
    path = folder / "rows.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


def divided(order: Order) -> Outcome | None:
    """The outcome, or None where all rows belong together."""
    try:
        return prepare(order)
    except UsageError as error:
        refused = error.message
    assert "belong together" in refused
    return None


@st.composite
def askings(draw: st.DrawFn) -> list[Row]:
    """Rows in which a few questions are asked again and again: in other case and spacing, with other answers."""
    manners = (str, str.upper, lambda text: f"  {text.replace(' ', '   ')} ")
    rows: list[Row] = []
    for _ in range(draw(st.integers(4, 24))):
        question = draw(st.sampled_from(manners))(f"what is case {draw(st.integers(0, 7))} about")
        system = [{"role": "system", "content": draw(st.sampled_from(["Be brief.", "Be kind."]))}]
        said = [{"role": "user", "content": question}, {"role": "assistant", "content": draw(st.sampled_from("abc"))}]
        more = [{"role": "user", "content": "why?"}, {"role": "assistant", "content": draw(st.sampled_from("abc"))}]
        rows.append({"messages": draw(st.sampled_from([[], system])) + said + draw(st.sampled_from([[], more]))})
    return rows


@QUIET
@given(askings(), st.sampled_from([0.1, 0.3, 0.5, 3.0]), st.integers(0, 5))
def test_nothing_leaks_through_a_split_by_prompt(rows: list[Row], amount: float, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), rows)
        # Doubles stay, so that they could leak.
        order = Order(path, Recipe(seed=seed), split=Split(amount, SplitBy.PROMPT, seed))
        outcome = divided(order)
        if outcome is None:
            return
        assert outcome.training is not None
        assert outcome.validation is not None
        asked = [
            {normalised(first_question(json.loads(line))) for line in part.read_text().splitlines()}
            for part in (outcome.training, outcome.validation)
        ]
        assert asked[0] & asked[1] == set()
        report = asyncio.run(validate(outcome.training, valid_path=outcome.validation, workers=0))
        assert {group.code for group in report.findings} & {"leaked-example", "normalised-leak"} == set()


def first_question(row: Row) -> str:
    return next(str(message["content"]) for message in row["messages"] if message["role"] == "user")


@QUIET
@given(st.lists(st.sampled_from(["one text", "another text", "ONE  text", "third"]), min_size=3, max_size=20))
def test_texts_without_prompts_are_split_by_what_they_say(texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        rows = [{"prompt": "", "completion": text} for text in texts]
        order = Order(written(Path(folder), rows), Recipe(), split=Split(0.4))
        outcome = divided(order)
        if outcome is None:
            return
        parts = [path.read_text().splitlines() for path, _ in outcome.outputs]
        said = [{normalised(json.loads(line)["completion"]) for line in part} for part in parts]
        assert said[0] & said[1] == set()


@pytest.mark.parametrize("rows", [legal_rows(150), tool_calling_rows(150)], ids=["legal advice", "tool calls"])
def test_rows_that_are_nearly_the_same_are_on_one_side(tmp_path: Path, rows: list[Row]) -> None:
    outcome = prepare(Order(written(tmp_path, rows), Recipe(), split=Split(0.2)))
    assert outcome.training is not None
    report = asyncio.run(validate(outcome.training, valid_path=outcome.validation, workers=0))

    assert [output.rows for _, output in outcome.outputs] == [120, 30]
    assert {group.code for group in report.findings} & {"leaked-example", "normalised-leak", "near-leak"} == set()


def test_where_all_rows_are_alike_only_what_asks_the_same_stays_together(tmp_path: Path) -> None:
    words = " ".join(f"word{number}" for number in range(60))
    rows = [
        {"messages": [{"role": "user", "content": f"{words} {at // 2}"}, {"role": "assistant", "content": str(at % 2)}]}
        for at in range(40)
    ]
    outcome = prepare(Order(written(tmp_path, rows), Recipe(), split=Split(0.2)))
    asked = [
        {first_question(json.loads(line)) for line in path.read_text().splitlines()} for path, _ in outcome.outputs
    ]

    assert [output.rows for _, output in outcome.outputs] == [32, 8]
    assert asked[0] & asked[1] == set()
