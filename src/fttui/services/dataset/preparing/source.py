"""The rows of a file that is to be prepared, one after the other, whatever the file is written in."""

from __future__ import annotations

import codecs
import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from fttui.domain.dataset.finding import Finding
from fttui.domain.dataset.first_look import look_at
from fttui.domain.dataset.mapping.foreign import foreign_shape
from fttui.domain.dataset.mapping.proposal import Proposal
from fttui.domain.dataset.parsing import BYTE_ORDER_MARK
from fttui.domain.dataset.preparation.mender import format_of
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.strict_json import decode
from fttui.domain.errors import UnreadableFileError
from fttui.services.dataset.lines import lines_in
from fttui.services.dataset.opener import LINE_LIMIT, Identity, identity_now, open_regular, read_head
from fttui.services.dataset.plain_copy import PlainCopy

Tick = Callable[[int, int], None]
"""Called with bytes done and bytes in all, every few hundred rows."""

_FIRST_ROWS = 100
_ROWS_A_TICK = 256
_BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line, or one entry of an array: its number from 1, its bytes as UTF-8, what reading already did to it.

    `raw` is None for a line of more than 16 MiB.
    """

    number: int
    raw: bytes | None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was when it was opened; `content` is what is read of it, itself or a plain copy of `size` bytes."""

    path: Path
    identity: Identity
    mode: int
    """Who may read the file; what is written may be read by the same."""
    content: Path
    size: int
    encoding: str = "utf-8"
    is_array: bool = False
    trouble: tuple[Finding, ...] = ()
    """What was found in unpacking it."""
    format: DataFormat | None = field(default=None, compare=False)
    foreign: Proposal | None = field(default=None, compare=False)
    """The shape of the first rows, where they are for the import."""

    @classmethod
    def open(cls, path: Path, copy: PlainCopy | None = None) -> Source:
        """Look at a file.

        Args:
            path: the file.
            copy: a plain copy of it, where it is packed.

        Raises:
            UnreadableFileError: it is absent, not allowed, not a regular file, packed and without a copy, or empty.
        """
        descriptor, identity = open_regular(path)
        mode = os.fstat(descriptor).st_mode & 0o777
        os.close(descriptor)
        content = path if copy is None else copy.path
        head, there = read_head(content)
        look = look_at(head, there.size)
        codes = {finding.code for finding in look.findings}
        if head.startswith(b"PK\x03\x04"):
            hint = "fttui import makes training rows of a workbook; unpack an archive first."
            raise UnreadableFileError(f"{path} is a workbook, or a zip archive", hint=hint)
        if "compressed-file" in codes or not there.size:
            hint = "Unpack it first." if there.size else "There is nothing in it to prepare."
            raise UnreadableFileError(f"{path}: {look.findings[0].message}", hint=hint)
        encoding = _utf_16(head) if "utf-16" in codes else "utf-8"
        is_array = "json-array" in codes or _begins_array(head, encoding)
        trouble = copy.findings if copy is not None else ()
        plain = cls(path, identity, mode, content, there.size, encoding, is_array, trouble)
        values = (decode(line.raw).value for line in islice(plain.lines(), _FIRST_ROWS) if line.raw)
        rows = [value for value in values if isinstance(value, dict)]
        most = Counter(found for row in rows if (found := format_of(row))).most_common(1)
        return replace(plain, format=most[0][0] if most else None, foreign=foreign_shape(rows) if rows else None)

    @property
    def changed(self) -> bool:
        """Whether the path now leads to other content."""
        return identity_now(self.path) != self.identity

    def sha256(self) -> str:
        """The file's digest in hexadecimal."""
        return sha256_of(self.path)

    def lines(self, tick: Tick | None = None) -> Iterator[SourceLine]:
        """Go through the file from its beginning."""
        if self.is_array:
            found = _entries(self._text())
        elif self.encoding != "utf-8":
            found = _lines_of(self._text())
        else:
            found = self._plain_lines()
        done = 0
        for line in found:
            done += len(line.raw or b"") + 1
            if tick is not None and line.number % _ROWS_A_TICK == 0:
                tick(min(done, self.size), self.size)
            yield line if self.content == self.path else replace(line, codes=("unpack", *line.codes))
        if tick is not None:
            tick(self.size, self.size)

    def _plain_lines(self) -> Iterator[SourceLine]:
        descriptor, _ = open_regular(self.content)
        try:
            for number, raw in enumerate(lines_in(descriptor, 0, self.size), 1):
                line = raw
                codes: tuple[str, ...] = ()
                if line is not None and number == 1 and line.startswith(BYTE_ORDER_MARK):
                    line, codes = line[len(BYTE_ORDER_MARK) :], ("strip-byte-order-mark",)
                if line is not None and line.endswith(b"\r"):
                    line, codes = line[:-1], (*codes, "unix-line-ends")
                yield SourceLine(number, line, codes)
        finally:
            os.close(descriptor)

    def _text(self) -> Iterator[str]:
        """The file's text in blocks; bytes that are no characters become signs for themselves."""
        decoder = codecs.getincrementaldecoder(self.encoding)("surrogateescape" if self._is_utf_8 else "replace")
        descriptor, _ = open_regular(self.content)
        try:
            with os.fdopen(descriptor, "rb", closefd=False) as stream:
                while block := stream.read(_BLOCK):
                    yield decoder.decode(block)
                yield decoder.decode(b"", final=True)
        finally:
            os.close(descriptor)

    @property
    def _is_utf_8(self) -> bool:
        return self.encoding.startswith("utf-8")


