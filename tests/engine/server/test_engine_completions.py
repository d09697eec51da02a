"""Continuations of plain texts."""

from __future__ import annotations

import pytest
from openai import BadRequestError, NotFoundError, OpenAI

PROMPT = "Which colour has box 4? 颜色"


def test_a_text_is_continued(client: OpenAI) -> None:
    done = client.completions.create(model="local-nano", prompt=PROMPT, max_tokens=5, temperature=0)
    assert (done.object, len(done.choices), done.choices[0].logprobs) == ("text_completion", 1, None)
    assert done.usage is not None
    assert done.usage.completion_tokens <= 5
    echoed = client.completions.create(model="local-nano", prompt=PROMPT, max_tokens=5, temperature=0, echo=True)
    assert echoed.choices[0].text == PROMPT + done.choices[0].text


def test_log_probabilities_of_prompt_and_continuation_line_up_with_the_text(client: OpenAI) -> None:
    done = client.completions.create(
        model="local-nano", prompt=PROMPT, max_tokens=4, temperature=0, echo=True, logprobs=2
    )
    found = done.choices[0].logprobs
    assert found is not None
    assert found.tokens is not None
    assert found.token_logprobs is not None
    assert found.text_offset is not None
    assert found.top_logprobs is not None
    assert len(found.tokens) == len(found.token_logprobs) == len(found.text_offset) == len(found.top_logprobs)
    assert found.token_logprobs[0] is None
    assert all(logprob <= 0 for logprob in found.token_logprobs[1:])
    assert found.text_offset == sorted(found.text_offset)
    for token, offset in zip(found.tokens, found.text_offset, strict=True):
        if "\N{REPLACEMENT CHARACTER}" not in token:
            assert done.choices[0].text[offset:].startswith(token)
    generated = (
        client.completions.create(model="local-nano", prompt=PROMPT, max_tokens=4, temperature=0, logprobs=2)
        .choices[0]
        .logprobs
    )
    assert generated is not None
    assert generated.tokens == found.tokens[-len(generated.tokens or []) :]
    assert generated.text_offset == found.text_offset[-len(generated.tokens or []) :]


def test_only_the_prompt_can_be_scored(client: OpenAI) -> None:
    done = client.completions.create(model="local-nano", prompt="abc", max_tokens=0, echo=True, logprobs=1)
    assert done.choices[0].text == "abc"
    assert done.usage is not None
    assert done.usage.completion_tokens == 0


def test_several_prompts_get_a_choice_each(client: OpenAI) -> None:
    done = client.completions.create(model="local-nano", prompt=["one", "two"], max_tokens=3, temperature=0, echo=True)
    assert [choice.index for choice in done.choices] == [0, 1]
    assert [choice.text[:3] for choice in done.choices] == ["one", "two"]
    tokens = client.completions.create(
        model="local-nano", prompt=[ord(c) for c in "one"], max_tokens=3, temperature=0, echo=True
    )
    assert tokens.choices[0].text == done.choices[0].text


def test_the_pieces_of_a_continuation_make_the_whole(client: OpenAI) -> None:
    whole = client.completions.create(
        model="local-nano", prompt=PROMPT, max_tokens=8, temperature=0, echo=True, logprobs=1
    )
    pieces = list(
        client.completions.create(
            model="local-nano",
            prompt=PROMPT,
            max_tokens=8,
            temperature=0,
            echo=True,
            logprobs=1,
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    assert "".join(piece.choices[0].text for piece in pieces[:-1]) == whole.choices[0].text
    tokens = [
        token for piece in pieces[:-1] if piece.choices[0].logprobs for token in piece.choices[0].logprobs.tokens or []
    ]
    assert whole.choices[0].logprobs is not None
    assert tokens == whole.choices[0].logprobs.tokens
    assert pieces[-2].choices[0].finish_reason == whole.choices[0].finish_reason
    assert (pieces[-1].choices, pieces[-1].usage) == ([], whole.usage)


def test_what_cannot_be_continued_is_refused(client: OpenAI) -> None:
    with pytest.raises(NotFoundError):
        client.completions.create(model="gpt-4o", prompt="x")
    with pytest.raises(BadRequestError, match="not in the model's vocabulary"):
        client.completions.create(model="local-nano", prompt=[10**6])
    with pytest.raises(BadRequestError, match="above maximum value"):
        client.completions.create(model="local-nano", prompt="x", logprobs=6)
    with pytest.raises(BadRequestError, match="'best_of' is not available"):
        client.completions.create(model="local-nano", prompt="x", best_of=2)
