"""Every kind of file gives the same rows, with their numbers."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from foreign_files import read, values, write_parquet, write_xlsx
from fttui.domain.errors import UnreadableFileError
from fttui.services.dataset.importing.rows import SourceRow
from fttui.services.dataset.importing.source import SourceFormat, SourceOptions, first_rows, open_source

HEADINGS = ("id", "问题", "答案")
CELLS = (("007", "NA", "第一行\n第二行"), ("1e5", "null", "“好，的”, he said"), ("0x10", "", " two blanks "))
ROWS = [dict(zip(HEADINGS, cells, strict=True)) for cells in CELLS]


def table(delimiter: str) -> str:
    quoted = [['"' + cell.replace('"', '""') + '"' for cell in row] for row in (HEADINGS, *CELLS)]
    return "\n".join(delimiter.join(row) for row in quoted) + "\n"


WRITERS: dict[str, Callable[[Path], object]] = {
    "a.csv": lambda path: path.write_text(table(","), encoding="utf-8"),
    "mark.csv": lambda path: path.write_text(table(","), encoding="utf-8-sig"),
    "semicolon.csv": lambda path: path.write_text(table(";"), encoding="utf-8"),
    "a.tsv": lambda path: path.write_text(table("\t"), encoding="utf-8"),
    "a.csv.gz": lambda path: path.write_bytes(gzip.compress(table(",").encode())),
    "gb.csv": lambda path: path.write_text(table(","), encoding="gb18030"),
    "utf16.csv": lambda path: path.write_text(table(","), encoding="utf-16"),
    "a.xlsx": lambda path: write_xlsx(path, [HEADINGS, *CELLS]),
    "list.json": lambda path: path.write_text(json.dumps(ROWS, ensure_ascii=False, indent=1), encoding="utf-8"),
    "one-line.json": lambda path: path.write_text(json.dumps(ROWS), encoding="utf-8"),
    "inside.json": lambda path: path.write_text(json.dumps({"version": 1, "data": ROWS}), encoding="utf-8"),
    "columns.json": lambda path: path.write_text(
        json.dumps({name: [row[name] for row in ROWS] for name in HEADINGS}), encoding="utf-8"
    ),
    "really-lines.json": lambda path: path.write_text("\n".join(map(json.dumps, ROWS)), encoding="utf-8"),
    "a.jsonl": lambda path: path.write_text("\n\n".join(map(json.dumps, ROWS)) + "\r\n", encoding="utf-8"),
    "a.jsonl.gz": lambda path: path.write_bytes(gzip.compress("\n".join(map(json.dumps, ROWS)).encode())),
    "gb.jsonl": lambda path: path.write_text(
        "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS), encoding="gb18030"
    ),
    "a.parquet": lambda path: write_parquet(path, [dict(row) for row in ROWS]),
}


@pytest.mark.parametrize("name", WRITERS)
def test_the_rows_of_a_file_are_its_texts_untouched(tmp_path: Path, name: str) -> None:
    WRITERS[name](tmp_path / name)

    found = values(tmp_path / name)
    if name.endswith("xlsx"):
        # An empty cell of a sheet is nothing, not an empty text.
        found = [{key: text or "" for key, text in row.items()} for row in found if isinstance(row, dict)]
    assert found == ROWS


def test_a_file_packed_with_zstd_is_read(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    packed = pyarrow.compress("\n".join(map(json.dumps, ROWS)).encode(), codec="zstd", asbytes=True)
    (tmp_path / "a.jsonl.zst").write_bytes(packed)

    assert values(tmp_path / "a.jsonl.zst") == ROWS


def test_rows_of_a_table_have_the_number_of_their_first_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(table(",") + "\nlast,one,here\n", encoding="utf-8")

    assert [row.number for row in read(tmp_path / "a.csv")] == [2, 4, 5, 7]


def test_entries_of_a_list_have_the_number_of_their_first_line(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[\n {"a": "[,]"},\n\n {"a":\n 2}, {"a": "\\"]"}\n]\n', encoding="utf-8")

    assert [row.number for row in read(tmp_path / "a.json")] == [2, 4, 5]
    assert values(tmp_path / "a.json") == [{"a": "[,]"}, {"a": 2}, {"a": '"]'}]


def test_lines_of_a_text_are_rows(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("第一\n\n second \n", encoding="gb18030")

    assert [(row.number, row.value) for row in read(tmp_path / "a.txt") if isinstance(row, SourceRow)] == [
        (1, {"text": "第一"}),
        (3, {"text": " second "}),
    ]


def test_headings_that_are_missing_or_stand_twice_get_names(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,a,,b\n1,2,3,4\n")

    assert values(tmp_path / "a.csv") == [{"a": "1", "a 2": "2", "column 3": "3", "b": "4"}]


def test_a_table_without_headings_is_read_when_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("q,a\n")

    assert values(tmp_path / "a.csv", SourceOptions(has_header=False)) == [{"column 1": "q", "column 2": "a"}]


def test_one_of_several_sheets_is_read_by_name(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", [("q",), ("first",)], "第二")

    assert values(tmp_path / "a.xlsx") == [{"q": "first"}]
    assert "2 sheets" in first_rows(open_source(tmp_path / "a.xlsx")).notes[0]
    assert values(tmp_path / "a.xlsx", SourceOptions(sheet="第二", has_header=False)) == [{"column 1": "x"}]
    with pytest.raises(UnreadableFileError, match="no sheet third"):
        read(tmp_path / "a.xlsx", SourceOptions(sheet="third"))


def test_nested_values_of_parquet_are_lists_and_objects(tmp_path: Path) -> None:
    row = {"talk": [{"from": "human", "value": "问"}], "score": float("nan"), "n": 7}
    write_parquet(tmp_path / "a.parquet", [row])

    assert values(tmp_path / "a.parquet") == [{**row, "score": None}]


def test_what_a_file_is_tells_its_content_before_its_name(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "really.csv", [("q",), ("a",)])
    (tmp_path / "nameless").write_text('{"q": 1}\n{"q": 2}\n')

    assert open_source(tmp_path / "really.csv").format is SourceFormat.XLSX
    assert values(tmp_path / "nameless") == [{"q": 1}, {"q": 2}]


def test_first_rows_are_few_and_say_whether_there_are_more(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"a": 1}\nbroken\n' * 50)
    few, all_of_them = (first_rows(open_source(tmp_path / "a.jsonl"), count) for count in (3, 200))

    assert (len(few.rows), len(few.bad), few.is_all) == (3, 2, False)
    assert (len(all_of_them.rows), len(all_of_them.bad), all_of_them.is_all) == (50, 50, True)


def test_without_pyarrow_parquet_is_refused_with_the_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    (tmp_path / "a.parquet").write_bytes(b"PAR1 and more")
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    with pytest.raises(UnreadableFileError, match="this installation cannot read") as refused:
        read(tmp_path / "a.parquet")
    assert "fttui[parquet]" in refused.value.hint
