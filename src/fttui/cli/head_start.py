"""Starts the processes of ``fttui check`` before the packages of the command line are loaded.

They need a while until they can work, and on two cores that is a while in which nothing else has to wait for them.
What the words mean is only guessed here: a guess that was wrong costs a process that is ended again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fttui.services.dataset.leader import Leader

SMALL_FILE = 8 * 1024 * 1024
"""Bytes below which starting workers takes longer than they save."""
_MODEL = "--model"

_started: list[Leader] = []


def start_early(words: Sequence[str]) -> None:
    """Start a leader if these words look like a check of large files."""
    if words[:1] == ["check"] and size_of(map(Path, words[1:])) >= SMALL_FILE:
        # Who needs it starts it then, and tells what is wrong.
        with suppress(OSError):
            _started.append(started(_model(words)))


def started(model: str | None) -> Leader:
    """The leader that was started, if it counts as the model reads, or one that is started now."""
    from fttui.domain.dataset.encodings import encoding_for
    from fttui.services.dataset.leader import Leader, cores

    encoding = encoding_for(model).name
    if _started and _started[-1].encoding == encoding:
        return _started.pop()
    return Leader(cores(), encoding)


def end_unused() -> None:
    """End what was started and turned out not to be needed."""
    while _started:
        _started.pop().kill()


def size_of(paths: Iterable[Path]) -> int:
    """The bytes of files, without those that cannot be looked at."""
    return sum(map(_size, paths))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        # Opening it says what is wrong.
        return 0


def _model(words: Sequence[str]) -> str | None:
    for word, following in pairwise((*words, "")):
        if word == _MODEL:
            return following
        if word.startswith(f"{_MODEL}="):
            return word.removeprefix(f"{_MODEL}=")
    return None
