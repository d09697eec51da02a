from __future__ import annotations

import json

import pytest
from rich.cells import cell_len

from fttui.domain.dataset.parsing import Rejected, parse_line
from fttui.ui.page import TEXT_LIMIT, json_page
from fttui.ui.record_page import RowTokens, TokenCount, record_page
from fttui.ui.row_summary import role_letters, summarise
from pages import lines, record
from rows import chat, preference, tool_row


@pytest.mark.parametrize("width", [20, 44, 100])
@pytest.mark.parametrize(
    "row", [chat("法律问题，" * 20), tool_row(), preference()], ids=["chat", "tools", "preference"]
)
def test_no_line_is_wider_than_the_page(row: object, width: int) -> None:
    page = record_page(record(row), width)

    assert all(sum(cell_len(text) for text, _ in line) <= width for line in page.lines)


def test_a_path_leads_to_the_line_where_its_message_starts() -> None:
    page = record_page(record(tool_row()), 60)

    assert lines(page)[page.line_of("messages[4].content")].startswith("4 assistant")
    assert page.line_of("tools[0]") == 0


def test_better_and_worse_answers_are_named() -> None:
    shown = lines(record_page(record(preference()), 60, ascii=True))

    assert any(line.startswith("-- better answer ---") for line in shown)
    assert shown.index("| what") > shown.index(next(line for line in shown if "worse answer" in line))


def test_reinforcement_rows_show_what_the_grader_sees() -> None:
    row = {"messages": [{"role": "user", "content": "2+2?"}], "reference": "4"}
    shown = lines(record_page(record(row), 60))

    assert '  "reference": "4"' in shown


def test_counts_stand_beside_their_messages() -> None:
    counts = tuple(TokenCount(number, exact=number != 5) for number in (4, 5, 6))
    shown = lines(record_page(record(chat("a")), 60, RowTokens(counts, TokenCount(15, exact=False), "o200k_base")))

    assert shown[0].endswith("4 tokens")
    assert any(line.startswith("1 user") and line.endswith("≈ 5 tokens") for line in shown)


def test_arguments_that_are_no_json_are_shown_as_they_stand() -> None:
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{broken"}}
    row = json.dumps({"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "tool_calls": [call]}]})
    parsed = parse_line(row.encode(), 1)
    shown = lines(json_page(row.encode(), 60)) if isinstance(parsed, Rejected) else lines(record_page(parsed, 60))

    assert any("{broken" in line for line in shown)


def test_an_endless_text_is_shown_so_far_and_the_rest_is_counted() -> None:
    shown = lines(record_page(record(chat("a" * (TEXT_LIMIT + 7))), 60))

    assert any("7 more characters" in line for line in shown)


def test_an_image_in_the_row_is_described_not_shown() -> None:
    part = {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 4000}}
    row = {"messages": [{"role": "user", "content": [part]}, {"role": "assistant", "content": "A cat."}]}

    assert "▏ image in the row, image/png, 3.0 kB, detail auto" in lines(record_page(record(row), 60))


def test_control_characters_are_made_visible() -> None:
    assert all("\x1b" not in line for line in lines(record_page(record(chat("a\x1b[31m")), 60)))


def test_the_beginning_of_a_long_row_is_told_from_what_is_seen() -> None:
    raw = json.dumps(chat("合同 " * 3000, system="s"))[:500].encode()
    summary = summarise(raw, 1, complete=False)

    assert summary.roles == ("system", "user", "…")
    assert summary.words.startswith("合同 合同")
    assert summary.problem == ""


@pytest.mark.parametrize(
    ("number", "letters"), [(3, "sua"), (5, "suaua"), (7, "sua+4"), (14, "su+12"), (120, "s+119"), (0, "")]
)
def test_speakers_are_shortened_to_what_fits(number: int, letters: str) -> None:
    assert role_letters(["system", *["user", "assistant"] * 60][:number], 5) == letters
