"""Rows as JSON: one object in a line, one list of objects, or an object with a list of them inside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from fttui.domain.dataset.row import kind_of
from fttui.domain.dataset.strict_json import decode
from fttui.domain.errors import UnreadableFileError
from fttui.services.dataset.importing.byte_stream import ByteStream
from fttui.services.dataset.importing.rows import BadRow, SourceRow
from fttui.services.dataset.opener import LINE_LIMIT

_WHOLE_LIMIT = 256 * 1024 * 1024
"""Bytes of one object that is read whole."""
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|"|[\[\]{},]', re.DOTALL)
_INNER_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|"|[\[\]{}]', re.DOTALL)
"""The same inside a row, where commas part nothing that matters here."""
_NAMED_LINES = re.compile(r"\.(?:jsonl|ndjson)(?:\.|$)", re.IGNORECASE)
_TOO_LONG = "longer than 16 MiB"
_REASONS = {
    "invalid-json": "not valid JSON",
    "invalid-utf8": "bytes that are not UTF-8",
    "nul-byte": "a NUL byte",
    "too-deep": "nested too deeply",
    "duplicate-key": "a key stands twice",
    "number-out-of-range": "a number beyond 64 bits",
}
"""Flaws with which a row cannot be trusted; others are let pass, since the field may not be wanted."""


class JsonReading:
    """A file of JSON being read.

    Args:
        path: the file.
        encoding: its encoding, or None to tell it.
    """

    def __init__(self, path: Path, encoding: str | None = None) -> None:
        self._bytes = ByteStream(path, encoding)
        self._path = path
        self.notes = self._bytes.notes

    @property
    def share(self) -> float | None:
        """How much of the file was read."""
        return self._bytes.share

    def close(self) -> None:
        """Let go of the file."""
        self._bytes.close()

    def rows(self) -> Iterator[SourceRow | BadRow]:
        """The rows; see `Reading`. Lines are told from a list by how the text begins."""
        head = self._bytes.text_head().lstrip()
        if not head:
            raise UnreadableFileError(f"{self._path} is empty")
        if head.startswith("["):
            for line, item in list_items(self._bytes.blocks()):
                yield _row(line, item)
        elif _is_lines(head, is_called_lines=_NAMED_LINES.search(self._path.name) is not None):
            for number, line_bytes in lines(self._bytes.blocks()):
                if line_bytes is None or line_bytes.strip():
                    yield _row(number, line_bytes)
        else:
            yield from self._from_object()

    def _from_object(self) -> Iterator[SourceRow | BadRow]:
        pieces: list[bytes] = []
        for block in self._bytes.blocks():
            pieces.append(block)
            if sum(map(len, pieces)) > _WHOLE_LIMIT:
                raise UnreadableFileError(
                    f"{self._path} is one object of more than {_WHOLE_LIMIT // 1024**2} MiB",
                    hint="Write its rows one in a line, as JSON lines.",
                )
        decoded = decode(b"".join(pieces))
        if not isinstance(decoded.value, dict):
            words = decoded.flaws[0].message if decoded.flaws else f"it is {kind_of(decoded.value)}"
            raise UnreadableFileError(
                f"{self._path}: {words}", hint="Wanted is one object in a line, or a list of objects."
            )
        name, rows = rows_inside(decoded.value)
        if name:
            self.notes.append(f"the rows stand in {name}")
        for number, row in enumerate(rows, 1):
            yield SourceRow(number, row) if isinstance(row, dict) else BadRow(number, f"the row is {kind_of(row)}")


def _is_lines(head: str, *, is_called_lines: bool) -> bool:
    first, _, rest = head.partition("\n")
    if first.strip() == "{":
        return False
    if is_called_lines or not first.startswith("{"):
        return True
    following = rest.lstrip()
    if not following:
        return False
    # A broken first line among whole ones, or the beginning of an object over several lines.
    return following.startswith("{") and (decode(first.encode("utf-8", "replace")).readable or "\n{" in rest)


def rows_inside(value: dict[str, object]) -> tuple[str, list[object]]:
    """The rows of an object: its longest list of objects, its columns side by side, or itself."""
    lists = [(key, entry) for key, entry in value.items() if isinstance(entry, list) and entry]
    objects = [(key, entry) for key, entry in lists if all(isinstance(item, dict) for item in entry)]
    # A conversation is a list of objects as well, and a row by itself.
    if objects and not any(key in ("messages", "conversations", "conversation", "chat") for key, _ in objects):
        key, rows = max(objects, key=lambda pair: len(pair[1]))
        return key, rows
    columns = {
        key: entry if isinstance(entry, list) else list(entry.values())
        for key, entry in value.items()
        if isinstance(entry, list | dict) and entry
    }
    lengths = {len(column) for column in columns.values()}
    if len(columns) == len(value) > 1 and len(lengths) == 1 and not objects:
        names = list(columns)
        return "columns", [dict(zip(names, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    return "", [value]


def _row(number: int, raw: bytes | None) -> SourceRow | BadRow:
    if raw is None:
        return BadRow(number, _TOO_LONG)
    decoded = decode(raw)
    reason = next((_REASONS[flaw.code] for flaw in decoded.flaws if flaw.code in _REASONS), None)
    if reason is not None:
        return BadRow(number, reason)
    if not isinstance(decoded.value, dict):
        return BadRow(number, f"the row is {kind_of(decoded.value)}")
    return SourceRow(number, decoded.value)


def lines(blocks: Iterator[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """Lines with their numbers from 1, without their ends; None for one longer than 16 MiB."""
    number, rest, dropping = 1, b"", False
    for block in blocks:
        *whole, rest = (rest + block if rest else block).split(b"\n")
        for line in whole:
            yield number, None if dropping or len(line) > LINE_LIMIT else line.removesuffix(b"\r")
            number, dropping = number + 1, False
        if len(rest) > LINE_LIMIT:
            rest, dropping = b"", True
    if rest or dropping:
        yield number, None if dropping else rest


def list_items(blocks: Iterator[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """The entries of one JSON list, each with the line it begins in; None for one longer than 16 MiB.

    A list that is never closed gives a last entry that cannot be decoded.

    Raises:
        UnreadableFileError: one text inside is longer than 16 MiB, perhaps a quotation mark is missing.
    """
    text, at, begin, depth, line, dropped = b"", 0, 0, 0, 1, False
    for block in blocks:
        text = text[begin:] + block
        at, begin = at - begin, 0
        while found := (_TOKEN if depth == 1 else _INNER_TOKEN).search(text, at):
            token = found[0]
            at = found.end()
            if token == b'"':
                # This text goes on in the next block.
                at = found.start()
                break
            if token in (b"[", b"{"):
                depth += 1
                if depth == 1:
                    line += text.count(b"\n", begin, at)
                    begin = at
                continue
            depth -= token in (b"]", b"}")
            if depth == 0 or (depth == 1 and token == b","):
                item = text[begin : found.start()]
                if item.strip() or dropped or depth:
                    yield line + _blank_lines(item), None if dropped or len(item) > LINE_LIMIT else item.strip()
                if depth == 0:
                    return
                line += item.count(b"\n")
                begin, dropped = at, False
        else:
            at = len(text)
        if len(text) - at > LINE_LIMIT:
            where = line + text.count(b"\n", begin, at)
            raise UnreadableFileError(f"A text that begins in line {where} is {_TOO_LONG}")
        if at - begin > LINE_LIMIT:
            line += text.count(b"\n", begin, at)
            begin, dropped = at, True
    rest = text[begin:]
    if dropped or rest.strip():
        yield line + _blank_lines(rest), None if dropped else rest.strip()


def _blank_lines(item: bytes) -> int:
    """How many lines begin before what an item really says."""
    return item[: len(item) - len(item.lstrip())].count(b"\n")
