"""From a row that keeps the rules to the frozen record it stands for; also for show, as far as it goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fttui.domain.dataset.record import (
    ChatRecord,
    CompletionRecord,
    DataFormat,
    ImagePart,
    Message,
    Part,
    PreferenceRecord,
    Record,
    ReinforcementRecord,
    TextPart,
    ToolCall,
)
from fttui.domain.dataset.row import RawTurn, Row, as_list


def record_of(row: Row) -> Record:
    """Build the record of a row; what has the wrong type is left out, so that a faulty row can still be shown."""
    messages = tuple(message_of(turn.value) for turn in row.dialogue)
    tools = _objects(row.holder.get("tools"))
    match row.format:
        case DataFormat.COMPLETION:
            return CompletionRecord(_text(row.value.get("prompt")), _text(row.value.get("completion")))
        case DataFormat.PREFERENCE:
            preferred = _answers(row.answers, "preferred_output")
            return PreferenceRecord(messages, preferred, _answers(row.answers, "non_preferred_output"), tools)
        case DataFormat.REINFORCEMENT:
            known = {"messages", "tools", "parallel_tool_calls"}
            fields = {key: value for key, value in row.value.items() if key not in known}
            return ReinforcementRecord(messages, fields, tools)
        case DataFormat.CHAT:
            parallel = row.value.get("parallel_tool_calls")
            # The old list of functions is the same thing without its wrapping.
            functions = _objects(row.value.get("functions"))
            tools += tuple({"type": "function", "function": function} for function in functions)
            return ChatRecord(messages, tools, parallel if isinstance(parallel, bool) else None)


def message_of(value: Mapping[str, object]) -> Message:
    """Build one message."""
    weight = value.get("weight")
    name, refusal, answered = value.get("name"), value.get("refusal"), value.get("tool_call_id")
    return Message(
        role=_text(value.get("role")),
        parts=tuple(_parts(value.get("content"))),
        name=name if isinstance(name, str) else None,
        tool_calls=tuple(_calls(value)),
        tool_call_id=answered if isinstance(answered, str) else None,
        weight=weight if isinstance(weight, (int, float)) and not isinstance(weight, bool) else None,
        refusal=refusal if isinstance(refusal, str) else None,
        content_is_null=value.get("content") is None,
    )


def _parts(content: object) -> Iterable[Part]:
    if isinstance(content, str):
        yield TextPart(content)
    for part in as_list(content):
        if not isinstance(part, dict):
            continue
        if part.get("type") == "image_url" and isinstance(part.get("image_url"), dict):
            image = part["image_url"]
            yield ImagePart(_text(image.get("url")), _text(image.get("detail")) or "auto")
        elif part.get("type") in ("text", "refusal"):
            yield TextPart(_text(part.get(part["type"])))


def _calls(value: Mapping[str, object]) -> Iterable[ToolCall]:
    for call in _objects(value.get("tool_calls")):
        function = call.get("function")
        if isinstance(function, dict):
            yield ToolCall(_text(call.get("id")), _text(function.get("name")), _text(function.get("arguments")))
    old = value.get("function_call")
    if isinstance(old, dict):
        yield ToolCall("", _text(old.get("name")), _text(old.get("arguments")))


def _answers(turns: Iterable[RawTurn], key: str) -> tuple[Message, ...]:
    return tuple(message_of(turn.value) for turn in turns if turn.path.startswith(f"{key}["))


def _objects(value: object) -> tuple[Mapping[str, object], ...]:
    return tuple(entry for entry in as_list(value) if isinstance(entry, dict))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
