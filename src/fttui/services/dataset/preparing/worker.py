"""One preparation in a process of its own.

Run as ``python -P -m fttui.services.dataset.preparing.worker``: takes a task on standard input, answers with frames on
standard output, each a length and a pickled `Frame`. Both ends are this program.
"""

from __future__ import annotations

import os
import pickle
import sys
import time
from typing import BinaryIO

from fttui.domain.errors import FttuiError
from fttui.services.dataset.preparing.frames import LENGTH, Frame, Progress, Task
from fttui.services.dataset.preparing.survey import survey
from fttui.services.dataset.preparing.writing import prepare

_SECONDS_BETWEEN = 0.1


def main() -> None:
    """Do the task on standard input."""
    answers = os.fdopen(os.dup(1), "wb")
    # Whatever is printed by accident must not get between the frames.
    os.dup2(2, 1)
    task = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 - from the program that started this one
    assert isinstance(task, Task)  # noqa: S101 - the program's own words
    last = 0.0

    def tick(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _SECONDS_BETWEEN:
            last = now
            _send(answers, Progress(done, total))

    try:
        _send(answers, prepare(task.order, tick, task.token) if task.writes else survey(task.order, tick))
    except FttuiError as error:
        _send(answers, error)


def _send(answers: BinaryIO, frame: Frame) -> None:
    body = pickle.dumps(frame)
    answers.write(LENGTH.pack(len(body)) + body)
    answers.flush()


if __name__ == "__main__":
    main()
