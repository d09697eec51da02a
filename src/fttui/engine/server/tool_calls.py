"""Telling what a model says from what it calls, while the reply still grows.

Models of this engine learn calls as text: one line `<tool_call>{"name": …, "arguments": …}</tool_call>` each.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from fttui.engine.identifiers import new_id
from fttui.engine.json_values import JsonObject

_OPEN, _CLOSE = "<tool_call>", "</tool_call>"
_CALL = re.compile(r'\{"name": ("(?:[^"\\]|\\.)*"), "arguments": (.*)\}', re.DOTALL)


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call of a function; `arguments` is the text the model wrote for them, JSON or not."""

    id: str
    name: str
    arguments: str

    def as_json(self) -> JsonObject:
        """Return the call as the protocol writes it."""
        return {"id": self.id, "type": "function", "function": {"name": self.name, "arguments": self.arguments}}


class CallReader:
    """Takes a reply's text bit by bit and hands out what is said; what is called gathers in `calls`."""

    def __init__(self) -> None:
        self.calls: list[ToolCall] = []
        self._held = ""

    def push(self, text: str) -> str:
        """Add text, and return what can be shown: nothing that is a call or may become one."""
        self._held += text
        said = ""
        while (start := self._held.find(_OPEN)) >= 0:
            end = self._held.find(_CLOSE, start)
            # The line break before a call is part of how calls are written, not of the text.
            before = self._held[:start].removesuffix("\n")
            if end < 0:
                self._held = self._held[len(before) :]
                return said + before
            call = _parse(self._held[start + len(_OPEN) : end])
            if call is None:
                said += self._held[: end + len(_CLOSE)]
            else:
                said += before
                self.calls.append(call)
            self._held = self._held[end + len(_CLOSE) :]
        keep = _beginning(self._held, f"\n{_OPEN}") or _beginning(self._held, _OPEN)
        said += self._held[: len(self._held) - keep]
        self._held = self._held[len(self._held) - keep :]
        return said

    def close(self) -> str:
        """Return what was held back; a call that was never finished is only text."""
        held, self._held = self._held, ""
        return held


def _parse(text: str) -> ToolCall | None:
    found = _CALL.fullmatch(text)
    if found is None:
        return None
    try:
        name = json.loads(found[1])
    except ValueError:
        return None
    return ToolCall(new_id("call_"), name, found[2])


def _beginning(text: str, mark: str) -> int:
    """Return the length of the longest end of a text that begins a mark."""
    return next((size for size in range(min(len(text), len(mark)), 0, -1) if text.endswith(mark[:size])), 0)
