"""Files made to hurt: they end in rows that are told off, or in one clear sentence."""

from __future__ import annotations

import gzip
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foreign_files import read, values, write_xlsx
from fttui.domain.errors import UnreadableFileError
from fttui.services.dataset.importing import byte_stream, table_cells, workbook
from fttui.services.dataset.importing.delimited import UNCLOSED
from fttui.services.dataset.importing.json_rows import list_items
from fttui.services.dataset.importing.rows import BadRow, SourceRow
from fttui.services.dataset.importing.source import first_rows, open_source

MIB = 1024 * 1024


def wrong(path: Path) -> list[tuple[int, str]]:
    return [(row.number, row.reason) for row in read(path) if isinstance(row, BadRow)]


def refused(path: Path) -> UnreadableFileError:
    with pytest.raises(UnreadableFileError) as found:
        read(path)
    return found.value


def test_rows_with_more_cells_than_headings_are_told_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n1,2,3\n1,2,3,4\n4\n1,2,\n")

    assert wrong(tmp_path / "a.csv") == [(3, "more cells than headings"), (4, "more cells than headings")]
    assert values(tmp_path / "a.csv")[3:] == [{"a": "4", "b": ""}, {"a": "1", "b": "2"}]


def test_damaged_bytes_spoil_their_row_alone(tmp_path: Path) -> None:
    good = "问题,答案\n".encode()
    (tmp_path / "a.csv").write_bytes(good * 30 + b"\xff,x\n" + good)
    (tmp_path / "a.txt").write_bytes(good * 30 + b"\xff\n" + good)

    assert wrong(tmp_path / "a.csv") == [(31, "bytes that are not UTF-8")]
    assert wrong(tmp_path / "a.txt") == [(31, "bytes that are not UTF-8")]


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "shift_jis", "utf-16-le", "cp1252"])
def test_a_table_in_another_encoding_is_recognised_and_told(tmp_path: Path, encoding: str) -> None:
    texts = {
        "gb18030": "问题,答案\n如果一个外国人在中国投敌叛变，会被如何处罚？,应以共犯论处。\n",
        "big5": "問題,答案\n請問這個合約應該如何處理？,應該這樣處理。\n",
        "shift_jis": "質問,回答\nこれは何ですか。,それはペンです。\n",
        "utf-16-le": "q,a\nwhat is it,it is this\n",
        "cp1252": "Frage,Antwort\nWie heißt das schöne Gebäude?,Größe zählt für Käufer.\n",
    }
    (tmp_path / "a.csv").write_bytes(texts[encoding].encode(encoding))

    header, row = (line.split(",") for line in texts[encoding].splitlines())
    assert values(tmp_path / "a.csv") == [dict(zip(header, row, strict=True))]
    assert encoding.upper() in first_rows(open_source(tmp_path / "a.csv")).notes[0]


