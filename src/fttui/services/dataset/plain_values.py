"""Frozen values back from the plain lists and objects of JSON, by their annotations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path, PurePath
from types import NoneType, UnionType
from typing import TypeVar, Union, cast, get_args, get_origin, get_type_hints

Value = TypeVar("Value")


def rebuilt(kind: type[Value], value: object) -> Value:
    """Build a value of a kind from what `dataclasses.asdict` and JSON have made of one.

    Raises:
        ValueError, TypeError: it is none.
    """
    return cast("Value", _built(kind, value))


def _built(kind: object, value: object) -> object:
    if get_origin(kind) in (Union, UnionType):
        kinds = get_args(kind)
        if value is None and NoneType in kinds:
            return None
        (kind,) = (entry for entry in kinds if entry is not NoneType)
    if get_origin(kind) is tuple:
        return _tuple_of(get_args(kind), value)
    if kind is float and type(value) is int:
        return float(value)
    if kind in (int, float, str, bool):
        if type(value) is not kind:
            raise TypeError(f"{value!r} is no {kind}")
        return value
    if not isinstance(kind, type):
        raise TypeError(f"{kind} cannot be built")
    if is_dataclass(kind):
        if not isinstance(value, dict) or value.keys() != _hints(kind).keys():
            raise TypeError(f"{value!r} is no {kind}")
        return kind(**{name: _built(hint, value[name]) for name, hint in _hints(kind).items()})
    if issubclass(kind, Enum):
        return kind(value)
    if kind is PurePath and isinstance(value, str):
        return Path(value)
    raise TypeError(f"{value!r} is no {kind}")


def _tuple_of(kinds: tuple[object, ...], value: object) -> tuple[object, ...]:
    if not isinstance(value, list):
        raise TypeError(f"{value!r} is no list")
    if len(kinds) == 2 and kinds[1] is ...:
        return tuple(_built(kinds[0], entry) for entry in value)
    return tuple(_built(kind, entry) for kind, entry in zip(kinds, value, strict=True))


@cache
def _hints(kind: type) -> Mapping[str, object]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}
