"""The short way for healthy lines: most rows of most files are plain conversations in which nothing is wrong.

A line passes here only if the rules of the domain, which are the reference, find nothing in it but what
`QuickRow.lacks_system` says; whatever is unusual, though it may be right, takes the long way.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import NamedTuple

_ROLES = frozenset({"system", "developer", "user", "assistant"})

_BEGINNINGS = (b'{"messages": [{"role"', b'{"messages":[{"role"')

Read = Callable[[bytes], object]


class QuickRow(NamedTuple):
    """What counting needs of a healthy conversation: roles and contents in step, and the places of what is learnt."""

    roles: list[str]
    contents: list[str]
    learnt: list[int]
    lacks_system: bool


def quick_row(line: bytes, read: Read) -> QuickRow | None:
    """Read a line if it is a healthy plain conversation.

    Args:
        line: the bytes of one line.
        read: one of the readers below.
    """
    row = read(line)
    messages = row.get("messages") if type(row) is dict and len(row) == 1 else None
    if type(messages) is not list or not messages:
        return None
    try:
        roles = [message["role"] for message in messages]
        contents = [message["content"] for message in messages]
        if not _ROLES.issuperset(roles):
            return None
    except (KeyError, TypeError):
        return None
    if roles[-1] != "assistant" or "user" not in roles or set(map(type, contents)) != {str}:
        return None
    if not all(contents) or any(map(str.isspace, contents)) or _may_have_twin_keys(line, len(messages)):
        return None
    learnt = [place for place, role in enumerate(roles) if role == "assistant"]
    if set(map(len, messages)) != {2}:
        learnt = _weighed(line, messages, learnt)
    return QuickRow(roles, contents, learnt, "system" not in roles and "developer" not in roles) if learnt else None


def _weighed(line: bytes, messages: list[dict[str, object]], answers: list[int]) -> list[int]:
    """The places of the answers that are learnt; none if messages have more than weights, or weights go wrong."""
    weighed = [message for message in messages if len(message) != 2]
    weights = [message.get("weight") for message in weighed]
    plain = all(type(weight) is int and weight in (0, 1) for weight in weights)
    roles_too = all(len(message) == 3 and message["role"] == "assistant" for message in weighed)
    if not plain or not roles_too or line.count(b'"weight"') != len(weights):
        return []
    return [place for place in answers if messages[place].get("weight", 1)]


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


def fastest_reader() -> Read:
    """A strict reader of JSON that answers None to whatever it does not like: msgspec's where it is installed."""
    try:
        return _msgspec_reader()
    except ImportError:
        return standard_reader()


def _msgspec_reader() -> Read:
    import msgspec

    decode = msgspec.json.Decoder().decode

    def read(line: bytes) -> object:
        try:
            return decode(line)
        except (msgspec.DecodeError, ValueError, RecursionError):
            return None

    return read


def standard_reader() -> Read:
    """The same with the standard library."""

    def refuse(text: str) -> None:
        raise ValueError(text)

    decode = json.JSONDecoder(parse_constant=refuse).decode

    def read(line: bytes) -> object:
        try:
            row: object = decode(line.decode())
            if b"\\ud" in line or b"\\uD" in line:
                # Half a character passes the standard library's reader.
                json.dumps(row, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            return None
        return row

    return read