def test_an_encoding_that_nobody_can_tell_is_a_clear_refusal(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(bytes(range(128, 256)) * 20)

    assert "--encoding" in refused(tmp_path / "a.csv").hint


def test_huge_cells_are_left_out_and_reading_goes_on(tmp_path: Path) -> None:
    long = b"x" * (17 * MIB)
    (tmp_path / "a.csv").write_bytes(b"a,b\n" + long + b",1\n2,3\n")
    (tmp_path / "a.jsonl").write_bytes(b'{"a": "' + long + b'"}\n{"a": 1}\n')
    (tmp_path / "b.json").write_bytes(b'[{"a": [' + b"1," * (9 * MIB) + b'1]}, {"a": 1}]')

    assert wrong(tmp_path / "a.csv") == [(2, "a cell longer than 16 MiB")]
    assert wrong(tmp_path / "a.jsonl") == [(1, "longer than 16 MiB")]
    assert wrong(tmp_path / "b.json") == [(1, "longer than 16 MiB")]
    assert [values(tmp_path / name)[-1] for name in ("a.csv", "a.jsonl", "b.json")] == [
        {"a": "2", "b": "3"},
        {"a": 1},
        {"a": 1},
    ]


def column(path: Path, name: str) -> list[object]:
    return [row.value[name] for row in read(path) if isinstance(row, SourceRow)]


def test_a_quotation_mark_that_is_never_closed_costs_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('a,b\n1,"2\n2"\n3,"4\n' + "5,6\n" * 9)

    assert wrong(tmp_path / "a.csv") == [(4, UNCLOSED)]
    assert column(tmp_path / "a.csv", "a") == ["1", *"555555555"]


def test_rows_that_a_quotation_mark_swallows_up_to_the_next_one_are_read_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('a,b\n1,"2\n2"\n3,"4\n5,6\n7,"8"\n9,10\n11,"12\n13,14\n15,"16\n17,18\n')

    assert wrong(tmp_path / "a.csv") == [(4, UNCLOSED), (8, UNCLOSED), (10, UNCLOSED)]
    assert column(tmp_path / "a.csv", "a") == ["1", "5", "7", "9", "13", "17"]


def test_a_text_over_several_lines_with_commas_and_marks_is_one_cell(tmp_path: Path) -> None:
    text = 'It is wide, ""5\nand high, ""7\nand so on, ""8'
    (tmp_path / "a.csv").write_text(f'a,b\r\n1,"{text}"\r\n3,4\r\n', newline="")

    assert wrong(tmp_path / "a.csv") == []
    assert column(tmp_path / "a.csv", "b") == [text.replace('""', '"'), "4"]


def test_marks_without_a_partner_all_over_a_table_end_the_reading(tmp_path: Path) -> None:
    healthy = "".join(f'{number},"x\ny"\n' for number in range(60))
    strays = "".join(f'{number},"x\n{number},y\n' for number in range(60))
    (tmp_path / "a.csv").write_text(f"a,b\n{healthy}{strays}")

    assert (
        "21 times a quotation mark is opened and never closed, last in line 162" in refused(tmp_path / "a.csv").message
    )


def test_a_mark_in_the_headings_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('"a,b\n1,2\n')

    assert column(tmp_path / "a.csv", '"a') == ["1"]


def test_a_row_without_end_does_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_cells, "PATIENCE", MIB)
    (tmp_path / "a.csv").write_text('a,b\n1,2\n3,"4\n' + "5,6\n" * MIB)

    assert wrong(tmp_path / "a.csv") == [(3, UNCLOSED)]


def test_a_text_without_end_in_a_list_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'[{"a": 1},\n {"a": "' + b"x" * (18 * MIB))

    assert "begins in line 2" in refused(tmp_path / "a.json").message


def test_a_list_that_is_cut_off_gives_its_whole_rows(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"a": 1},\n{"a": 2}, 5,\n{"a": ')

    assert wrong(tmp_path / "a.json") == [(2, "the row is a number"), (3, "not valid JSON")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"a": 1, "a": 2}', "a key stands twice"),
        ('{"a": ' + "9" * 5000 + "}", "a number beyond 64 bits"),
        ("[" * 5000, "nested too deeply"),
        ("[1, 2]", "the row is a list"),
        ('"text"', "the row is a string"),
        ('{"a": "\0"}', "a NUL byte"),
    ],
)
def test_hostile_lines_are_told_by_line(tmp_path: Path, line: str, reason: str) -> None:
    (tmp_path / "a.jsonl").write_text('{"a": 1}\n' + line + '\n{"a": NaN}\n')

    assert wrong(tmp_path / "a.jsonl") == [(2, reason)]


