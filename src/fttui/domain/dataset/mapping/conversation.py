"""A conversation that grows turn by turn, in the protocol's own shape."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from fttui.domain.dataset.mapping.field_path import as_text, structure
from fttui.domain.dataset.record import INSTRUCTING
from fttui.domain.dataset.speakers import role_named

Message = dict[str, object]

_KEPT = ("name", "weight", "refusal", "tool_calls", "tool_call_id", "function_call")
"""Keys of a message that mean something to the protocol besides role and content."""


class SkippedError(Exception):
    """This row becomes no training row; the text says why, in words that many rows may share."""


class Conversation:
    """Messages in order. Calls that were written as text get ids, and the tools' answers after them the same.

    Args:
        roles: what further names of speakers mean, by name in lower case.
    """

    def __init__(self, roles: Mapping[str, str]) -> None:
        self.messages: list[Message] = []
        self._roles = roles
        self._calls = 0
        self._open_calls: list[str] = []

    def say(self, role: str, text: str) -> None:
        """Add a turn; nothing is added for an empty text."""
        if not text.strip():
            return
        if role == "tool_call":
            self._call(text)
        elif role == "tool":
            self._answer(text)
        else:
            self.messages.append({"role": role, "content": text})

    def take(self, entry: Mapping[str, object], role_key: str, content_key: str) -> None:
        """Add a turn from an object that names its speaker."""
        role = self.role_of(as_text(entry.get(role_key)))
        content = entry.get(content_key)
        kept = {key: entry[key] for key in _KEPT if entry.get(key) is not None}
        if role == "tool_call" or (role == "tool" and "tool_call_id" not in kept):
            self.say(role, as_text(content))
        elif kept or isinstance(content, list) or (role_key, content_key) == ("role", "content"):
            # The protocol's own shape goes through as it stands, empty texts included: it was meant so.
            self._open_calls = [as_text(call.get("id")) for call in _objects(kept.get("tool_calls"))]
            said: Message = {"content": content} if content_key in entry else {}
            self.messages.append({"role": role, **said, **kept})
        else:
            self.say(role, as_text(content))

    def role_of(self, name: str) -> str:
        """The role that a speaker's name means.

        Raises:
            SkippedError: nobody knows.
        """
        role = self._roles.get(name.strip().casefold()) or role_named(name)
        if role is None:
            shown = name.strip()[:40]
            known = f'speaker "{shown}" is not known; say what the name means, such as {shown}:assistant'
            raise SkippedError(known if shown else "a turn without a speaker")
        return role

    def replace_system(self, messages: Sequence[Message]) -> None:
        """Put system turns first, in place of those that are there."""
        if messages:
            self.messages = [*messages, *(said for said in self.messages if said["role"] not in INSTRUCTING)]

    def _call(self, text: str) -> None:
        value = structure(text)
        calls = _objects(value if isinstance(value, list) else [value])
        if not calls:
            raise SkippedError("a call that is not JSON with name and arguments")
        self._open_calls = []
        written = []
        for call in calls:
            inner = call.get("function")
            called = inner if isinstance(inner, Mapping) else call
            arguments = called.get("arguments", called.get("parameters", {}))
            if not isinstance(called.get("name"), str):
                raise SkippedError("a call that is not JSON with name and arguments")
            self._calls += 1
            self._open_calls.append(f"call_{self._calls}")
            words = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
            function = {"name": called["name"], "arguments": words}
            written.append({"id": self._open_calls[-1], "type": "function", "function": function})
        self.messages.append({"role": "assistant", "tool_calls": written})

    def _answer(self, text: str) -> None:
        if not self._open_calls:
            raise SkippedError("a tool's answer without a call before it")
        self.messages.append({"role": "tool", "tool_call_id": self._open_calls.pop(0), "content": text})


def _objects(value: object) -> list[Mapping[str, object]]:
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []


def text_of(message: Message) -> str:
    """What a message says, without pictures and calls."""
    content = message.get("content")
    if isinstance(content, list):
        return "".join(as_text(part.get("text")) for part in _objects(content))
    return as_text(content)


def is_answer(message: Message) -> bool:
    """Whether the assistant says or calls something here."""
    return message["role"] == "assistant" and bool(
        text_of(message).strip() or message.get("tool_calls") or message.get("function_call") or message.get("refusal")
    )


def as_prompt_and_completion(messages: Sequence[Message]) -> tuple[str, str]:
    """The last answer, and everything before it as one text: instructions first; longer talks name the speakers.

    Raises:
        SkippedError: there is no answer at the end, or there are pictures or calls, which a text cannot hold.
    """
    if not messages or not is_answer(messages[-1]):
        raise SkippedError("no answer at the end")
    for message in messages:
        if isinstance(message.get("content"), list) or message.keys() & {"tool_calls", "function_call"}:
            raise SkippedError("pictures and calls have no place in a prompt")
    *before, answer = messages
    if [message["role"] for message in before if message["role"] not in INSTRUCTING] in ([], ["user"]):
        return "\n\n".join(text_of(message) for message in before), text_of(answer)
    named = [f"{str(message['role']).capitalize()}: {text_of(message)}" for message in before]
    return "\n\n".join((*named, "Assistant:")), text_of(answer)
