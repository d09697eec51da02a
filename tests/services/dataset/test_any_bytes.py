"""No bytes make a check crash, hang or lie: whatever a file holds, there is a report that can be shown everywhere."""

from __future__ import annotations

import asyncio
import codecs
import gzip
import json
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chat_rows import JSON_VALUES, conversations, mutated_conversations, tool_conversations
from fttui.cli.report_text import report_lines
from fttui.domain.dataset.report import Report
from fttui.domain.dataset.report_export import as_json_value, as_markdown
from fttui.domain.dataset.report_sarif import as_sarif
from fttui.domain.dataset.rules.catalogue import BY_CODE
from fttui.domain.dataset.ruling import Ruling
from fttui.domain.profiles.capabilities import capabilities_of
from fttui.domain.profiles.profile import Dialect, Profile
from fttui.services.dataset.validation import validate
from plain_counters import Letters

PROFILES = [Profile(dialect.value, dialect) for dialect in Dialect]


def as_line(row: object) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass")


PAIRS = st.dictionaries(
    st.sampled_from(["prompt", "completion", "Prompt", "id"]), st.text(max_size=8) | st.none(), max_size=3
)
PREFERENCES = st.fixed_dictionaries(
    {"input": conversations() | JSON_VALUES},
    optional={
        "preferred_output": JSON_VALUES,
        "non_preferred_output": JSON_VALUES,
        "preferred_completion": JSON_VALUES,
    },
)
ROWS = conversations() | tool_conversations() | mutated_conversations() | PAIRS | PREFERENCES | JSON_VALUES
ODD = st.sampled_from(
    [
        b"",
        b" \t\r",
        b"\xef\xbb\xbf",
        b"\x00",
        b"\xff\xfe",
        b"[" * 2000,
        b'{"a":' * 500,
        b'{"messages": [' + b"9" * 5000 + b", NaN, -Infinity, 1e999]}",
        b'{"messages": [{"role": "user", "content": "\\ud800"}, {"role": "user", "role": "x"}]}',
        b'{"messages": [{"role": "user", "content": "unclosed',
        b"\x1b]0;title\x07\x1b[31m",
        "\u202e\u2028\u0085".encode(),
    ]
)
LINES = st.lists(ROWS.map(as_line) | ODD | st.binary(max_size=60), max_size=14)


def examine(path: Path, data: bytes, valid: bytes | None = None) -> Report:
    path.write_bytes(data)
    beside = path.with_name("valid.jsonl")
    if valid is not None:
        beside.write_bytes(valid)
    checked = validate(path, valid_path=beside if valid is not None else None, counter=Letters())
    return asyncio.run(asyncio.wait_for(checked, 60))


def assert_sound(report: Report, length: int | None) -> None:
    assert 0 <= report.valid_examples <= report.examples
    for group in report.findings:
        assert group.code in BY_CODE
        assert group.count >= len(group.examples) > 0
        for finding in group.examples:
            assert finding.line >= 0
            assert (finding.offset is None) == (finding.line == 0)
            if finding.offset is not None and length is not None:
                assert 0 <= finding.offset <= length
    for profile in PROFILES:
        judged = Ruling.of(profile, capabilities_of(profile)).judge(report)
        assert 0 <= judged.valid_examples <= judged.examples
        shown = "\n".join(
            [
                *report_lines(judged),
                as_markdown(judged),
                json.dumps(as_json_value(judged), allow_nan=False, ensure_ascii=False),
                json.dumps(as_sarif(judged, "1"), allow_nan=False, ensure_ascii=False),
            ]
        )
        assert not set(shown) & {"\x1b", "\x07", "\x00", "\u202e", "\u2028"}
        shown.encode()


ANY = settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=60)


@ANY
@given(lines=LINES, end=st.sampled_from([b"\n", b"\r\n"]), beside=st.none() | LINES.map(b"\n".join))
@example(lines=[b"[" * 200_000], end=b"\n", beside=None)
@example(lines=[b'{"messages": [' + b"NaN," * 20_000 + b"1]}"], end=b"\n", beside=None)
@example(lines=[b'{"a": 1' + b', "a": 1' * 20_000 + b"}"], end=b"\n", beside=b"")
@example(lines=[b'{"messages": [' + b'"\\ud800",' * 20_000 + b"1]}"], end=b"\n", beside=None)
def test_any_lines_have_a_report(tmp_path: Path, lines: list[bytes], end: bytes, beside: bytes | None) -> None:
    data = end.join(lines)
    packed = data.startswith((b"\xff\xfe", b"\xfe\xff", b"\x1f\x8b", b"\x28\xb5\x2f\xfd"))
    report = examine(tmp_path / "data.jsonl", data, beside)

    assert_sound(report, None if packed else len(data))
    if report.valid is not None:
        assert_sound(report.valid, None)


@ANY
@given(
    lines=LINES, wrap=st.sampled_from(["gzip", "cut gzip", "utf-16", "utf-16-be", "cut utf-16"]), at=st.integers(0, 99)
)
def test_any_packed_lines_have_a_report(tmp_path: Path, lines: list[bytes], wrap: str, at: int) -> None:
    data = b"\n".join(lines)
    if "gzip" in wrap:
        data = gzip.compress(data)
    else:
        text = data.decode("utf-8", "replace")
        data = text.encode("utf-16") if wrap != "utf-16-be" else codecs.BOM_UTF16_BE + text.encode("utf-16-be")
    if "cut" in wrap:
        data = data[: max(len(data) * at // 100, 2)]

    assert_sound(examine(tmp_path / "data.jsonl", data), None)


@ANY
@given(data=st.binary(max_size=400))
def test_any_bytes_have_a_report(tmp_path: Path, data: bytes) -> None:
    assert_sound(examine(tmp_path / "data.bin", data), None)
