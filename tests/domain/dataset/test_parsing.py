from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chat_rows import JSON_VALUES, conversations, lines, mutated_conversations
from fttui.domain.dataset.finding import Severity
from fttui.domain.dataset.parsing import Rejected, check_line, parse_line
from fttui.domain.dataset.record import (
    ChatRecord,
    CompletionRecord,
    DataFormat,
    ImagePart,
    Message,
    PreferenceRecord,
    ReinforcementRecord,
    TextPart,
    ToolCall,
)
from fttui.domain.dataset.rules.catalogue import BY_CODE, RULES
from fttui.domain.dataset.strict_json import decode


def line(row: object) -> bytes:
    return json.dumps(row).encode()


@given(st.binary(max_size=200) | lines(JSON_VALUES) | lines(mutated_conversations()))
@example(b"[" * 200_000)
@example(b'{"a":' * 5_000)
@example(b'{"messages":' + b"9" * 10_000 + b"}")
@example(b'{"messages": [{"role": "assistant", "function_call": {"arguments": "' + b"[" * 100_000 + b'"}}]}')
def test_no_bytes_make_parsing_raise(raw: bytes) -> None:
    for data_format in (None, *DataFormat):
        parsed = parse_line(raw, 1, data_format)

        assert not isinstance(parsed, Rejected) or all(finding.code in BY_CODE for finding in parsed.findings)


@given(lines(conversations()))
def test_a_healthy_conversation_becomes_a_record(raw: bytes) -> None:
    assert isinstance(parse_line(raw, 7), ChatRecord)


@given(lines(mutated_conversations()))
def test_a_line_is_rejected_exactly_when_it_has_an_error(raw: bytes) -> None:
    checked = check_line(raw, 1, DataFormat.CHAT)
    errors = [finding for finding in checked.findings if finding.severity is Severity.ERROR]

    assert (checked.record is None) == bool(errors)


def test_a_conversation_with_everything_comes_out_whole() -> None:
    row = {
        "messages": [
            {"role": "system", "content": "s"},
            {
                "role": "user",
                "name": "Ann",
                "content": [
                    {"type": "text", "text": "see"},
                    {"type": "image_url", "image_url": {"url": "https://example.org/a.png", "detail": "low"}},
                ],
            },
            {
                "role": "assistant",
                "content": None,
                "weight": 0,
                "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
            },
            {"role": "tool", "tool_call_id": "c", "content": "1"},
            {"role": "assistant", "content": "one"},
        ],
        "tools": [{"type": "function", "function": {"name": "f"}}],
        "parallel_tool_calls": False,
    }
    expected = ChatRecord(
        messages=(
            Message("system", (TextPart("s"),)),
            Message("user", (TextPart("see"), ImagePart("https://example.org/a.png", "low")), name="Ann"),
            Message("assistant", tool_calls=(ToolCall("c", "f", "{}"),), weight=0, content_is_null=True),
            Message("tool", (TextPart("1"),), tool_call_id="c"),
            Message("assistant", (TextPart("one"),)),
        ),
        tools=({"type": "function", "function": {"name": "f"}},),
        parallel_tool_calls=False,
    )

    assert expected == parse_line(line(row), 1)


def test_the_other_formats_become_their_records() -> None:
    question, good, bad = Message("user", (TextPart("q"),)), (TextPart("a"),), (TextPart("b"),)
    asked = {"role": "user", "content": "q"}
    preference = {
        "input": {"messages": [asked]},
        "preferred_output": [{"role": "assistant", "content": "a"}],
        "non_preferred_output": [{"role": "assistant", "content": "b"}],
    }

    assert CompletionRecord("p", " c") == parse_line(line({"prompt": "p", "completion": " c"}), 1)
    assert ReinforcementRecord((question,), {"answer": 4}) == parse_line(line({"messages": [asked], "answer": 4}), 1)
    assert PreferenceRecord((question,), (Message("assistant", good),), (Message("assistant", bad),)) == parse_line(
        line(preference), 1
    )


def test_findings_carry_the_number_of_the_line_and_the_place_in_the_row() -> None:
    parsed = parse_line(line({"messages": [{"role": "user", "content": "q"}, {"role": "robot", "content": "a"}]}), 42)

    assert isinstance(parsed, Rejected)
    assert ("unknown-role", 42, "messages[1].role") in [(f.code, f.line, f.path) for f in parsed.findings]


def test_an_error_in_the_bytes_is_told_with_its_offset() -> None:
    in_utf8, in_json = parse_line(b'{"a": "\xff"}', 1), parse_line('{"ä": ]'.encode(), 1)

    assert isinstance(in_utf8, Rejected)
    assert isinstance(in_json, Rejected)
    assert "Byte 7 of the line (0xff)" in in_utf8.findings[0].message
    assert "byte 7" in in_json.findings[0].message


def test_every_flaw_of_a_row_is_told_at_once() -> None:
    raw = b'{"messages": [{"role": "user", "role": "x", "content": "\\ud800", "weight": NaN}], "id": 1e999}'
    codes = {finding.code for finding in check_line(raw, 1).findings}

    assert {
        "duplicate-key",
        "lone-surrogate",
        "not-a-number",
        "number-out-of-range",
        "unknown-key",
        "unknown-role",
        "no-assistant-message",
    } <= codes


@pytest.mark.parametrize("number", [b"18446744073709551615", b"-9223372036854775808", b"1.7e308", b"0.1", b"-0"])
def test_numbers_that_fit_into_64_bits_pass(number: bytes) -> None:
    assert decode(number).flaws == ()


@pytest.mark.parametrize("number", [b"18446744073709551616", b"-9223372036854775809", b"1e309", b"-1e400"])
def test_numbers_that_do_not_fit_into_64_bits_are_told(number: bytes) -> None:
    assert [flaw.code for flaw in decode(number).flaws] == ["number-out-of-range"]


def test_foreign_text_in_findings_cannot_reach_the_terminal_raw() -> None:
    checked = check_line(line({"messages": [{"role": "\x1b[31m", "content": "q", "\x1b]0;x\x07": 1}]}), 1)

    assert not any("\x1b" in finding.message + finding.path for finding in checked.findings)


def test_codes_are_unique_and_kebab_case() -> None:
    codes = [rule.code for rule in RULES]

    assert len(set(codes)) == len(codes)
    assert all(code == code.lower() and " " not in code and "_" not in code for code in codes)


def test_the_cookbooks_keys_are_the_aliases() -> None:
    expected = {
        "data_type",
        "missing_messages_list",
        "message_missing_key",
        "message_unrecognized_key",
        "unrecognized_role",
        "missing_content",
        "example_missing_assistant_message",
    }

    assert expected == {rule.alias for rule in RULES} - {""}
