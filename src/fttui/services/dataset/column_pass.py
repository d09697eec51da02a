"""Goes through a file twice, to see what its columns have in common, and then which rows differ."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing
from itertools import islice
from pathlib import Path

from fttui.domain.dataset.finding import Finding
from fttui.domain.dataset.parsing import BYTE_ORDER_MARK
from fttui.domain.dataset.preparation.columns import Columns
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.rules.grader_fields import GraderFields
from fttui.domain.dataset.rules.pair_columns import column_findings, row_findings
from fttui.services.dataset.lines import lines_in
from fttui.services.dataset.opener import open_regular

_AT_ONCE = 500
"""Rows between which the work can be stopped."""


async def column_findings_of(source: Path, size: int, data_format: DataFormat | None) -> AsyncGenerator[Finding]:
    """What the rules about columns say of a file; nothing for formats without columns.

    Args:
        source: the plain file.
        size: its bytes.
        data_format: of its rows.

    Raises:
        UnreadableFileError: it cannot be opened any more.
    """
    match data_format:
        case DataFormat.COMPLETION:
            found = _pair_findings(source, size)
        case DataFormat.REINFORCEMENT:
            found = _grader_field_findings(source, size)
        case _:
            return
    async with aclosing(found):
        async for finding in found:
            yield finding


async def _grader_field_findings(source: Path, size: int) -> AsyncGenerator[Finding]:
    fields = GraderFields()
    async with aclosing(_chunks(source, size)) as chunks:
        async for chunk in chunks:
            for _, value in chunk:
                fields.add(value)
    async with aclosing(_chunks(source, size)) as chunks:
        async for chunk in chunks:
            for line, value in chunk:
                for finding in fields.missing_in(value, line):
                    yield finding


async def _pair_findings(source: Path, size: int) -> AsyncGenerator[Finding]:
    columns = Columns()
    async with aclosing(_chunks(source, size)) as chunks:
        async for chunk in chunks:
            await asyncio.to_thread(_add, columns, chunk)
    async with aclosing(_chunks(source, size)) as chunks:
        async for chunk in chunks:
            for line, value in chunk:
                for finding in row_findings(value, line, columns):
                    yield finding
    for finding in column_findings(columns):
        yield finding


async def _chunks(source: Path, size: int) -> AsyncGenerator[list[tuple[int, Mapping[str, object]]]]:
    descriptor, _ = await asyncio.to_thread(open_regular, source)
    rows = _rows(descriptor, size)
    try:
        while chunk := await asyncio.to_thread(_some, rows):
            yield chunk
    finally:
        os.close(descriptor)


def _add(columns: Columns, chunk: list[tuple[int, Mapping[str, object]]]) -> None:
    for _, value in chunk:
        columns.add(value)


def _some(rows: Iterator[tuple[int, Mapping[str, object]]]) -> list[tuple[int, Mapping[str, object]]]:
    return list(islice(rows, _AT_ONCE))


def _rows(descriptor: int, size: int) -> Iterator[tuple[int, Mapping[str, object]]]:
    for number, raw in enumerate(lines_in(descriptor, 0, size), 1):
        try:
            value = json.loads((raw or b"").removeprefix(BYTE_ORDER_MARK))
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            yield number, value
