"""Rules about the set as a whole, from counts."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator

import pytest

from fttui.domain.dataset import row_sheet
from fttui.domain.dataset.finding import Finding
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.row_sheet import RowSheet, Seen
from fttui.domain.dataset.rules import whole
from fttui.domain.dataset.rules.whole import SetFacts


def sheet(rows: int = 100, **counts: dict[str, int]) -> RowSheet:
    """A sheet of rows of 100 tokens each; things occur as often as said, first in line 3."""
    made = RowSheet(lines=array("I", range(1, rows + 1)), tokens=array("I", [100] * rows))
    for name, things in counts.items():
        getattr(made, name).update((thing, Seen(count, 3)) for thing, count in things.items())
    return made


def told(rule: Callable[[SetFacts], Iterator[Finding]], rows: RowSheet) -> list[tuple[int, str]]:
    return [(finding.line, finding.message) for finding in rule(SetFacts(rows, DataFormat.CHAT))]


def test_a_label_that_stands_for_most_rows_is_told_with_its_share() -> None:
    assert told(whole.unbalanced_labels, sheet(labels={"spam": 71, "ham": 29})) == [
        (0, '71 of 100 examples (71 %) have the label "spam", of 2; balance them')
    ]
    assert not told(whole.unbalanced_labels, sheet(labels={"spam": 70, "ham": 30}))
    assert not told(whole.unbalanced_labels, sheet(labels={"spam": 71, "ham": 20}))


def test_labels_with_too_few_examples_are_named() -> None:
    assert told(whole.rare_label, sheet(labels={"spam": 90, "ham": 9, "eggs": 1})) == [
        (3, '9 examples of the label "ham"; add some'),
        (3, '1 example of the label "eggs"; add some'),
    ]


def test_a_label_that_is_sensitive_is_masked() -> None:
    labels = {"jane.doe@example.com": 80, "john@example.com": 20}

    assert "jane.doe@example.com" not in told(whole.unbalanced_labels, sheet(labels=labels))[0][1]


def test_rows_without_the_system_prompt_of_the_others_are_told() -> None:
    assert told(whole.mixed_system_prompts, sheet(systems={"": 40, "a": 60}))[0] == (
        3,
        "40 of 100 examples have no system prompt, the others have one; train with what will be used later",
    )
    assert "2 different" in told(whole.mixed_system_prompts, sheet(systems={"b": 40, "a": 60}))[0][1]
    assert not told(whole.mixed_system_prompts, sheet(systems={"a": 100}))


def test_a_mix_of_scripts_is_told_with_shares() -> None:
    assert told(whole.mixed_scripts, sheet(scripts={"LATIN": 70, "HAN": 30})) == [
        (3, "30 rows mostly in Chinese characters; by rows: Latin letters 70 %, Chinese characters 30 %")
    ]


def test_the_share_of_answers_that_decline_is_told() -> None:
    assert told(whole.refusal_share, sheet(refusals={"": 7})) == [
        (3, "7 of 100 answers decline (7 %); what is trained will decline as often")
    ]
    assert not told(whole.refusal_share, sheet())
    assert not told(whole.refusal_share, sheet(rows=10, refusals={"": 7}))


@pytest.mark.parametrize(("tokens", "is_out"), [(301, True), (300, False), (34, False), (33, True)])
def test_lengths_far_from_all_others_are_told(tokens: int, is_out: bool) -> None:
    rows = sheet()
    rows.tokens[41] = tokens

    assert [line for line, _ in told(whole.outlier_length, rows)] == [42] * is_out


def test_sketches_get_shorter_where_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_sheet, "MOST_PIECES", 200)
    rows = RowSheet()
    for stretch in range(4):
        lengths = [64, 20, 0, 40]
        pieces = [1000 * stretch + 100 * row + place for row, length in enumerate(lengths) for place in range(length)]
        rows.extend(RowSheet(sketches=array("I", pieces), sketch_lengths=array("B", lengths)), 0)

    assert rows.sketch_size == 16
    assert list(rows.sketch_lengths) == [16, 16, 0, 16] * 4
    assert list(rows.sketches[-32:-16]) == list(range(3100, 3116))
