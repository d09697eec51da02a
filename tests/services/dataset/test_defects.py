"""One tiny file per defect, with exactly the findings it must get; ``expected.json`` lists code, line, path, byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fttui.domain.dataset.rules.catalogue import RULES
from fttui.services.dataset.validation import validate
from plain_counters import Words

DEFECTS = Path(__file__).parent / "defects"
EXPECTED: dict[str, list[tuple[str, int, str, int | None]]] = {
    name: [(code, line, path, offset) for code, line, path, offset in findings]
    for name, findings in json.loads((DEFECTS / "expected.json").read_text()).items()
}

# Tiny files are all short of the examples that make a good start.
ALWAYS_TRUE_HERE = "few-examples"

TOO_BIG_FOR_A_TINY_FILE = {"file-too-large", "line-too-long", "image-too-large", "near-search-left-out"}
NEEDS_MORE_THAN_A_FILE = {
    "file-changed",
    "leaked-example",
    "normalised-leak",
    "near-leak",
    "long-example",
    "own-image-limit",
    "damaged-archive",
    "unpacks-too-far",
    "too-many-examples",
    "too-many-image-examples",
    "method-not-offered",
    "trains-nothing",
}


@pytest.mark.parametrize("name", sorted(EXPECTED))
async def test_a_file_gets_exactly_the_findings_of_its_defect(name: str) -> None:
    report = await validate(DEFECTS / name, counter=Words())
    found = [
        (finding.code, finding.line, finding.path, finding.offset)
        for group in report.findings
        if group.code != ALWAYS_TRUE_HERE
        for finding in group.examples
    ]

    assert sorted(EXPECTED[name], key=repr) == sorted(found, key=repr)
    assert report.valid_examples <= report.examples


def test_every_file_is_listed_and_every_rule_has_a_file() -> None:
    files = {path.name for path in DEFECTS.glob("*.jsonl")}
    codes = {code for findings in EXPECTED.values() for code, *_ in findings}
    elsewhere = {ALWAYS_TRUE_HERE} | TOO_BIG_FOR_A_TINY_FILE | NEEDS_MORE_THAN_A_FILE

    assert files == EXPECTED.keys()
    assert {rule.code for rule in RULES} - codes - elsewhere == set()
