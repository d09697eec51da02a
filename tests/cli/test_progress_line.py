from __future__ import annotations

from types import SimpleNamespace

import pytest

from fttui.cli import progress_line as module
from fttui.cli.progress_line import percent, progress_line


def watch(monkeypatch: pytest.MonkeyPatch, patience: float = 0.0, *, is_terminal: bool = True) -> None:
    """Have somebody watch work that counts as long after some seconds."""
    monkeypatch.setattr(module, "sys", SimpleNamespace(stderr=SimpleNamespace(isatty=lambda: is_terminal)))
    monkeypatch.setattr(module, "_PATIENCE", patience)


def test_each_telling_covers_the_one_before_and_nothing_is_left_at_the_end(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    watch(monkeypatch)
    with progress_line() as tell:
        tell(f"Counting {percent(1, 2)}")
        tell("Done\x1b[2J")

    assert capsys.readouterr().err == "\rCounting  50%" + "\rDone␛[2J     " + "\r" + " " * 8 + "\r"


def test_a_failure_leaves_the_line_clear(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    watch(monkeypatch)

    def work() -> None:
        with progress_line() as tell:
            tell("Half")
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        work()

    assert capsys.readouterr().err == "\rHalf\r    \r"


@pytest.mark.parametrize("words", ["", "Counting"])
def test_where_nobody_watches_or_there_is_nothing_to_tell_nothing_is_written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    watch(monkeypatch, is_terminal=not words)
    with progress_line() as tell:
        tell(words)

    assert capsys.readouterr().err == ""


def test_work_that_is_done_at_once_is_not_told_of(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    watch(monkeypatch, 3600.0)
    with progress_line() as tell:
        tell("Counting")

    assert capsys.readouterr().err == ""
