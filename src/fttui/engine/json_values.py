"""The shape of JSON as this engine reads and writes it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

JsonValue: TypeAlias = "str | int | float | bool | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
"""Anything that JSON can say."""

JsonObject: TypeAlias = "Mapping[str, JsonValue]"
"""A JSON object."""


def encode(value: JsonValue) -> str:
    """Write a value as compact JSON; NaN and infinity are refused, because JSON has no word for them."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def decode_object(text: str | None) -> JsonObject:
    """Read an object this engine wrote; nothing reads as the empty object."""
    if not text:
        return {}
    value = json.loads(text)
    if not isinstance(value, dict):
        raise TypeError("an object was stored here, and something else came back")
    return value
