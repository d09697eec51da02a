"""The processes of a check start early if the words look like one of a large file; a wrong guess leaves none behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fttui.cli import head_start


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "large.jsonl"
    with path.open("wb") as file:
        file.truncate(head_start.SMALL_FILE)
    return path


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    yield
    head_start.end_unused()


def test_a_check_of_a_large_file_gets_the_processes_that_were_started(large: Path) -> None:
    head_start.start_early(["check", str(large), "--json"])
    (early,) = head_start._started

    assert head_start.started("gpt-4o-mini") is early
    assert head_start._started == []
    early.kill()


@pytest.mark.parametrize("words", [["--model", "gpt-3.5-turbo"], ["--model=babbage-002"]])
def test_the_model_that_is_named_says_what_they_count_in(large: Path, words: list[str]) -> None:
    head_start.start_early(["check", *words, str(large)])

    assert [leader.encoding for leader in head_start._started] == ["cl100k_base"]


def test_after_a_wrong_guess_others_are_started_and_the_first_ended(large: Path) -> None:
    head_start.start_early(["check", str(large)])
    (early,) = head_start._started
    other = head_start.started("gpt-3.5-turbo")
    head_start.end_unused()

    assert (other.encoding, other is early) == ("cl100k_base", False)
    assert (early.is_alive, other.is_alive) == (False, True)
    other.kill()


def test_nothing_is_started_for_small_files_and_other_commands(large: Path, tmp_path: Path) -> None:
    small = tmp_path / "small.jsonl"
    small.write_bytes(b"{}\n")
    head_start.start_early(["check", str(small), "--model"])
    head_start.start_early(["check", str(tmp_path / "absent"), "\0"])
    head_start.start_early(["estimate", str(large)])
    head_start.start_early([str(large)])
    head_start.start_early([])

    assert head_start._started == []
