"""The short way for healthy lines: most rows of most files are conversations in which nothing is wrong.

A line passes here only if the rules of the domain, which are the reference, find nothing in it but what
`QuickRow.lacks_system` says; whatever is unusual, though it may be right, takes the long way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fttui.services.dataset.quick_tools import ToolUse

# A key may be written in escapes and hide from being counted; the letters of all keys lie in these two rows of ASCII.
_HIDDEN_LETTER = re.compile(rb"\\u00[67]")
_WRITTEN = (
    (b'{"messages": [{"role": ', b'}, {"role": ', b', "content": '),
    (b'{"messages":[{"role":', b'},{"role":', b',"content":'),
)
"""How a conversation begins, what stands between its messages and inside each, with spaces and without."""
_BEGINNINGS = tuple(begin.rstrip(b": ") for begin, _, _ in _WRITTEN)
_END = b'"}]}'
_ROLES = {f'"{role}"'.encode(): role for role in ("system", "developer", "user", "assistant")}


class QuickRow(NamedTuple):
    """What counting needs of a healthy conversation: roles and contents in step, and the places of what is learnt."""

    roles: tuple[str, ...]
    contents: list[str]
    """Empty where a message has none, as beside calls of tools."""
    learnt: Sequence[int]
    lacks_system: bool
    tools: ToolUse | None = None

    @property
    def masked(self) -> list[int]:
        """The places of the answers that weight 0 keeps from being learnt."""
        return [place for place, role in enumerate(self.roles) if role == "assistant" and place not in self.learnt]


Reader = Callable[[bytes], QuickRow | None]
"""Reads a line if it is a healthy conversation, given the bytes without the line end."""


def quick_reader() -> Reader:
    """A reader of rows with and without tools."""
    import msgspec

    from fttui.services.dataset.quick_shapes import PlainRow
    from fttui.services.dataset.quick_tools import ToolReader

    read_plainly_written = plain_reader(msgspec.json.Decoder(str).decode, msgspec.DecodeError)
    decode = msgspec.json.Decoder(PlainRow).decode
    read_with_tools = ToolReader().read
    unset = {msgspec.UNSET}

    def read(line: bytes) -> QuickRow | None:
        row = read_plainly_written(line)
        if row is not None:
            return row
        try:
            messages = decode(line).messages
        except msgspec.DecodeError:
            return read_with_tools(line)
        except (ValueError, RecursionError):
            return None
        if _may_have_twin_keys(line, len(messages)):
            return None
        roles = tuple([message.role for message in messages])
        contents = [message.content for message in messages]
        weights = [message.weight for message in messages]
        row = _row(roles, contents)
        if row is None or {*weights} == unset:
            return row
        learnt = _weighed(line, roles, [None if weight is msgspec.UNSET else weight for weight in weights])
        return row._replace(learnt=learnt) if learnt else None

    return read


def plain_reader(decode: Callable[[bytes], str], refusal: type[Exception]) -> Reader:
    """A reader of rows as most programs write them, which is the fastest.

    There all bytes around roles and texts are known. What is left is a role or one text to its end, quotation marks
    included, so no other key can stand there, nor one twice.

    Args:
        decode: reads a JSON string.
        refusal: what it raises where there is none.
    """

    def read(line: bytes) -> QuickRow | None:
        if line.endswith(_END):
            for begin, between, inside in _WRITTEN:
                if line.startswith(begin):
                    return read_between(line[len(begin) : 1 - len(_END)].split(between), inside)
        return None

    def read_between(messages: list[bytes], inside: bytes) -> QuickRow | None:
        roles: list[str] = []
        contents: list[str] = []
        try:
            for message in messages:
                role, _, content = message.partition(inside)
                roles.append(_ROLES[role])
                contents.append(decode(content))
        except (KeyError, ValueError, refusal):
            return None
        return _row(tuple(roles), contents)

    return read


def _row(roles: tuple[str, ...], contents: list[str]) -> QuickRow | None:
    """The conversation if it is as it should be, given that roles are known, contents strings, and no key twice."""
    answers, lacks_system = _shape(roles)
    if not answers or not all(contents) or any(map(str.isspace, contents)):
        return None
    return QuickRow(roles, contents, answers, lacks_system)


@lru_cache(4096)
def _shape(roles: tuple[str, ...]) -> tuple[Sequence[int], bool]:
    """Which messages are answers, none if these roles make no conversation; and whether nobody gives instructions."""
    lacks_system = "system" not in roles and "developer" not in roles
    if not roles or roles[-1] != "assistant" or "user" not in roles:
        return (), lacks_system
    return tuple(place for place, role in enumerate(roles) if role == "assistant"), lacks_system


def _weighed(line: bytes, roles: Sequence[str], weights: Sequence[object]) -> list[int]:
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
    return _HIDDEN_LETTER.search(line) is not None