def test_what_unpacks_without_measure_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(byte_stream, "RATIO_FROM", 4 * MIB)
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b'{"a": "xxxxxxxxxxxxxxxxx"}\n' * (MIB // 4), 9))

    assert "unpacks to more than" in refused(tmp_path / "a.jsonl.gz").message


def test_a_packed_file_that_is_cut_off_is_told(tmp_path: Path) -> None:
    packed = gzip.compress(os.urandom(100_000).hex().encode())
    (tmp_path / "a.txt.gz").write_bytes(packed[: len(packed) // 2])

    assert "damaged" in refused(tmp_path / "a.txt.gz").message


def test_formulas_are_never_worked_out_and_their_absence_is_told(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", [("q", "a"), ("=1+1", '=HYPERLINK("http://x/","y")'), ("q", "a")])

    assert values(tmp_path / "a.xlsx") == [{"q": "q", "a": "a"}]
    assert any("formulas" in note for note in first_rows(open_source(tmp_path / "a.xlsx")).notes)


def test_a_formula_in_a_table_is_just_text(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("q,a\n=cmd|' /C calc'!A0,@SUM(1)\n")

    assert values(tmp_path / "a.csv") == [{"q": "=cmd|' /C calc'!A0", "a": "@SUM(1)"}]


def repacked(source: Path, target: Path, name: str, content: bytes) -> Path:
    """A workbook with one of its parts replaced."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, content if entry.filename == name else old.read(entry))
    return target


def test_entities_in_a_workbook_are_refused(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", [("q",), ("a",)])
    bomb = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
    hostile = repacked(tmp_path / "a.xlsx", tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", bomb)

    assert "cannot be read as an Excel workbook" in refused(hostile).message


def test_a_workbook_that_unpacks_without_measure_is_refused(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", [("q",), ("a",)])
    bomb = b"<worksheet>" + b" " * (80 * MIB)
    hostile = repacked(tmp_path / "a.xlsx", tmp_path / "b.xlsx", "xl/worksheets/sheet1.xml", bomb)

    assert "unpacks to" in refused(hostile).message


def test_a_workbook_with_too_many_cells_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "CELL_LIMIT", 20)
    write_xlsx(tmp_path / "a.xlsx", [("q", "a")] * 30)

    assert "more than 20 cells" in refused(tmp_path / "a.xlsx").message


@pytest.mark.parametrize("name", ["a.xlsx", "a.parquet", "a.xls", "a.bin", "a.docx"])
def test_what_is_not_what_its_name_says_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\xd0\xcf\x11\xe0" if name == "a.xls" else b"hello")

    assert refused(tmp_path / name).message


def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")

    assert "a named pipe" in refused(tmp_path / "a.csv").message
    assert refused(tmp_path / "absent.csv").message


def test_a_file_that_changes_while_it_is_read_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"a": 1}\n' * 3)
    reading = open_source(path).read()
    rows = reading.rows()
    next(rows)
    with path.open("a") as more:
        more.write('{"a": 2}\n')

    with pytest.raises(UnreadableFileError, match="changed while it was read"):
        list(rows)
    reading.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(
    data=st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    name=st.sampled_from(["a.csv", "a.tsv", "a.json", "a.jsonl", "a.txt", "a.xlsx", "a.parquet", "a.jsonl.gz"]),
)
def test_any_bytes_under_any_name_are_read_or_refused(tmp_path: Path, data: bytes, name: str) -> None:
    (tmp_path / name).write_bytes(data)
    try:
        found = read(tmp_path / name)
    except UnreadableFileError:
        return
    assert all(isinstance(row, (SourceRow, BadRow)) for row in found)


@given(
    st.lists(
        st.dictionaries(st.text(max_size=5), st.text(max_size=12) | st.lists(st.integers()), max_size=3), max_size=5
    ),
    st.integers(1, 7),
)
def test_a_list_cut_into_blocks_anywhere_gives_its_entries(rows: list[dict[str, object]], size: int) -> None:
    import json

    raw = json.dumps(rows, ensure_ascii=False).encode()
    blocks = (raw[at : at + size] for at in range(0, len(raw), size))

    assert [json.loads(item) for _, item in list_items(blocks) if item is not None] == rows
