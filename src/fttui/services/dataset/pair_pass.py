"""Goes through a file of prompts and completions twice, to see what its columns have in common."""

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
from fttui.domain.dataset.rules.pair_columns import column_findings, row_findings
from fttui.services.dataset.lines import lines_in
from fttui.services.dataset.opener import open_regular

_AT_ONCE = 500
"""Rows between which the work can be stopped."""


async def pair_findings(source: Path, size: int) -> AsyncGenerator[Finding]:
    """Everything that the rules about columns say of a file.

    Args:
        source: the plain file.
        size: its bytes.

    Raises:
        UnreadableFileError: it cannot be opened any more.
    """
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
        # Rows without a completion were dropped before anything else was looked at.
        if value.get("completion"):
            columns.add(dict(value))


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
