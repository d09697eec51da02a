"""The short way for healthy lines with tools: definitions repeat from row to row and are judged once.

As in `quick_rows`, a line passes only if the rules of the domain find nothing in it but a missing system message.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import msgspec
from msgspec import UNSET

from fttui.domain.dataset.parsing import check_line
from fttui.domain.dataset.record import ChatRecord, DataFormat
from fttui.services.dataset.quick_rows import QuickRow
from fttui.services.dataset.quick_shapes import Call, ToolMessage, ToolRow

_KEPT = 500
"""Sets of definitions that are remembered."""
_LONG_ARGUMENTS = 4000
_HEALTHY = b'{"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "u"}, '
_HEALTHY += b'{"role": "assistant", "content": "a"}], "tools": %s}'
_NESTING = re.compile(r"[\[{]")


@dataclass(frozen=True, slots=True, eq=False)
class Definitions:
    """The tools of a row, in which nothing is wrong."""

    names: frozenset[object]
    tools: tuple[Mapping[str, object], ...]


class ToolUse(NamedTuple):
    """What a row has beside its texts: definitions, and by place of the message the name and arguments of calls."""

    definitions: Definitions
    calls: list[tuple[int, str, str]]


class ToolReader:
    """Reads rows with tools; one per process."""

    def __init__(self) -> None:
        self._decode = msgspec.json.Decoder(ToolRow).decode
        self._decode_arguments = msgspec.json.Decoder(dict[str, object]).decode
        self._known: dict[bytes, Definitions | None] = {}

    def read(self, line: bytes) -> QuickRow | None:
        """Read a line if it is a healthy conversation with tools."""
        try:
            row = self._decode(line)
        except (msgspec.DecodeError, ValueError, RecursionError):
            return None
        raw = bytes(row.tools)
        definitions = self._definitions(raw)
        messages = row.messages
        if definitions is None or not messages or not self._are_healthy(messages, definitions):
            return None
        if b"\\u0022" in line or line.count(b'"') - raw.count(b'"') != _quotes(row):
            return None
        roles = tuple([message.role for message in messages])
        learnt = [
            place for place, message in enumerate(messages) if roles[place] == "assistant" and message.weight != 0
        ]
        if not learnt or roles[-1] != "assistant" or "user" not in roles:
            return None
        calls = [
            (place, call.function.name, call.function.arguments)
            for place, message in enumerate(messages)
            if message.tool_calls is not UNSET
            for call in message.tool_calls
        ]
        contents = [message.content if isinstance(message.content, str) else "" for message in messages]
        lacks_system = "system" not in roles and "developer" not in roles
        return QuickRow(roles, contents, learnt, lacks_system, ToolUse(definitions, calls))

    def _definitions(self, raw: bytes) -> Definitions | None:
        if raw not in self._known:
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[raw] = _judged(raw)
        return self._known[raw]

    def _are_healthy(self, messages: list[ToolMessage], definitions: Definitions) -> bool:
        called: set[str] = set()
        awaited: set[str] = set()
        for message in messages:
            content = message.content
            if isinstance(content, str) and content.isspace():
                return False
            if message.role == "tool":
                answered = message.tool_call_id
                if not isinstance(content, str) or answered not in called or _has(message.weight, message.tool_calls):
                    return False
                awaited.discard(answered)
                continue
            if awaited or message.tool_call_id is not UNSET:
                return False
            calls = message.tool_calls
            if calls is UNSET:
                if (
                    not isinstance(content, str)
                    or not content
                    or (message.role != "assistant" and message.weight is not UNSET)
                ):
                    return False
                continue
            if message.role != "assistant" or not calls:
                return False
            if not all(self._is_healthy(call, definitions) for call in calls):
                return False
            awaited = {call.id for call in calls}
            if len(awaited) != len(calls) or awaited & called:
                return False
            called |= awaited
        # Calls that end a conversation need no answers.
        return not awaited or messages[-1].tool_calls is not UNSET

    def _is_healthy(self, call: Call, definitions: Definitions) -> bool:
        return bool(call.id) and call.function.name in definitions.names and self._is_object(call.function.arguments)

    def _is_object(self, arguments: str) -> bool:
        # What is short has neither numbers nor nesting that readers quarrel about.
        if len(arguments) > _LONG_ARGUMENTS or len(_NESTING.findall(arguments)) > 50:
            return False
        try:
            self._decode_arguments(arguments)
        except (msgspec.DecodeError, ValueError, RecursionError):
            return False
        return True


def _has(*values: object) -> bool:
    return any(value is not UNSET for value in values)


def _quotes(row: ToolRow) -> int:
    """The quotation marks that a row has around and inside its strings, without its definitions.

    A key that stood twice, or anything under it, would leave more than these in the bytes, provided that none of
    those inside is written as a number.
    """
    strings = 2 + (row.parallel_tool_calls is not UNSET)
    inside = 0
    for message in row.messages:
        strings += 2 + (message.weight is not UNSET)
        if message.content is not UNSET:
            strings += 1
            if message.content is not None:
                strings += 1
                inside += message.content.count('"')
        if message.tool_call_id is not UNSET:
            strings += 2
            inside += message.tool_call_id.count('"')
        if message.tool_calls is not UNSET:
            strings += 1
            for call in message.tool_calls:
                strings += 9
                inside += call.id.count('"') + call.function.name.count('"') + call.function.arguments.count('"')
    return 2 * strings + inside


def _judged(raw: bytes) -> Definitions | None:
    """The definitions, if a row in which all else is right has no finding with them."""
    checked = check_line(_HEALTHY % raw, 0, DataFormat.CHAT)
    record = checked.record
    if checked.findings or not isinstance(record, ChatRecord) or not record.tools:
        return None
    return Definitions(frozenset(_names(record.tools)), record.tools)


def _names(tools: Iterable[Mapping[str, object]]) -> Iterable[object]:
    for tool in tools:
        function = tool.get("function")
        yield function.get("name") if isinstance(function, dict) else None
