"""Messages to tokens and loss weights."""

from __future__ import annotations

import numpy as np
import pytest

from fttui.engine.nano.bpe import Tokenizer
from fttui.engine.nano.rendering import (
    ANSWER_ROOM,
    Message,
    RenderedExample,
    message_text,
    render_example,
    render_prompt,
    render_text_example,
    render_text_prompt,
)

CHAT: list[Message] = [
    {"role": "system", "content": "the cat"},
    {"role": "user", "content": "the dog"},
    {"role": "assistant", "content": "on the mat"},
]


def trained_text(example: RenderedExample, tokenizer: Tokenizer) -> str:
    return tokenizer.decode(example.tokens[example.weights != 0].tolist())


def test_a_conversation_is_marked_role_by_role(tokenizer: Tokenizer) -> None:
    example = render_example(CHAT, tokenizer, 100)

    expected = [tokenizer.bos]
    for message in CHAT:
        expected += [
            tokenizer.role_id(str(message["role"])),
            *tokenizer.encode(str(message["content"])),
            tokenizer.eot,
        ]
    assert example.tokens.tolist() == expected
    assert not example.truncated


def test_only_the_assistant_and_the_end_of_its_turn_are_trained_on(tokenizer: Tokenizer) -> None:
    example = render_example(CHAT, tokenizer, 100)

    assert trained_text(example, tokenizer) == "on the mat"
    assert example.tokens[example.weights != 0][-1] == tokenizer.eot
    assert example.weights.sum() == len(tokenizer.encode("on the mat")) + 1


def test_a_message_of_weight_0_is_not_trained_on(tokenizer: Tokenizer) -> None:
    chat: list[Message] = [
        {"role": "user", "content": "the dog"},
        {"role": "assistant", "content": "the log", "weight": 0},
        {"role": "user", "content": "the cat"},
        {"role": "assistant", "content": "the mat", "weight": 1},
    ]

    assert trained_text(render_example(chat, tokenizer, 100), tokenizer) == "the mat"
    assert not render_example(chat[:2], tokenizer, 100).trainable


def test_what_does_not_fit_is_cut_off_at_the_end_and_told(tokenizer: Tokenizer) -> None:
    whole = render_example(CHAT, tokenizer, 100)
    cut = render_example(CHAT, tokenizer, 9)

    assert cut.truncated
    np.testing.assert_array_equal(cut.tokens, whole.tokens[:9])


def test_a_tool_call_and_its_result_become_text(tokenizer: Tokenizer) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "sum", "arguments": '{"a": 1}'}}
    chat: list[Message] = [
        {"role": "user", "content": "the dog"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": "the cat"},
        {"role": "assistant", "content": "the mat"},
    ]
    example = render_example(chat, tokenizer, 300, tools=[{"type": "function", "function": {"name": "sum"}}])

    assert message_text(chat[1]) == '<tool_call>{"name": "sum", "arguments": {"a": 1}}</tool_call>'
    assert trained_text(example, tokenizer) == message_text(chat[1]) + "the mat"
    assert tokenizer.decode(example.tokens.tolist()).startswith('Tools:\n{"type": "function"')


def test_the_older_form_of_a_call_becomes_the_same_text() -> None:
    message: Message = {"role": "assistant", "function_call": {"name": "sum", "arguments": "{}"}}

    assert message_text(message) == '<tool_call>{"name": "sum", "arguments": {}}</tool_call>'


def test_parts_of_a_message_are_put_together() -> None:
    parts = [{"type": "text", "text": "see "}, {"type": "image_url", "image_url": {"url": "data:"}}]

    assert message_text({"role": "user", "content": parts}) == "see [image]"


def test_a_developer_is_a_system_and_a_function_is_a_tool(tokenizer: Tokenizer) -> None:
    example = render_example([{"role": "developer", "content": ""}, {"role": "function", "content": ""}], tokenizer, 10)

    assert example.tokens.tolist() == [
        tokenizer.bos,
        tokenizer.role_id("system"),
        tokenizer.eot,
        tokenizer.role_id("tool"),
        tokenizer.eot,
    ]


def test_an_unknown_role_is_refused_by_name(tokenizer: Tokenizer) -> None:
    with pytest.raises(ValueError, match="'narrator'"):
        render_example([{"role": "narrator", "content": "x"}], tokenizer, 10)


def test_a_prompt_is_the_beginning_of_the_training_example(tokenizer: Tokenizer) -> None:
    prompt = render_prompt(CHAT[:2], tokenizer, 200)

    assert render_example(CHAT, tokenizer, 200).tokens[: len(prompt)].tolist() == prompt
    assert prompt[-1] == tokenizer.role_id("assistant")


def test_a_prompt_that_is_too_long_keeps_the_instructions_and_the_newest_turns(tokenizer: Tokenizer) -> None:
    turns: list[Message] = [{"role": "user", "content": f"number {number} " * 4} for number in range(30)]
    prompt = render_prompt([CHAT[0], *turns], tokenizer, 300)
    text = tokenizer.decode(prompt)

    assert len(prompt) <= 300 - min(ANSWER_ROOM, 150)
    assert text.startswith("the cat")
    assert "number 29" in text
    assert "number 0 " not in text


def test_one_message_that_is_too_long_keeps_its_end(tokenizer: Tokenizer) -> None:
    prompt = render_prompt([CHAT[0], {"role": "user", "content": "cat " * 500 + "mat!"}], tokenizer, 300)

    assert len(prompt) <= 300 - ANSWER_ROOM
    assert tokenizer.decode(prompt).startswith("the cat")
    assert tokenizer.decode(prompt).endswith("mat!")


def test_instructions_that_are_too_long_leave_room_for_the_question(tokenizer: Tokenizer) -> None:
    system: Message = {"role": "system", "content": "cat " * 500}
    prompt = render_prompt([system, {"role": "user", "content": "the dog?"}], tokenizer, 300)

    assert len(prompt) <= 300 - ANSWER_ROOM
    assert tokenizer.decode(prompt).endswith("the dog?")


def test_plain_text_is_trained_on_whole(tokenizer: Tokenizer) -> None:
    example = render_text_example("the cat", tokenizer, 100)

    assert example.weights.tolist() == [0.0] + [1.0] * (len(example.tokens) - 1)
    assert render_text_prompt("the cat", tokenizer, 100) == example.tokens[:-1].tolist()
