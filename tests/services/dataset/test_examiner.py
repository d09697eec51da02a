"""The short way and the long way through a stretch come to the same numbers, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat_rows import conversations, lines, mutated_conversations, tool_conversations
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.stretch import Stretch
from fttui.services.dataset.examiner import Examiner, Task
from fttui.services.dataset.tokenizer import TiktokenCounter
from plain_counters import Letters

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


class FailsOnce(Letters):
    """A counter that fails the first time it is asked for many texts."""

    failed = False

    def count_each(self, texts: Sequence[str]) -> Sequence[int]:
        if not self.failed:
            self.failed = True
            raise OSError("no memory left")
        return super().count_each(texts)


def test_what_a_broken_off_stretch_left_behind_is_gone_in_the_next(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}\n' * 3)
    task = Task(DataFormat.CHAT, None, whole=True)
    examiner, size = Examiner(FailsOnce()), path.stat().st_size
    with pytest.raises(OSError, match="no memory"):
        examiner.examine(path, 0, size, task)

    assert seen(examiner.examine(path, 0, size, task)) == seen(Examiner(Letters()).examine(path, 0, size, task))
