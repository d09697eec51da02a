"""What a report says is trained, masked and cut off is what the training views of its rows say, quick rows or not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat_rows import conversations, lines, tool_conversations
from fttui.domain.dataset.parsing import Rejected, parse_line
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.training_view import training_view
from fttui.services.dataset.examiner import Examiner, Task
from plain_counters import Letters


@pytest.mark.parametrize("limit", [None, 40, 400])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(rows=st.lists(lines(conversations() | tool_conversations()), min_size=1, max_size=4))
def test_the_totals_are_those_of_the_views(tmp_path: Path, limit: int | None, rows: list[bytes]) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"\n".join(rows) + b"\n")
    task = Task(DataFormat.CHAT, None, limit)
    views = []
    for row in rows:
        record = parse_line(row, 2, DataFormat.CHAT)
        assert not isinstance(record, Rejected), record
        views.append(training_view(record, Letters(), None, limit))
    quick = Examiner(Letters()).examine(path, 0, path.stat().st_size, task)
    slow = Examiner(Letters(), lambda _line: None).examine(path, 0, path.stat().st_size, task)

    assert (quick.trained, quick.masked) == (sum(view.trained for view in views), sum(view.masked for view in views))
    assert (slow.trained, slow.masked) == (quick.trained, quick.masked)
    assert sum(quick.tokens) == sum(view.tokens for view in views)
