"""The short way for healthy lines: most rows of most files are conversations in which nothing is wrong.

A line passes here only if the rules of the domain, which are the reference, find nothing in it but what
`QuickRow.lacks_system` says; whatever is unusual, though it may be right, takes the long way.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fttui.services.dataset.quick_tools import ToolUse

_ROLES = frozenset({"system", "developer", "user", "assistant"})

_BEGINNINGS = (b'{"messages": [{"role"', b'{"messages":[{"role"')


class QuickRow(NamedTuple):
    """What counting needs of a healthy conversation: roles and contents in step, and the places of what is learnt."""

    roles: list[str]
    contents: list[str]
    """Empty where a message has none, as beside calls of tools."""
    learnt: list[int]
    lacks_system: bool
    tools: ToolUse | None = None

    @property
    def masked(self) -> list[int]:
        """The places of the answers that weight 0 keeps from being learnt."""
        return [place for place, role in enumerate(self.roles) if role == "assistant" and place not in self.learnt]


Reader = Callable[[bytes], QuickRow | None]
"""Reads a line if it is a healthy conversation, given the bytes without the line end."""


def fastest_reader() -> Reader:
    """The faster of the two readers: msgspec's where it is installed, which also takes rows with tools."""
    try:
        return _msgspec_reader()
    except ImportError:
        return standard_reader()


def _msgspec_reader() -> Reader:
    import msgspec

    from fttui.services.dataset.quick_shapes import PlainRow
    from fttui.services.dataset.quick_tools import ToolReader

    decode = msgspec.json.Decoder(PlainRow).decode
    read_with_tools = ToolReader().read
    unset = {msgspec.UNSET}

    def read(line: bytes) -> QuickRow | None:
        try:
            messages = decode(line).messages
        except msgspec.DecodeError:
            return read_with_tools(line)
        except (ValueError, RecursionError):
            return None
        roles: list[str] = [message.role for message in messages]
        contents = [message.content for message in messages]
        if not _is_whole(line, roles, contents):
            return None
        learnt = [place for place, role in enumerate(roles) if role == "assistant"]
        if {message.weight for message in messages} != unset:
            weights = [None if message.weight is msgspec.UNSET else message.weight for message in messages]
            learnt = _weighed(line, roles, weights)
        return _row(roles, contents, learnt)

    return read


def _row(roles: list[str], contents: list[str], learnt: list[int]) -> QuickRow | None:
    return QuickRow(roles, contents, learnt, "system" not in roles and "developer" not in roles) if learnt else None


def _is_whole(line: bytes, roles: list[str], contents: list[str]) -> bool:
    """Whether a conversation is as it should be, given that its roles are known and its contents are strings."""
    if not roles or roles[-1] != "assistant" or "user" not in roles:
        return False
    return all(contents) and not any(map(str.isspace, contents)) and not _may_have_twin_keys(line, len(roles))


def _weighed(line: bytes, roles: list[str], weights: Sequence[object]) -> list[int]:
    """The places of the answers that are learnt; none if a weight stands twice or elsewhere."""
    placed = [place for place, weight in enumerate(weights) if weight is not None]
    if line.count(b'"weight"') != len(placed) or any(roles[place] != "assistant" for place in placed):
        return []
    return [place for place, role in enumerate(roles) if role == "assistant" and weights[place] != 0]


def _may_have_twin_keys(line: bytes, messages: int) -> bool:
    """Whether role, content or messages may stand twice in one object, of which readers keep the last in silence.

    Quotes inside strings are escaped, so each ``"role"`` in the bytes is a key, or a whole string, or the end of one:
    with as many as there are messages, each has one. A list of messages that begins with a role was counted, so there
    is no other before it.
    """
    if not line.startswith(_BEGINNINGS) or line.count(b'"role"') != messages or line.count(b'"content"') != messages:
        return True
    # A key may be written in escapes and hide from the counts; the letters of all keys lie in these two rows of ASCII.
    return b"\\u00" in line and (b"\\u006" in line or b"\\u007" in line)


def standard_reader() -> Reader:
    """A reader with the standard library alone; rows with tools take the long way."""

    def refuse(text: str) -> None:
        raise ValueError(text)

    decode = json.JSONDecoder(parse_constant=refuse).decode

    def read(line: bytes) -> QuickRow | None:
        try:
            row: object = decode(line.decode())
            if b"\\ud" in line or b"\\uD" in line:
                # Half a character passes the standard library's reader.
                json.dumps(row, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            return None
        return _plain(line, row)

    return read


def _plain(line: bytes, row: object) -> QuickRow | None:
    messages = row.get("messages") if type(row) is dict and len(row) == 1 else None
    if type(messages) is not list:
        return None
    try:
        roles = [message["role"] for message in messages]
        contents = [message["content"] for message in messages]
        if not _ROLES.issuperset(roles):
            return None
    except (KeyError, TypeError):
        return None
    if set(map(type, contents)) != {str} or not _is_whole(line, roles, contents):
        return None
    learnt = [place for place, role in enumerate(roles) if role == "assistant"]
    if set(map(len, messages)) != {2}:
        weights = [message.get("weight") for message in messages]
        if any(type(weight) is not int or weight not in (0, 1) for weight in weights if weight is not None):
            return None
        if any(len(message) != 2 + ("weight" in message) for message in messages):
            return None
        learnt = _weighed(line, roles, weights)
    return _row(roles, contents, learnt)
