"""Rows as records, and pages as the lines that stand on them."""

from __future__ import annotations

import json

from fttui.domain.dataset.parsing import Rejected, parse_line
from fttui.domain.dataset.record import Record
from fttui.ui.page import Page


def record(row: object) -> Record:
    """A row that is an example."""
    parsed = parse_line(json.dumps(row).encode(), 1)
    assert not isinstance(parsed, Rejected), parsed
    return parsed


def lines(page: Page) -> list[str]:
    """The text of a page."""
    return ["".join(text for text, _ in line).rstrip() for line in page.lines]
