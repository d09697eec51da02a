"""Findings name the byte at which they are, in files of any shape."""

from __future__ import annotations

import asyncio
import gzip
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fttui.domain.dataset.finding import Finding
from fttui.domain.dataset.finding_place import EXACT_UP_TO, place_in_line
from fttui.domain.dataset.json_places import spot_of, spots
from fttui.domain.dataset.parsing import found
from fttui.domain.dataset.report import Report
from fttui.domain.dataset.tally import Subject, Tally
from fttui.services.dataset import crew as crews
from fttui.services.dataset import lines, placing
from fttui.services.dataset.crew import ThreadCrew
from fttui.services.dataset.examiner import Task
from fttui.services.dataset.placing import placed
from fttui.services.dataset.tokenizer import counter_for
from fttui.services.dataset.validation import validate

PIECES = st.lists(st.sampled_from([b"\n", b"\r\n", b"{}", b"\n\n", b"x" * 9, "é".encode(), b"[1]\n"]), max_size=30)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(pieces=PIECES, stretch=st.integers(1, 20), block=st.integers(1, 9))
def test_every_line_is_found_again_in_whatever_stretches_it_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pieces: list[bytes], stretch: int, block: int
) -> None:
    monkeypatch.setattr(crews, "_THREAD_STRETCH", stretch)
    monkeypatch.setattr(lines, "BLOCK", block)
    monkeypatch.setattr(placing, "_BLOCK", block)
    data = b"".join(pieces)
    path = tmp_path / "data.jsonl"
    path.write_bytes(data)
    whole = data.split(b"\n")
    tally = Tally(Subject(path, len(data), None, None, None))

    async def read() -> None:
        async with ThreadCrew(None, counter_for(None)) as crew:
            async for part in crew.examine(path, len(data), Task(None, None)):
                tally.add(part)

    asyncio.run(read())
    count = len(whole) - (whole[-1] == b"")
    tally.note(*(found("outlier-length", number) for number in range(1, min(count, 20) + 1)))
    report = placed(tally.report(0.0), path, tally.marks)
    offsets = {f.line: f.offset for g in report.findings if g.code == "outlier-length" for f in g.examples}

    assert {number: sum(map(len, whole[: number - 1])) + number - 1 for number in offsets} == offsets
    assert len(offsets) == min(count, 20)


async def test_offsets_lead_to_the_bytes_that_are_wrong(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    good = json.dumps(
        {"messages": [{"role": "user", "content": "é"}, {"role": "assistant", "content": "a"}]}, ensure_ascii=False
    )
    bad = [
        b'{"messages": [{"role": "user", "role": "user", "content": NaN}, {"role": "assistant", "content": "a"}]}',
        b'{"messages": "\xff"}',
        b'{"messages": "\x00"}',
        b'{"messages": [}',
        b'{"messages": [{"role": "user", "content": "unclosed}]}',
    ]
    data = good.encode() + b"\n" + b"\n".join(bad) + b"\n"
    path.write_bytes(data)
    report = await validate(path)
    at = {group.code: [f.offset for f in group.examples] for group in report.findings}

    assert at["duplicate-key"] == [data.index(b'"role": "user", "content": NaN')]
    assert at["not-a-number"] == [data.index(b'"content": NaN')]
    assert at["invalid-utf8"] == [data.index(b"\xff")]
    assert at["nul-byte"] == [data.index(b"\0")]
    assert at["invalid-json"] == [data.index(b"}", data.index(b"[}")), data.index(b'"unclosed')]


@pytest.mark.parametrize("length", [1000, 64 * 1024 - 60, 64 * 1024, 200_000, EXACT_UP_TO, EXACT_UP_TO + 1])
async def test_the_place_in_a_long_line_is_exact_unless_it_is_very_long(tmp_path: Path, length: int) -> None:
    path = tmp_path / "data.jsonl"
    filler = b"a" * (length - len(_TALK % b"") - 2)
    line = (_TALK % filler)[:-1] + b', "x": NaN}'
    path.write_bytes(line + b"\n" + _TALK % b"a")
    report = await validate(path)
    (offset,) = [f.offset for group in report.findings if group.code == "not-a-number" for f in group.examples]

    assert offset == (line.index(b'"x": NaN') if len(line) <= EXACT_UP_TO else 0)


_TALK = b'{"messages": [{"role": "user", "content": "%s"}, {"role": "assistant", "content": "b"}]}'


async def test_the_offset_in_a_packed_file_is_that_in_its_text(tmp_path: Path) -> None:
    text = b'{"messages": [{"role": "user", "content": "a"}]}\n\n'
    plain, packed = tmp_path / "a.jsonl", tmp_path / "a.jsonl.gz"
    plain.write_bytes(text)
    packed.write_bytes(gzip.compress(text))

    there, report = _offsets(await validate(plain)), await validate(packed)

    assert there == _offsets(report)
    assert there["empty-line"] == [len(text) - 1]
    assert report.offsets_in == "unpacked text"


def _offsets(report: Report) -> dict[str, list[int | None]]:
    groups = {group.code: [finding.offset for finding in group.examples if finding.line] for group in report.findings}
    return {code: offsets for code, offsets in groups.items() if offsets}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab[.é", max_size=3), inner, max_size=3),
    max_leaves=12,
)


@given(JSON)
def test_the_spots_of_a_text_are_the_values_of_its_reading(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False)
    read = [spot for spot in spots(text) if spot.word.startswith('"')]

    assert [json.loads(spot.word) for spot in read] == _string_values(value)
    assert all(text[spot.at] in '"[{' or text.startswith(spot.word, spot.at) for spot in spots(text))


def _string_values(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for entry in inner for text in _string_values(entry)]


@given(st.text(max_size=80) | st.text('{}[]",:\\ a1', max_size=80), st.text(max_size=10))
@example("[" * 100_000, "[0][0][0]")
@example('{"a":' * 50_000, "a.a.a")
@example('"' + "\\" * 100_000, "a")
@example('{"' + "k" * 200_000 + '": {' + '"a": 1, ' * 20_000, "kk.a")
@example("[" + "NaN," * 200_000, "[7]")
def test_no_text_makes_the_search_for_a_place_fail(text: str, path: str) -> None:
    spot_of(text, path)
    finding = Finding("invalid-json", found("invalid-json", 1).severity, 1, path, "")

    assert 0 <= place_in_line(finding, text.encode("utf-8", "surrogatepass")) <= len(text) * 4
