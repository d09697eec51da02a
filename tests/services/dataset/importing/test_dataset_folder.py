from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from foreign_files import read, values, write_parquet
from fttui.domain.dataset.mapping.mapper import Mapper
from fttui.domain.errors import UnreadableFileError
from fttui.services.dataset.importing.dataset_folder import choose_files, splits_of
from fttui.services.dataset.importing.source import SourceOptions, first_rows, open_source


def lines(path: Path, *texts: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps({"q": text}) + "\n" for text in texts))
    return path


def test_shards_of_a_split_are_read_in_order_and_the_others_are_told(tmp_path: Path) -> None:
    for split, shard in (("train", 1), ("train", 0), ("test", 0)):
        (tmp_path / "data").mkdir(exist_ok=True)
        path = tmp_path / "data" / f"{split}-0000{shard}-of-00002.parquet"
        write_parquet(path, [{"q": f"{split} {shard}"}])
    (tmp_path / "README.md").write_text("# a data set")
    (tmp_path / "dataset_infos.json").write_text("{}")

    assert values(tmp_path) == [{"q": "train 0"}, {"q": "train 1"}]
    assert values(tmp_path, SourceOptions(split="test")) == [{"q": "test 0"}]
    assert read(tmp_path)[1].file == "train-00001-of-00002.parquet"
    assert "test" in first_rows(open_source(tmp_path)).notes[0]


def test_folders_named_by_split_are_splits(tmp_path: Path) -> None:
    lines(tmp_path / "train" / "a.jsonl", "x")
    lines(tmp_path / "dev" / "a.jsonl", "y")

    assert set(splits_of(tmp_path)) == {"train", "validation"}


def test_a_folder_of_several_sets_names_them(tmp_path: Path) -> None:
    lines(tmp_path / "en" / "train.jsonl", "x")
    lines(tmp_path / "zh" / "train.jsonl", "问")

    with pytest.raises(UnreadableFileError) as refused:
        choose_files(tmp_path)
    assert "en/train, zh/train" in refused.value.hint
    assert values(tmp_path, SourceOptions(split="zh/train")) == [{"q": "问"}]


def test_a_file_that_is_saved_twice_is_read_once(tmp_path: Path) -> None:
    lines(tmp_path / "train.jsonl", "x")
    (tmp_path / "train.csv").write_text("q\nx\n")

    assert [path.name for path in choose_files(tmp_path).files] == ["train.jsonl"]


def test_a_folder_without_data_says_what_it_looked_for(tmp_path: Path) -> None:
    (tmp_path / "notes.docx").write_text("")

    with pytest.raises(UnreadableFileError, match="no data files"):
        choose_files(tmp_path)


def test_links_and_hidden_folders_are_passed_over(tmp_path: Path) -> None:
    lines(tmp_path / "train.jsonl", "x")
    lines(tmp_path / ".cache" / "train.jsonl", "y")
    (tmp_path / "loop").symlink_to(tmp_path)

    assert [path.name for path in choose_files(tmp_path).files] == ["train.jsonl"]


def test_a_described_set_comes_with_its_mapping(tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text(json.dumps([{"ask": "q", "say": "a"}]))
    info = {"mine": {"file_name": "mine.json", "columns": {"prompt": "ask", "response": "say"}}}
    (tmp_path / "dataset_info.json").write_text(json.dumps(info))
    source = open_source(tmp_path)

    assert source.described is not None
    assert Mapper(source.described.mapping).apply(first_rows(source).rows[0].value) == {
        "messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]
    }


def test_a_description_leads_to_no_file_outside_its_folder(tmp_path: Path) -> None:
    lines(tmp_path / "secret.jsonl", "x")
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "dataset_info.json").write_text(json.dumps({"a": {"file_name": "../secret.jsonl"}}))

    with pytest.raises(UnreadableFileError):
        open_source(folder)


def test_several_described_sets_are_chosen_by_name(tmp_path: Path) -> None:
    lines(tmp_path / "a.jsonl", "x")
    lines(tmp_path / "b.jsonl", "y")
    info = {name: {"file_name": f"{name}.jsonl"} for name in "ab"}
    (tmp_path / "dataset_info.json").write_text(json.dumps(info))

    with pytest.raises(UnreadableFileError, match="2 data sets"):
        open_source(tmp_path)
    assert values(tmp_path, SourceOptions(split="b")) == [{"q": "y"}]


def test_a_folder_that_may_not_be_entered_is_told(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may enter everything")
    (tmp_path / "locked").mkdir(mode=0)

    with pytest.raises(UnreadableFileError):
        choose_files(tmp_path / "locked")
