"""What is read and what is written: which files there are before and after, and what stands in their bytes."""

from __future__ import annotations

import codecs
import hashlib
import json
import os
from pathlib import Path

import pytest

from fttui.domain.dataset.preparation.sampling import Split
from fttui.domain.errors import UnreadableFileError, UsageError
from fttui.services.dataset.preparing.order import Order
from fttui.services.dataset.preparing.source import Source
from fttui.services.dataset.preparing.survey import survey
from fttui.services.dataset.preparing.writing import prepare
from rows import chat, read, write


def test_a_clean_file_is_left_alone_and_nothing_is_written(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [chat(f"question number {number}") for number in range(12)])
    outcome = prepare(Order(path))

    assert outcome.training is None
    assert list(tmp_path.iterdir()) == [path]


def test_rows_that_need_nothing_are_written_byte_for_byte(tmp_path: Path) -> None:
    odd = '{"messages" : [ {"role":"user","content":"\\u4f60"}, {"content":"ok","role":"assistant"} ] }'
    path = write(tmp_path / "a.jsonl", [odd, chat("b", id=3)])

    written = prepare(Order(path)).training
    assert written is not None
    assert written.read_text().split("\n")[0] == odd


def test_the_input_stays_and_the_result_lies_beside_it_with_a_manifest(tmp_path: Path) -> None:
    path = write(tmp_path / "法律.jsonl", [chat("a", id=1), chat("a", id=1), chat("b")])
    before = path.read_bytes()
    outcome = prepare(Order(path))

    assert path.read_bytes() == before
    assert {entry.name for entry in tmp_path.iterdir()} == {
        "法律.jsonl",
        "法律_prepared.jsonl",
        "法律_prepared.manifest.json",
    }
    assert read(outcome.training) == [chat("a"), chat("b")]
    assert outcome.manifest is not None
    manifest = json.loads(outcome.manifest.read_text())
    assert manifest["input"] == {
        "file": "法律.jsonl",
        "bytes": len(before),
        "sha256": hashlib.sha256(before).hexdigest(),
        "lines": 3,
    }
    assert [(done["code"], done["lines"]) for done in manifest["done"]] == [
        ("remove-unknown-keys", "1-2"),
        ("drop-duplicates", "2"),
    ]
    assert manifest["done"][1]["remarks"] == {"2": "the same as line 1"}
    assert manifest["outputs"][0]["input_lines"] == "1,3"


def test_the_same_order_again_finds_what_it_wrote_and_writes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [chat(f"q{number}", id=1) for number in range(6)])
    order = Order(path, split=Split(0.3))
    first, second = prepare(order), prepare(order)

    assert second.repeated
    assert second.manifest == first.manifest
    assert [path for path, _ in second.outputs] == [path for path, _ in first.outputs]
    assert len(list(tmp_path.iterdir())) == 4


def test_another_order_gets_names_with_a_number(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [chat(f"q{number}", id=1) for number in range(6)])
    prepare(Order(path, split=Split(0.3)))
    outcome = prepare(Order(path, split=Split(0.3, seed=7)))

    assert [entry.name for entry, _ in outcome.outputs] == ["a_prepared_2_train.jsonl", "a_prepared_2_valid.jsonl"]
    assert outcome.manifest == tmp_path / "a_prepared_2.manifest.json"


def test_an_edited_result_is_not_taken_for_what_was_written(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [chat("a", id=1)])
    first = prepare(Order(path)).training
    assert first is not None
    first.write_text("mine now")

    assert prepare(Order(path)).training == tmp_path / "a_prepared_2.jsonl"
    assert first.read_text() == "mine now"


def test_who_may_read_the_input_may_read_the_result(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [chat("a", id=1)])
    path.chmod(0o640)
    outcome = prepare(Order(path))

    assert outcome.training is not None
    assert outcome.training.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_other_encodings_and_line_ends_become_plain_utf_8(tmp_path: Path, encoding: str, end: str) -> None:
    rows = [chat("How are you?"), chat("你好吗？"), chat("c")]
    path = tmp_path / "a.jsonl"
    text = "".join(json.dumps(row, ensure_ascii=False) + end for row in rows)
    path.write_bytes(text.encode(encoding))

    written = prepare(Order(path)).training
    assert read(written) == rows
    assert written is not None
    assert not written.read_bytes().startswith(codecs.BOM_UTF8)
    assert b"\r" not in written.read_bytes()


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_array_becomes_one_row_a_line(tmp_path: Path, indent: int | None, encoding: str) -> None:
    rows = [chat(f"质询 {number} ], [") for number in range(40)]
    path = tmp_path / "a.json"
    path.write_bytes(json.dumps(rows, ensure_ascii=False, indent=indent).encode(encoding))
    plan = survey(Order(path))

    assert {entry.fix.code: entry.count for entry in plan.found} == {"split-json-array": 40, "strip-system-prompt": 40}
    assert read(prepare(Order(path)).training) == rows


def test_a_broken_array_is_refused_rather_than_cut_short(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("[" + json.dumps(chat("a")) + ", {broken}, " + json.dumps(chat("b")) + "]")

    with pytest.raises(UnreadableFileError, match="Entry 2"):
        survey(Order(path))


def test_results_may_go_to_a_folder_that_is_made_for_them(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [chat("a", id=1)])

    assert prepare(Order(path, folder=tmp_path / "out" / "here")).training == tmp_path / "out/here/a_prepared.jsonl"


def test_a_folder_that_cannot_be_written_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [chat("a", id=1)])
    (tmp_path / "out").write_text("a file")

    with pytest.raises(UsageError, match="cannot be written"):
        prepare(Order(path, folder=tmp_path / "out"))
    assert {entry.name for entry in tmp_path.iterdir()} == {"a.jsonl", "out"}


def test_a_file_that_changes_while_it_is_read_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [chat(f"q{number}", id=1) for number in range(600)])
    passes = 0

    def change(done: int, total: int) -> None:
        nonlocal passes
        passes += done == total
        if passes == 2:
            os.utime(path, (1, 1))

    with pytest.raises(UnreadableFileError, match="changed"):
        prepare(Order(path), change)
    assert list(tmp_path.iterdir()) == [path]


def test_a_preparation_that_would_leave_no_row_writes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", ["{", "["])

    with pytest.raises(UsageError, match="No row"):
        prepare(Order(path))
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("content", "words"), [(b"", "no rows"), (b"\x1f\x8b\x08" + bytes(60), "compressed")])
def test_files_that_cannot_be_prepared_say_why(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(content)

    with pytest.raises(UnreadableFileError, match=words):
        Source.open(path)
