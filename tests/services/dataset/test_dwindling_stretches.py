"""A file is cut into stretches without a gap, large ones first and small ones last."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from fttui.services.dataset.processes import SMALLEST_STRETCH, dwindling


@given(size=st.integers(0, 2_000_000_000), workers=st.integers(1, 16))
def test_stretches_cover_the_file_and_dwindle(size: int, workers: int) -> None:
    cuts = list(dwindling(size, workers))
    lengths = [end - begin for begin, end in cuts]

    assert [0, *(end for _, end in cuts)] == [*(begin for begin, _ in cuts), size]
    assert all(before >= after for before, after in pairwise(lengths))
    assert all(length >= SMALLEST_STRETCH for length in lengths[:-1])


def test_all_workers_end_at_about_the_same_time() -> None:
    lengths = [end - begin for begin, end in dwindling(1_000_000_000, 2)]

    assert max(lengths[-4:]) <= 2 * SMALLEST_STRETCH
    assert len(lengths) < 300
