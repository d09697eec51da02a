"""A process that counts a stretch of a training file.

Run as ``python -P -m fttui.services.jobs.survey_child``; the order comes as a line of JSON on standard input. It writes
a number for every stretch of bytes that is done, and in the end the survey, each as a line of JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from fttui.domain.dataset.record import DataFormat
from fttui.services.dataset.fast_counter import bulk_counter
from fttui.services.jobs.survey_wire import survey_value
from fttui.services.jobs.survey_writer import SurveyTask, SurveyWriter


def main() -> None:
    """Do what is ordered."""
    order = json.loads(sys.stdin.readline())
    kind = order["format"]
    names = (tuple(order["encodings"]), tuple(order["models"]))
    task = SurveyTask(DataFormat(kind) if kind else None, *names, order["images"])
    writer = SurveyWriter(task, {name: bulk_counter(name, exact=True) for name in task.encodings})
    writer.go_through(Path(order["path"]), order["begin"], order["end"], _write)
    _write(survey_value(writer.survey))


def _write(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
