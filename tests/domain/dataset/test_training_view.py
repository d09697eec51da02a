"""What training does with each turn, with words as tokens so that every number can be checked by eye."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from fttui.domain.dataset.parsing import Rejected, parse_line
from fttui.domain.dataset.record import Record
from fttui.domain.dataset.tokens import example_tokens
from fttui.domain.dataset.training_view import Fate, training_view
from plain_counters import Words


def record(value: dict[str, object]) -> Record:
    parsed = parse_line(json.dumps(value).encode(), 1)
    assert not isinstance(parsed, Rejected), parsed.findings
    return parsed


def says(role: str, content: str, **more: object) -> dict[str, object]:
    return {"role": role, "content": content, **more}


CHAT = record(
    {
        "messages": [
            says("system", "be brief"),
            says("user", "one two three"),
            says("assistant", "four five", weight=0),
            says("user", "six"),
            says("assistant", "seven eight nine ten"),
        ]
    }
)


def test_answers_are_learnt_unless_their_weight_is_zero() -> None:
    view = training_view(CHAT, Words())

    assert [turn.fate for turn in view.turns] == [
        Fate.CONTEXT,
        Fate.CONTEXT,
        Fate.MASKED,
        Fate.CONTEXT,
        Fate.TRAINED,
    ]
    assert (view.tokens, view.trained, view.cut) == (5 * 4 + 12, 4, 0)
    assert view.masked == 2
    assert view.words == "4 of 32 tokens trained (12 %) · 2 masked"


def test_what_lies_beyond_the_limit_is_cut_in_the_middle_of_a_turn() -> None:
    # 24 tokens before the last turn, which has 4 around it and then its words.
    last = training_view(CHAT, Words(), limit=30).turns[-1]

    assert (last.fate, last.tokens, last.trained, last.cut) == (Fate.TRAINED, 8, 2, 2)
    assert "seven eight nine ten"[: last.kept].split() == ["seven", "eight"]


def test_turns_beyond_the_limit_are_cut_off_whole() -> None:
    view = training_view(CHAT, Words(), limit=12)

    assert [turn.fate for turn in view.turns][2:] == [Fate.CUT] * 3
    assert (view.trained, view.cut) == (0, 32 - 12)
    assert view.words.endswith("20 cut off at 12")


def test_both_answers_of_a_preference_follow_the_same_conversation() -> None:
    preference = record(
        {
            "input": {"messages": [says("user", "one two")]},
            "preferred_output": [says("assistant", "three four")],
            "non_preferred_output": [says("assistant", "five six")],
        }
    )
    view = training_view(preference, Words(), limit=12)

    assert [turn.fate for turn in view.turns] == [Fate.CONTEXT, Fate.TRAINED, Fate.AGAINST]
    assert [turn.cut for turn in view.turns] == [0, 0, 0]


def test_completions_are_learnt_and_prompts_read() -> None:
    view = training_view(record({"prompt": "one two", "completion": " three"}), Words())

    assert [(turn.fate, turn.trained) for turn in view.turns] == [(Fate.CONTEXT, 0), (Fate.TRAINED, 1)]


def test_nothing_of_a_reinforcement_row_is_learnt_by_itself() -> None:
    view = training_view(record({"messages": [says("user", "one")], "answer": "2"}), Words())

    assert view.trained == 0


ROWS = st.lists(
    st.tuples(st.sampled_from(["user", "assistant"]), st.text("ab ", min_size=1, max_size=12).map(lambda t: f"w {t}")),
    min_size=1,
    max_size=6,
)


@given(ROWS, st.integers(1, 60))
def test_the_view_counts_what_the_report_counts(said: list[tuple[str, str]], limit: int) -> None:
    value: dict[str, object] = {
        "messages": [says("user", "hi"), *(says(*turn) for turn in said), says("assistant", "bye")]
    }
    example = record(value)
    whole, cut = training_view(example, Words()), training_view(example, Words(), limit=limit)
    counted = example_tokens(example, Words())

    assert (whole.tokens, whole.trained) == (counted.total, counted.trained)
    assert cut.tokens - cut.cut == min(limit, whole.tokens)
    assert cut.trained <= whole.trained
