"""Templates in graders: ``{{item.field}}`` from the training row, ``{{sample.output_text}}`` from the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from difflib import get_close_matches

_BRACES = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+|\[\d+\])*")
SAMPLE_FIELDS = ("output_text", "output_json", "output_tools", "choices")
"""What there is of an answer (OpenAI's graders guide, 2026-11-20)."""
NOT_ITEMS = frozenset({"messages", "tools", "parallel_tool_calls", "functions"})
"""Members of a row that are the prompt itself rather than something to grade by."""


def template_problems(text: str, item_fields: Set[str] | None = None) -> Iterator[str]:
    """What is wrong with the templates in a text, in sentences.

    Args:
        text: any text.
        item_fields: the fields of the training rows, dotted where nested; None where they are not known.
    """
    rest = _BRACES.sub("", text)
    if "{{" in rest or "}}" in rest:
        yield "has braces that are not closed, or not opened"
    for found in _BRACES.finditer(text):
        name = found[1].strip()
        problem = _name_problem(name, item_fields)
        if problem:
            yield f"{{{{{name}}}}} {problem}"


def _name_problem(name: str, item_fields: Set[str] | None) -> str:
    if not _PATH.fullmatch(name):
        return "is not a template"
    head, _, rest = name.partition(".")
    if head == "sample":
        first = re.split(r"[.\[]", rest, maxsplit=1)[0]
        return "" if first in SAMPLE_FIELDS else f"is not one of sample.{', sample.'.join(SAMPLE_FIELDS)}"
    if head != "item" or not rest:
        return "begins with neither item. nor sample."
    if item_fields is None or _is_there(rest, item_fields):
        return ""
    near = get_close_matches(rest, tuple(item_fields), n=1)
    return "is in none of the rows looked at" + (f"; did you mean item.{near[0]}?" if near else "")


def _is_there(path: str, item_fields: Set[str]) -> bool:
    plain = re.sub(r"\[\d+\]", "", path)
    return plain in item_fields or ("[" in path and path.split("[", 1)[0] in item_fields)


def item_fields_of(rows: Iterator[Mapping[str, object]]) -> frozenset[str]:
    """The fields that rows offer to a grader, nested ones dotted."""
    found: set[str] = set()
    for row in rows:
        _collect({name: value for name, value in row.items() if name not in NOT_ITEMS}, "", found)
    return frozenset(found)


def _collect(table: Mapping[str, object], prefix: str, found: set[str]) -> None:
    for name, value in table.items():
        here = f"{prefix}{name}"
        found.add(here)
        if isinstance(value, Mapping) and here.count(".") < 5:
            _collect(value, f"{here}.", found)
