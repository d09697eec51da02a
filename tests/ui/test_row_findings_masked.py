"""What is said about a row never tells what is sensitive in it, also where names and values are quoted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fttui.services.dataset.dataset_file import DatasetFile
from fttui.ui.dataset_rows import DatasetRows
from fttui.ui.import_preview import PreviewRow, read_row
from fttui.ui.row_summary import summarise

KEY = "sk-" + "proj-CaNaRy81kQmW0pLr7TnV4cYb2HdJ9sAe"
ROWS = [
    json.dumps({"messages": [{"role": "user", "content": "hello", KEY: 1}, {"role": "assistant", "content": "x"}]}),
    json.dumps({"messages": [{"role": KEY, "content": "hello"}]}),
    json.dumps({"messages": [{"role": "user", "content": [{"type": KEY}]}]}),
    '{"messages": [], "' + KEY + '": 1, "' + KEY + '": 2}',
]


@pytest.mark.parametrize("row", ROWS)
def test_findings_of_a_row_are_masked(row: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(row + "\n")
    dataset = DatasetFile.open(path)
    try:
        read = DatasetRows(dataset).read(0)
    finally:
        dataset.close()
    previewed = read_row(PreviewRow(1, row.encode()))
    told = [f"{finding.path} {finding.message}" for finding in (*read.findings, *previewed.findings)]

    assert told
    assert KEY not in " ".join(told)
    assert KEY not in summarise(row.encode(), 1, complete=True).problem
