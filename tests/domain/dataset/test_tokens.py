from __future__ import annotations

import pytest

from fttui.domain.dataset.distribution import distribution_of
from fttui.domain.dataset.images import image_tokens
from fttui.domain.dataset.record import (
    ChatRecord,
    CompletionRecord,
    ImagePart,
    Message,
    PreferenceRecord,
    TextPart,
    ToolCall,
)
from fttui.domain.dataset.tokens import example_tokens, message_tokens, record_tokens, tool_tokens
from plain_counters import Words

WORDS = Words()


def said(role: str, text: str, weight: float | None = None) -> Message:
    return Message(role, (TextPart(text),), weight=weight)


def test_a_message_is_its_text_and_four_around_it() -> None:
    assert message_tokens(said("user", "one two three"), WORDS) == 4 + 3


def test_a_name_takes_one_and_itself() -> None:
    assert message_tokens(Message("user", (TextPart("one"),), name="Ann"), WORDS) == 4 + 1 + 1 + 1


def test_only_answers_with_weight_are_learnt() -> None:
    record = ChatRecord((said("user", "q"), said("assistant", "a b", 0), said("user", "q"), said("assistant", "c d e")))
    counted = example_tokens(record, WORDS)

    assert (counted.total, counted.trained, counted.estimated) == (4 * 4 + 7, 3, 0)


def test_calls_are_counted_and_called_an_estimate() -> None:
    call = Message("assistant", tool_calls=(ToolCall("c", "f", '{"a": 1}'),))
    counted = example_tokens(ChatRecord((said("user", "q"), call)), WORDS)

    assert (counted.total, counted.trained, counted.estimated) == (4 + 1 + 4 + 6, 6, 6)


def test_both_answers_of_a_preference_count_and_are_learnt() -> None:
    record = PreferenceRecord((said("user", "q"),), (said("assistant", "a b"),), (said("assistant", "a b"),))
    counted = example_tokens(record, WORDS)

    assert (counted.total, counted.trained) == (5 + 6 + 6, 4)


def test_a_completion_is_only_text() -> None:
    assert record_tokens(CompletionRecord("a b", "c"), WORDS) == 3


def test_a_flat_tool_costs_what_the_cookbook_says() -> None:
    parameters = {
        "type": "object",
        "properties": {
            "location": {"type": "string", "description": "The city."},
            "unit": {"type": "string", "description": "The unit.", "enum": ["c", "f"]},
        },
    }
    tool = {"type": "function", "function": {"name": "weather", "description": "Get it.", "parameters": parameters}}
    expected = 12 + 7 + len(["weather:Get", "it"]) + 3 + 2 * 3 + 2 * len(["x:string:The", "city"])

    assert tool_tokens([tool], WORDS) == expected - 3 + 2 * (3 + 1)


def test_nested_and_odd_schemas_are_counted_without_failing() -> None:
    inner = {"type": "object", "properties": {"b": {"type": ["string", "null"]}}}
    odd = {"properties": {"a": {"type": "array", "items": inner}, "c": True, "d": {"enum": [1, None, {"x": 2}]}}}

    assert tool_tokens([{"function": {"name": "f", "parameters": odd}}, {"function": 3}, {}], WORDS) > 12


def test_the_data_of_a_picture_is_never_counted_as_text() -> None:
    picture = ImagePart("data:image/png;base64," + "A A " * 10_000)

    assert message_tokens(Message("user", (picture,)), WORDS, "gpt-4o") == 4 + 85 + 4 * 170


@pytest.mark.parametrize(
    ("model", "detail", "tokens"),
    [
        ("gpt-4o", "low", 85),
        ("gpt-4o-2024-08-06", "high", 85 + 4 * 170),
        ("gpt-4o-mini", "high", 2833 + 4 * 5667),
        ("gpt-4o-mini", "low", 2833),
        ("gpt-4.1-mini", "auto", 1659),
        (None, "low", 85),
    ],
)
def test_a_picture_costs_by_model_and_detail(model: str | None, detail: str, tokens: int) -> None:
    assert image_tokens(ImagePart("https://example.org/a.png", detail), model) == tokens


def test_a_distribution_counts_every_value_once() -> None:
    spread = distribution_of({1: 50, 2: 44, 7: 5, 1000: 1})

    assert (spread.total, spread.minimum, spread.maximum) == (50 + 88 + 35 + 1000, 1, 1000)
    assert (spread.p50, spread.p95) == (1, 7)
    assert spread.counts == (99, *[0] * 22, 1)


def test_equal_values_fill_one_bin() -> None:
    assert distribution_of({5: 3}).counts == (3,)
