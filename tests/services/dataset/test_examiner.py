"""The short way and the long way through a stretch come to the same numbers, row by row."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat_rows import conversations, lines, mutated_conversations, tool_conversations
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.stretch import Stretch
from fttui.services.dataset.examiner import Examiner, Task
from fttui.services.dataset.tokenizer import TiktokenCounter

ROWS = conversations() | tool_conversations()


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("examiner") / "rows.jsonl"


@pytest.fixture(scope="module")
def counter() -> TiktokenCounter:
    return TiktokenCounter("o200k_base")


def seen(stretch: Stretch) -> dict[str, object]:
    return {name: getattr(stretch, name) for name in Stretch.__slots__}


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(lines(ROWS | mutated_conversations(ROWS)), max_size=8), whole=st.booleans())
def test_both_ways_come_to_the_same(path: Path, counter: TiktokenCounter, rows: list[bytes], whole: bool) -> None:
    path.write_bytes(b"\n".join(rows))
    task = Task(DataFormat.CHAT, "gpt-4o-mini", 65_536, whole, images=20)
    size = path.stat().st_size
    quickly = Examiner(counter).examine(path, 0, size, task)
    closely = Examiner(counter, lambda _: None).examine(path, 0, size, task)

    assert seen(quickly) == seen(closely)
