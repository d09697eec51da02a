from __future__ import annotations

import json
from pathlib import Path

import pytest

from fttui.services.recents import FILES_KEPT, Recents


def test_files_come_newest_first_and_each_once(tmp_path: Path) -> None:
    recents = Recents(tmp_path / "state" / "recents.json")
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    for path in (first, second, first):
        path.touch()
        recents.add_file(path)

    assert recents.files() == (first, second)
    assert recents.last_file == first


def test_another_instance_sees_what_was_remembered(tmp_path: Path) -> None:
    path = tmp_path / "recents.json"
    Recents(path).last_job = ("openai", "ftjob-1")
    Recents(path).last_chat = "chat-1"

    assert (Recents(path).last_job, Recents(path).last_chat) == (("openai", "ftjob-1"), "chat-1")


def test_files_that_are_gone_are_left_out(tmp_path: Path) -> None:
    recents = Recents(tmp_path / "recents.json")
    gone = tmp_path / "gone.jsonl"
    gone.touch()
    recents.add_file(gone)
    gone.unlink()

    assert recents.files() == ()
    assert recents.last_file is None


def test_only_so_many_files_are_kept(tmp_path: Path) -> None:
    recents = Recents(tmp_path / "recents.json")
    for number in range(FILES_KEPT + 5):
        (tmp_path / f"{number}.jsonl").touch()
        recents.add_file(tmp_path / f"{number}.jsonl")

    assert len(recents.files()) == FILES_KEPT


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"{", id="not JSON"),
        pytest.param(b"\xff\xfe", id="not UTF-8"),
        pytest.param(b"[]", id="a list"),
        pytest.param(json.dumps({"version": 99}).encode(), id="a later version"),
        pytest.param(b"[" * 100_000, id="too deep"),
    ],
)
def test_a_file_that_cannot_be_read_is_put_aside_and_nothing_is_remembered(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "recents.json"
    path.write_bytes(content)
    recents = Recents(path)

    assert recents.files() == ()
    assert recents.put_aside is not None
    assert recents.put_aside.read_bytes() == content

    recents.last_chat = "chat-2"
    assert Recents(path).last_chat == "chat-2"


def test_odd_values_inside_a_good_file_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "recents.json"
    path.write_text(json.dumps({"version": 1, "files": [3, None], "last_job": ["a"], "last_chat": 7}), "utf-8")
    recents = Recents(path)

    assert (recents.files(), recents.last_job, recents.last_chat) == ((), None, None)


def test_where_nothing_can_be_written_it_is_remembered_for_the_run_and_told_once(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("no folder")
    recents = Recents(tmp_path / "state" / "recents.json")
    data = tmp_path / "a.jsonl"
    data.touch()

    recents.add_file(data)
    recents.last_job = ("local", "ftjob-1")

    assert (recents.files(), recents.last_job) == ((data,), ("local", "ftjob-1"))
    assert recents.take_trouble()
    recents.last_chat = "chat-1"
    assert not recents.take_trouble()
