"""Multipart bodies, with the one large field streamed to disk as it comes in."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from fttui.engine.server.failures import ApiError

_WRITE_BYTES = 1 << 20
_MAX_FIELD_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Received:
    """What came in: the small fields, and the name and size in bytes of the large one."""

    fields: Mapping[str, str]
    filename: str | None
    bytes: int


async def receive_form(request: Request, field: str, target: Path, limit: int) -> Received:
    """Read a multipart body.

    Args:
        field: the name of the large field.
        target: where its content goes; removed again when the request fails.
        limit: the most bytes it may have.

    Raises:
        ApiError: the body is not multipart, is broken off or is too large.
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise ApiError("The request must be multipart/form-data.", status=400)
    form = _Form(boundary, field, target, limit)
    try:
        waiting = bytearray()
        async for piece in request.stream():
            waiting += piece
            if len(waiting) >= _WRITE_BYTES:
                await asyncio.to_thread(form.feed, bytes(waiting))
                waiting.clear()
        await asyncio.to_thread(form.feed, bytes(waiting))
        return form.finish()
    except BaseException as error:
        form.abandon()
        if isinstance(error, FormParserError | ClientDisconnect | UnicodeDecodeError):
            raise ApiError("The multipart body of your request is incomplete or malformed.") from error
        raise


class _Form:
    """The parser's callbacks: the large field goes to a file, the others into a dictionary."""

    def __init__(self, boundary: bytes, field: str, target: Path, limit: int) -> None:
        self._field = field
        self._target = target
        self._limit = limit
        self._file = target.open("wb")
        self._size: int | None = None
        self._filename: str | None = None
        self._fields: dict[str, str] = {}
        self._header_name = bytearray()
        self._header_value = bytearray()
        self._headers: dict[bytes, bytes] = {}
        self._name = ""
        self._text = bytearray()
        self._complete = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._on_header_name,
                "on_header_value": self._on_header_value,
                "on_header_end": self._on_header_end,
                "on_headers_finished": self._on_headers,
                "on_part_data": self._on_data,
                "on_part_end": self._on_part_end,
                "on_end": self._on_end,
            },
        )

    def feed(self, piece: bytes) -> None:
        if piece:
            self._parser.write(piece)

    def finish(self) -> Received:
        self._parser.finalize()
        self._file.close()
        if not self._complete:
            raise FormParserError("the closing boundary is missing")
        if self._size is None:
            message = f"Missing required parameter: '{self._field}'."
            raise ApiError(message, code="missing_required_parameter", param=self._field)
        return Received(self._fields, self._filename, self._size)

    def abandon(self) -> None:
        # What a full disk did not take is not taken on closing either.
        with suppress(OSError):
            self._file.close()
        self._target.unlink(missing_ok=True)

    def _begin(self) -> None:
        self._headers = {}
        self._text = bytearray()

    def _on_header_name(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def _on_header_end(self) -> None:
        self._headers[bytes(self._header_name).lower()] = bytes(self._header_value)
        self._header_name.clear()
        self._header_value.clear()

    def _on_headers(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition"))
        self._name = options.get(b"name", b"").decode()
        if self._name == self._field:
            self._size = 0
            self._filename = options.get(b"filename", b"").decode() or None

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        piece = data[start:end]
        if self._name != self._field:
            self._text += piece
            if len(self._text) > _MAX_FIELD_BYTES:
                raise ApiError(f"The field '{self._name[:64]}' is too large.", status=413)
            return
        self._size = (self._size or 0) + len(piece)
        if self._size > self._limit:
            raise ApiError(f"The file is larger than {self._limit} bytes.", status=413)
        self._file.write(piece)

    def _on_part_end(self) -> None:
        if self._name != self._field:
            self._fields[self._name] = self._text.decode()

    def _on_end(self) -> None:
        self._complete = True
