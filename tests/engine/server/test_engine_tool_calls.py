"""Functions a model calls."""

from __future__ import annotations

import pytest
from openai import OpenAI
from openai.types.chat import ChatCompletionMessageParam, ChatCompletionToolParam

from engine_jobs import as_jsonl, finished, upload
from fttui.engine.server.tool_calls import CallReader

CALL = '<tool_call>{"name": "f\\"g", "arguments": {"a": "}</x>"}}</tool_call>'


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
@pytest.mark.parametrize(
    ("reply", "said", "called"),
    [
        ("Just text < a <tool.", "Just text < a <tool.", []),
        (CALL, "", [('f"g', '{"a": "}</x>"}')]),
        (f"Let me see.\n{CALL}\n{CALL}", "Let me see.", [('f"g', '{"a": "}</x>"}')] * 2),
        (f"{CALL} Done.", " Done.", [('f"g', '{"a": "}</x>"}')]),
        ("<tool_call>nonsense</tool_call>!", "<tool_call>nonsense</tool_call>!", []),
        ("It ends early\n<tool_call>{", "It ends early\n<tool_call>{", []),
        ('<tool_call>{"name": "f", "arguments": }</tool_call>', "", [("f", "")]),
    ],
    ids=["text", "call", "text and calls", "call and text", "malformed", "unfinished", "no arguments"],
)
def test_calls_are_told_from_text_however_the_reply_is_cut(
    size: int, reply: str, said: str, called: list[tuple[str, str]]
) -> None:
    reader = CallReader()
    shown = "".join(reader.push(reply[start : start + size]) for start in range(0, len(reply), size))
    assert shown + reader.close() == said
    assert [(call.name, call.arguments) for call in reader.calls] == called


def test_a_model_trained_on_calls_makes_them(client: OpenAI) -> None:
    tools: list[ChatCompletionToolParam] = [{"type": "function", "function": {"name": "lamp"}}]
    question: list[ChatCompletionMessageParam] = [{"role": "user", "content": "Light!"}]
    function = {"name": "lamp", "arguments": '{"on": true}'}
    call = {"id": "c", "type": "function", "function": function}
    row = {
        "messages": [*question, {"role": "assistant", "content": None, "tool_calls": [call]}],
        "tools": tools,
    }
    job = client.fine_tuning.jobs.create(
        model="local-nano",
        training_file=upload(client, as_jsonl([row] * 10)),
        hyperparameters={"n_epochs": 7, "batch_size": 2},
    )
    model = finished(client, job.id).fine_tuned_model
    assert model is not None

    reply = client.chat.completions.create(model=model, messages=question, tools=tools, temperature=0)
    choice = reply.choices[0]
    assert (choice.finish_reason, choice.message.content) == ("tool_calls", None)
    assert choice.message.tool_calls is not None
    (made,) = choice.message.tool_calls
    assert made.type == "function"
    assert made.function.model_dump() == function

    pieces = list(
        client.chat.completions.create(model=model, messages=question, tools=tools, temperature=0, stream=True)
    )
    (streamed,) = [part for piece in pieces for part in piece.choices[0].delta.tool_calls or []]
    assert streamed.function is not None
    assert (streamed.index, streamed.function.name, streamed.function.arguments) == (0, "lamp", '{"on": true}')
    assert pieces[-1].choices[0].finish_reason == "tool_calls"
    assert not "".join(piece.choices[0].delta.content or "" for piece in pieces)
