"""The message somebody was led to, and what was searched for, stand out on a page."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from fttui.domain.dataset.parsing import check_line
from fttui.ui.dataset_rows import ReadRow, RowFormat
from fttui.ui.page import Page, json_page, text_page
from fttui.ui.page_marks import FOUND, split_found, with_found, with_mark
from fttui.ui.record_page import record_page
from pages import lines, record
from rows import chat, tool_row


def marked(page: Page, name: str) -> list[str]:
    return [
        "".join(text for text, style in line if name in style.split()).strip()
        for line in page.lines
        if any(name in style.split() for _, style in line)
    ]


@pytest.mark.parametrize("width", [30, 44, 100])
def test_the_message_of_a_path_is_marked_to_its_end_and_no_further(width: int) -> None:
    page = with_mark(record_page(record(tool_row()), width), "messages[4].content", width)
    found = marked(page, "record-view--marked")

    assert found[0].startswith("▶ 4 assistant")
    assert found[-1].endswith("it on.")
    assert all(sum(cell_len(text) for text, _ in line) <= width for line in page.lines)


def test_a_row_as_json_is_marked_at_the_key_that_a_path_leads_to() -> None:
    raw = json.dumps({"messages": [{"role": "user", "content": "a"}, {"role": "robot", "content": "b"}]}).encode()
    page = json_page(raw, 60)

    assert marked(with_mark(page, "messages[1].role", 60), "record-view--marked") == ['▶       "role": "robot",']
    assert marked(with_mark(page, "messages[0]", 60), "record-view--marked")[-1] == "},"
    assert len(marked(with_mark(page, "messages[1]", 60), "record-view--marked")) == 4
    assert lines(page)[page.top_for("messages[1].role", 20)].strip() == "{"
    assert "role" in lines(page)[page.top_for("messages[1].role", 1) + 2]
    assert marked(with_mark(page, "messages[2].role", 60), "record-view--marked") != []
    assert with_mark(page, "nowhere", 60) is page


def test_what_is_searched_for_is_found_across_the_ends_of_lines() -> None:
    page = record_page(record(chat("如果一个外国人在中国策动或帮助中国公民投敌叛变，会被如何处罚？" * 2)), 24)
    found = with_found(page, "中国公民投敌叛变")

    assert len("".join(marked(found, "record-view--found"))) == 2 * len("中国公民投敌叛变")
    assert lines(found) == lines(page)
    assert "中国" in "".join(lines(found)[found.line_of(FOUND) :])


@given(st.text("ab é中", min_size=1, max_size=60), st.text("ab é中", min_size=1, max_size=4), st.integers(4, 20))
def test_marking_what_was_found_changes_no_text(text: str, wanted: str, width: int) -> None:
    page = text_page(text, width)

    assert lines(with_found(page, wanted)) == lines(page)
    assert "".join(piece for piece, _ in split_found(text, wanted)) == text


@pytest.mark.parametrize(
    ("wanted", "expected"), [("paris", ["Paris", "PARIS"]), ("Paris", ["Paris"]), ("*", []), ("", [])]
)
def test_case_counts_only_where_a_capital_was_typed(wanted: str, expected: list[str]) -> None:
    assert [text for text, is_found in split_found("Paris, PARIS", wanted) if is_found] == expected


def test_a_broken_row_shows_where_it_breaks() -> None:
    raw = b'{"messages": [{"role": "user", "content": "' + b"word " * 200 + b'"}, {"role": }]}'
    row = ReadRow(3, raw, RowFormat.JSON_LINES, findings=check_line(raw, 4).findings)
    page = row.page(40, raw=False, ascii=False, tokens=None)
    shown = lines(page)
    at = next(place for place, line in enumerate(shown) if line.startswith("▶ here"))

    assert "Not valid JSON" in shown[at]
    assert shown[at + 1].startswith("}]}")
    assert 0 < page.line_of("") < at
