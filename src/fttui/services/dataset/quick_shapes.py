"""The shapes of rows that msgspec reads at once; imported when first used, as msgspec is."""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, Raw, Struct, UnsetType


class PlainMessage(Struct, forbid_unknown_fields=True, gc=False):
    """A message of text."""

    role: Literal["system", "developer", "user", "assistant"]
    content: str
    weight: Literal[0, 1] | UnsetType = UNSET


class PlainRow(Struct, forbid_unknown_fields=True, gc=False):
    """A conversation of text."""

    messages: list[PlainMessage]


class CalledFunction(Struct, forbid_unknown_fields=True, gc=False):
    """What is called; the arguments are JSON as text."""

    name: str
    arguments: str


class Call(Struct, forbid_unknown_fields=True, gc=False):
    """A call of a tool."""

    id: str
    type: Literal["function"]
    function: CalledFunction


class ToolMessage(Struct, forbid_unknown_fields=True, gc=False):
    """A message of a conversation with tools."""

    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | UnsetType | None = UNSET
    weight: Literal[0, 1] | UnsetType = UNSET
    tool_calls: list[Call] | UnsetType = UNSET
    tool_call_id: str | UnsetType = UNSET


class ToolRow(Struct, forbid_unknown_fields=True, gc=False):
    """A conversation with tools; their definitions are left as they stand."""

    messages: list[ToolMessage]
    tools: Raw
    parallel_tool_calls: bool | UnsetType = UNSET
