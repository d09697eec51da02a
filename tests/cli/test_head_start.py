"""The processes of a check start early if the words look like one of a large file; a wrong guess leaves none behind."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fttui.__main__ import main
from fttui.cli import head_start
from fttui.services import crash
from fttui.services.dataset import leader
from fttui.services.dataset.leader import Leader


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "large.jsonl"
    with path.open("wb") as file:
        file.truncate(head_start.SMALL_FILE)
    return path


@pytest.fixture(autouse=True)
def leaders(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Leader]]:
    """All that are started, each ended in the end."""
    every: list[Leader] = []

    class Watched(Leader):
        def __init__(self, number: int, encoding: str) -> None:
            super().__init__(number, encoding)
            every.append(self)

    monkeypatch.setattr(leader, "Leader", Watched)
    yield every
    head_start.end_unused()
    for one in every:
        one.kill()


def test_a_check_of_a_large_file_gets_the_processes_that_were_started(large: Path, leaders: list[Leader]) -> None:
    head_start.start_early(["check", str(large), "--json"])
    early = head_start.started("gpt-4o-mini")
    head_start.end_unused()

    assert leaders == [early]
    assert early.is_alive


@pytest.mark.parametrize("words", [["--model", "gpt-3.5-turbo"], ["--model=babbage-002"]])
def test_the_model_that_is_named_says_what_they_count_in(large: Path, leaders: list[Leader], words: list[str]) -> None:
    head_start.start_early(["check", *words, str(large)])

    assert [one.encoding for one in leaders] == ["cl100k_base"]


def test_after_a_wrong_guess_others_are_started_and_the_first_ended(large: Path, leaders: list[Leader]) -> None:
    head_start.start_early(["check", str(large)])
    other = head_start.started("gpt-3.5-turbo")
    head_start.end_unused()

    assert [(one.encoding, one.is_alive) for one in leaders] == [("o200k_base", False), ("cl100k_base", True)]
    assert leaders[1] is other


@pytest.mark.parametrize("words", [["--no-such-option"], ["--list-rules"], ["--help"]])
def test_the_program_leaves_none_behind_that_no_check_took(
    large: Path, leaders: list[Leader], monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    there_when_hardened: list[int] = []
    monkeypatch.setattr(crash, "harden", lambda: there_when_hardened.append(len(leaders)))
    monkeypatch.setattr(gc, "freeze", lambda: None)
    monkeypatch.setattr(sys, "argv", ["fttui", "check", str(large), *words])
    with pytest.raises(SystemExit):
        main()

    assert [one.is_alive for one in leaders] == [False]
    assert there_when_hardened == [0]


def test_what_cannot_be_started_early_is_no_failure_yet(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_number: int, _encoding: str) -> Leader:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(leader, "Leader", refuse)
    head_start.start_early(["check", str(large)])
    with pytest.raises(OSError, match="open files"):
        head_start.started(None)


def test_nothing_is_started_for_small_files_and_other_commands(
    large: Path, tmp_path: Path, leaders: list[Leader]
) -> None:
    small = tmp_path / "small.jsonl"
    small.write_bytes(b"{}\n")
    head_start.start_early(["check", str(small), "--model"])
    head_start.start_early(["check", str(tmp_path / "absent"), "\0"])
    head_start.start_early(["estimate", str(large)])
    head_start.start_early([str(large)])
    head_start.start_early([])

    assert leaders == []