def sha256_of(path: Path) -> str:
    """A file's digest in hexadecimal."""
    descriptor, _ = open_regular(path)
    with os.fdopen(descriptor, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _utf_16(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-16-le" if head[1:64:2].count(0) > head[:64:2].count(0) else "utf-16-be"


def _begins_array(head: bytes, encoding: str) -> bool:
    return encoding != "utf-8" and head.decode(encoding, "replace").lstrip().startswith("[")


def _lines_of(blocks: Iterator[str]) -> Iterator[SourceLine]:
    rest, number = "", 0
    for block in blocks:
        *whole, rest = (rest + block).split("\n")
        for text in whole:
            number += 1
            yield _line_of(number, text)
        if len(rest) > LINE_LIMIT:
            raise UnreadableFileError("A line of a UTF-16 file has more than 16 MiB", hint="Save the file as UTF-8.")
    if rest:
        yield _line_of(number + 1, rest)


def _line_of(number: int, text: str) -> SourceLine:
    codes: tuple[str, ...] = ("decode-utf-16",)
    if text.endswith("\r"):
        text, codes = text[:-1], (*codes, "unix-line-ends")
    return SourceLine(number, text.encode("utf-8", "replace"), codes)


def _entries(blocks: Iterator[str]) -> Iterator[SourceLine]:
    """The entries of one JSON array.

    Raises:
        UnreadableFileError: an entry is broken, so that nobody knows where the next one begins.
    """
    decoder = json.JSONDecoder()
    text, position, number = "", 0, 0
    more = True
    while more or position < len(text):
        place = _next_entry(text, position, opened=number > 0)
        try:
            end = decoder.raw_decode(text, place)[1] if place < len(text) else -1
        except (ValueError, RecursionError):
            end = -1
        # A number at the end of what was read may go on.
        if end >= 0 and (end < len(text) or not more):
            number += 1
            yield _entry(number, text[place:end])
            position = end
            continue
        if more and len(text) - position <= LINE_LIMIT:
            block = next(blocks, None)
            text, position, more = text[position:] + (block or ""), 0, block is not None
            continue
        if text[place:].strip() not in ("", "]"):
            hint = "Mend it, or save the file as one object per line: then broken rows can be left out."
            raise UnreadableFileError(f"Entry {number + 1:,} of the array is not valid JSON", hint=hint)
        return


def _entry(number: int, text: str) -> SourceLine:
    raw = text.encode("utf-8", "surrogateescape")
    # An entry may be written over several lines; white space between its parts means nothing.
    return SourceLine(number, raw.replace(b"\r", b"").replace(b"\n", b" "), ("split-json-array",))


def _next_entry(text: str, position: int, *, opened: bool) -> int:
    """Where the next entry begins: after white space, a byte order mark, the bracket and a comma."""
    skipped = "," if opened else "\ufeff["
    while position < len(text) and (text[position].isspace() or text[position] in skipped):
        position += 1
    return position
