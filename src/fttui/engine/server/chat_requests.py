"""What a request for a chat reply may say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fttui.engine.json_values import JsonValue
from fttui.engine.server.bodies import Body
from fttui.engine.server.failures import ApiError
from fttui.engine.server.sampling import Streaming, check_parameters, generation_settings, streaming

if TYPE_CHECKING:
    from fttui.engine.nano.generation import GenerationSettings

MAX_TOP_LOGPROBS = 20

_ROLES = ("system", "assistant", "user", "function", "tool", "developer")
_OWN_PARAMETERS = ("max_completion_tokens", "messages", "tools", "top_logprobs")


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A request that keeps the rules; whether its model exists is another question."""

    model: str
    messages: Sequence[Mapping[str, object]]
    tools: Sequence[object] | None
    settings: GenerationSettings
    logprobs: bool
    streaming: Streaming


def parse_chat_request(body: Body) -> ChatRequest:
    """Read a request for a chat reply.

    Raises:
        ApiError: it breaks a rule, or asks for something this engine does not do.
    """
    check_parameters(body, _OWN_PARAMETERS)
    model = body.needed_text("model")
    way = streaming(body)
    logprobs = body.flag("logprobs")
    top_logprobs = body.integer("top_logprobs", 0, MAX_TOP_LOGPROBS)
    if top_logprobs is not None and not logprobs:
        raise ApiError("The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.", param="top_logprobs")
    return ChatRequest(
        model=model,
        messages=_messages(body),
        tools=_tools(body),
        settings=generation_settings(body, max_tokens=_max_tokens(body), top_logprobs=top_logprobs or 0),
        logprobs=logprobs,
        streaming=way,
    )


def _max_tokens(body: Body) -> int | None:
    new, old = body.integer("max_completion_tokens", 1), body.integer("max_tokens", 1)
    if new is not None and old is not None:
        message = "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported."
        raise ApiError(message, code="invalid_parameter_combination", param="max_tokens")
    return old if new is None else new


def _messages(body: Body) -> Sequence[Mapping[str, object]]:
    body.required("messages")
    messages = body.get("messages")
    if not isinstance(messages, list):
        raise body.wrong_type("messages", "an array of objects")
    if not messages:
        reason = "empty array. Expected an array with minimum length 1, but got an empty array instead."
        raise body.invalid("messages", reason, "empty_array")
    for place, message in enumerate(messages):
        _check_message(message, f"messages[{place}]")
    return messages


def _check_message(message: JsonValue, name: str) -> None:
    if not isinstance(message, dict):
        expected = f"Invalid type for '{name}': expected an object."
        raise ApiError(expected, code="invalid_type", param=name)
    role, content = message.get("role"), message.get("content")
    if role is None:
        raise ApiError(
            f"Missing required parameter: '{name}.role'.", code="missing_required_parameter", param=f"{name}.role"
        )
    if role not in _ROLES:
        known = ", ".join(f"'{known}'" for known in _ROLES)
        expected = f"Invalid value: '{role}'. Supported values are: {known}."
        raise ApiError(expected, code="invalid_value", param=f"{name}.role")
    if content is not None and not isinstance(content, str | list):
        expected = f"Invalid type for '{name}.content': expected a string or an array of objects."
        raise ApiError(expected, code="invalid_type", param=f"{name}.content")
    for part in content if isinstance(content, list) else []:
        if not isinstance(part, dict) or part.get("type") not in {"text", "refusal"}:
            raise ApiError(
                "Only text can be read by the models of this engine.", code="invalid_value", param=f"{name}.content"
            )


def _tools(body: Body) -> Sequence[object] | None:
    tools = body.get("tools")
    if tools is None:
        return None
    if not isinstance(tools, list):
        raise body.wrong_type("tools", "an array of objects")
    return tools if body.get("tool_choice") != "none" else None
