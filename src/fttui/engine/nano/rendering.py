"""Chat messages to token ids: `<|bos|>`, then `<|role|> text <|eot|>` for each message."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fttui.engine.nano.arrays import Floats, Tokens
from fttui.engine.nano.bpe import Tokenizer

Message = Mapping[str, object]

# Room kept for the answer when a prompt has to be shortened.
ANSWER_ROOM = 64

_ROLES = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "assistant": "assistant",
    "tool": "tool",
    "function": "tool",
}


@dataclass(frozen=True, slots=True)
class RenderedExample:
    """A training example as tokens.

    Args:
        tokens: (n,) token ids.
        weights: (n,) how much predicting this token counts; 0 outside assistant messages.
        truncated: the end did not fit into the context and was cut off.
    """

    tokens: Tokens
    weights: Floats
    truncated: bool

    @property
    def trainable(self) -> bool:
        """Whether anything is learned from it."""
        return bool(self.weights[1:].any())


def render_example(
    messages: Sequence[Message], tokenizer: Tokenizer, context: int, tools: Sequence[object] | None = None
) -> RenderedExample:
    """Render a conversation for training.

    Args:
        messages: the protocol's message dictionaries.
        tokenizer: the model's vocabulary.
        context: longest example in tokens; what is longer loses its end.
        tools: tool definitions the conversation may use, told in a system message.

    Raises:
        ValueError: a message has no role the engine knows.
    """
    tokens, weights = [tokenizer.bos], [0.0]
    for message in _with_tools(messages, tools):
        head, body = _message_tokens(message, tokenizer)
        weight = _weight(message)
        tokens += [head, *body]
        weights += [0.0, *[weight] * len(body)]
    return _cut(tokens, weights, context)


def render_text_example(text: str, tokenizer: Tokenizer, context: int) -> RenderedExample:
    """Render plain text for training, every token counted."""
    tokens = [tokenizer.bos, *tokenizer.encode(text), tokenizer.eot]
    return _cut(tokens, [0.0, *[1.0] * (len(tokens) - 1)], context)


def render_prompt(
    messages: Sequence[Message], tokenizer: Tokenizer, context: int, tools: Sequence[object] | None = None
) -> list[int]:
    """Render a conversation up to where the assistant speaks.

    When it is too long, leading system messages and the newest turns stay; a single message that alone is too long
    loses its beginning.

    Args:
        messages: the protocol's message dictionaries.
        tokenizer: the model's vocabulary.
        context: the model's context in tokens; room for an answer is kept free of it.
        tools: tool definitions, told in a system message.

    Raises:
        ValueError: a message has no role the engine knows.
    """
    rendered = [
        (_role(message) == "system", [head, *body])
        for message in _with_tools(messages, tools)
        for head, body in [_message_tokens(message, tokenizer)]
    ]
    leading = 0
    while leading < len(rendered) and rendered[leading][0]:
        leading += 1
    room = context - min(ANSWER_ROOM, context // 2) - 2
    system = [token for _, tokens in rendered[:leading] for token in tokens]
    turns = [tokens for _, tokens in rendered[leading:]]
    if len(system) + sum(map(len, turns)) > room:
        # The newest turn matters more than long instructions, but keeps at least half to them.
        newest = len(turns[-1]) if turns else 0
        system = _shorten(system, max(room - newest, room // 2), tokenizer)
        turns = list(_newest(turns, room - len(system)))
    return [tokenizer.bos, *system, *(token for turn in turns for token in turn), tokenizer.role_id("assistant")]


def render_text_prompt(text: str, tokenizer: Tokenizer, context: int) -> list[int]:
    """Render the beginning of a plain text; one that is too long keeps its end."""
    room = context - min(ANSWER_ROOM, context // 2) - 1
    return [tokenizer.bos, *tokenizer.encode(text)[-room:]]


def message_text(message: Message) -> str:
    """What a message says, with tool calls and parts other than text spelled out."""
    lines = [_content_text(message.get("content"))]
    refusal = message.get("refusal")
    if isinstance(refusal, str):
        lines.append(refusal)
    calls = message.get("tool_calls")
    lines.extend(
        _call_text(call.get("function"))
        for call in (calls if isinstance(calls, list) else [])
        if isinstance(call, Mapping)
    )
    lines.append(_call_text(message.get("function_call")))
    return "\n".join(line for line in lines if line)


def _cut(tokens: list[int], weights: list[float], context: int) -> RenderedExample:
    return RenderedExample(
        tokens=np.array(tokens[:context], dtype=np.int32),
        weights=np.array(weights[:context], dtype=np.float32),
        truncated=len(tokens) > context,
    )


def _role(message: Message) -> str:
    role = message.get("role")
    if not isinstance(role, str) or role not in _ROLES:
        raise ValueError(f"a message has the role {role!r}, which is none of {', '.join(_ROLES)}")
    return _ROLES[role]


def _weight(message: Message) -> float:
    if _role(message) != "assistant":
        return 0.0
    weight = message.get("weight")
    return float(weight) if isinstance(weight, (int, float)) else 1.0


def _message_tokens(message: Message, tokenizer: Tokenizer) -> tuple[int, list[int]]:
    return tokenizer.role_id(_role(message)), [*tokenizer.encode(message_text(message)), tokenizer.eot]


def _content_text(content: object) -> str:
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "".join(_part_text(part) for part in parts)


def _part_text(part: object) -> str:
    if isinstance(part, str):
        return part
    if not isinstance(part, Mapping):
        return ""
    for key in ("text", "refusal"):
        if isinstance(part.get(key), str):
            return str(part[key])
    return f"[{str(part.get('type', 'part')).removesuffix('_url')}]"


def _call_text(function: object) -> str:
    if not isinstance(function, Mapping):
        return ""
    arguments = function.get("arguments")
    if not isinstance(arguments, str):
        arguments = json.dumps(arguments, ensure_ascii=False)
    name = json.dumps(function.get("name"), ensure_ascii=False)
    return f'<tool_call>{{"name": {name}, "arguments": {arguments}}}</tool_call>'


def _with_tools(messages: Sequence[Message], tools: Sequence[object] | None) -> Iterator[Message]:
    if tools:
        told = "\n".join(json.dumps(tool, ensure_ascii=False) for tool in tools)
        yield {"role": "system", "content": f"Tools:\n{told}"}
    yield from messages


def _shorten(tokens: list[int], room: int, tokenizer: Tokenizer) -> list[int]:
    return tokens if len(tokens) <= room else [*tokens[: room - 1], tokenizer.eot]


def _newest(turns: Sequence[list[int]], room: int) -> Iterator[list[int]]:
    """The last turns that fit; a lone last turn that does not fit keeps its role and its end."""
    first = len(turns)
    used = 0
    while first and used + len(turns[first - 1]) <= room:
        first -= 1
        used += len(turns[first])
    if first == len(turns) and turns:
        newest = turns[-1]
        yield [newest[0], *newest[1:][-(room - 1) :]]
    yield from turns[first:]
