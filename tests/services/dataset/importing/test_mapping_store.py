from __future__ import annotations

from pathlib import Path

import pytest

from fttui.domain.dataset.mapping.row_mapping import RowMapping, Turn
from fttui.domain.errors import MappingError, UsageError
from fttui.services.dataset.importing.mapping_store import MappingStore, read_mapping
from fttui.services.paths import user_paths

MAPPING = RowMapping(turns=(Turn("user", "{问题}[[\\n{背景}]]"), Turn("assistant", "{答案}")), where="得分 >= 3")


def test_a_mapping_is_found_again_under_its_name() -> None:
    store = MappingStore(user_paths())
    assert store.names() == ()

    path = store.save("法律 问答", MAPPING)
    store.save("another", MAPPING)
    assert store.names() == ("another", "法律 问答")
    assert store.load("法律 问答") == MAPPING == read_mapping(path)
    assert path.stat().st_mode & 0o077 == 0

    store.delete("another")
    assert store.names() == ("法律 问答",)
    with pytest.raises(UsageError, match="no mapping called another"):
        store.delete("another")


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "x" * 80, "a\nb", " a"])
def test_a_name_that_is_no_file_name_is_refused(name: str) -> None:
    store = MappingStore(user_paths())

    with pytest.raises(UsageError):
        store.save(name, MAPPING)
    assert not store.has(name)


def test_a_name_that_is_not_there_says_which_are() -> None:
    store = MappingStore(user_paths())
    store.save("here", MAPPING)

    with pytest.raises(UsageError) as refused:
        store.load("there")
    assert "here" in refused.value.hint


@pytest.mark.parametrize("text", ["not json", "[]", '{"fttui_mapping": 9, "settings": []}', "[" * 100_000])
def test_a_damaged_file_is_told_by_name(tmp_path: Path, text: str) -> None:
    (tmp_path / "m.json").write_text(text)

    with pytest.raises(MappingError, match=r"m\.json"):
        read_mapping(tmp_path / "m.json")
