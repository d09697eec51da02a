"""What the first bytes of a file tell: whether it can be lines of JSON at all, and in which format its rows are."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

from fttui.domain.dataset.finding import Finding
from fttui.domain.dataset.parsing import BYTE_ORDER_MARK, found
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.row import guess_format
from fttui.domain.dataset.strict_json import decode

_ROWS = 100
_COMPRESSED = {
    b"\x1f\x8b": "gzip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"PK\x03\x04": "zip",
}
_UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


@dataclass(frozen=True, slots=True)
class FirstLook:
    """The format that most of the first rows have, findings about the file, and whether reading on makes sense."""

    format: DataFormat | None
    findings: tuple[Finding, ...] = ()
    worth_reading: bool = True


def look_at(head: bytes, size: int) -> FirstLook:
    """Judge a file by its beginning.

    Args:
        head: the first bytes, a few hundred kilobytes at most.
        size: bytes of the whole file.
    """
    if not head.strip():
        return FirstLook(None, (found("empty-file", 0),), worth_reading=size > len(head))
    for magic, name in _COMPRESSED.items():
        if head.startswith(magic):
            sentence = f"The file is {name} compressed; unpack it first"
            return FirstLook(None, (found("compressed-file", 0, "", sentence),), worth_reading=False)
    if utf_16_of(head) is not None:
        return FirstLook(None, (found("utf-16", 0),), worth_reading=False)
    findings = []
    if _is_one_array(head, size):
        findings.append(found("json-array", 0))
    formats = Counter(_formats(head, whole=len(head) == size))
    winner = formats.most_common(1)[0][0] if formats else None
    return FirstLook(winner, tuple(findings))


def utf_16_of(head: bytes) -> str | None:
    """Which UTF-16 a file is in, by its mark, or by its zeros; None if it is in none.

    Every other byte of the signs and keys that a file begins with is zero, and the others hardly ever.

    Args:
        head: its first bytes.
    """
    if head[:2] in _UTF_16:
        return _UTF_16[head[:2]]
    beginning = head[:64]
    even, odd = beginning[::2].count(0), beginning[1::2].count(0)
    if max(even, odd) <= len(beginning) // 4 or min(even, odd) * 8 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _is_one_array(head: bytes, size: int) -> bool:
    first, newline, rest = head.removeprefix(BYTE_ORDER_MARK).lstrip().partition(b"\n")
    if not first.startswith(b"["):
        return False
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return True
    # A first line that is a whole list: the whole file, or just one wrong row among others.
    return not rest.strip() and len(head) == size if newline else len(head) == size


def _formats(head: bytes, *, whole: bool) -> list[DataFormat]:
    lines = head.removeprefix(BYTE_ORDER_MARK).split(b"\n", _ROWS)
    if not whole or len(lines) > _ROWS:
        lines.pop()
    values = [decode(line).value for line in lines]
    guessed = [guess_format(value) for value in values if isinstance(value, dict)]
    return [entry for entry in guessed if entry is not None]
