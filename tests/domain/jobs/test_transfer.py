"""Files are cut into parts that suit their size, the line, and what went wrong before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fttui.domain.jobs.transfer import MIB, Cutting, Gaps, Part, Speed, Transfer, TransferState


@pytest.mark.parametrize(
    ("size", "expected"),
    [(64 * MIB, 8 * MIB), (512 * MIB, 8 * MIB), (8192 * MIB, 8192 * MIB // 500), (100_000 * MIB, 64 * MIB)],
)
def test_parts_are_neither_too_many_nor_too_large(size: int, expected: int) -> None:
    assert Cutting().usual(size) == expected
    assert Cutting().length(size, 0, 1e9) == expected


def test_the_first_parts_are_small_until_the_rate_is_known() -> None:
    assert Cutting().length(512 * MIB, 0, None) == MIB


def test_on_a_slow_line_a_part_takes_no_longer_than_asked_for() -> None:
    assert Cutting(seconds=20).length(512 * MIB, 0, 100_000) == 2_000_000
    assert Cutting().length(512 * MIB, 0, 10) == Cutting().least


def test_each_setback_halves_the_parts_down_to_a_thousandth_of_the_file() -> None:
    sizes = [Cutting().length(512 * MIB, setbacks, 1e9) // 1024 for setbacks in range(6)]

    assert sizes == [8192, 4096, 2048, 1024, 524, 524]
    assert Cutting().length(8192 * MIB, 50, 1e9) == 8192 * MIB // 1000


@given(st.integers(0, 10_000), st.lists(st.tuples(st.integers(0, 9_999), st.integers(1, 3_000))), st.integers(1, 999))
def test_what_arrived_and_what_is_handed_out_make_the_whole_file(
    size: int, arrived: list[tuple[int, int]], length: int
) -> None:
    parts = [Part(offset, min(more, size - offset)) for offset, more in arrived if offset < size]
    gaps = Gaps(size, parts)
    handed: list[Part] = []
    while (part := gaps.take(length)) is not None:
        assert 0 < part.length <= length
        handed.append(part)

    there = bytearray(size)
    for part in parts:
        there[part.offset : part.end] = b"x" * part.length
    for part in handed:
        assert not any(there[part.offset : part.end])
        there[part.offset : part.end] = b"y" * part.length
    assert all(there)


def test_what_is_given_back_is_handed_out_again() -> None:
    gaps = Gaps(100, ())
    first = gaps.take(60)
    assert first is not None
    gaps.give_back(first)

    assert [gaps.take(50), gaps.take(50), gaps.take(50), gaps.take(50)] == [
        Part(0, 50),
        Part(50, 10),
        Part(60, 40),
        None,
    ]


def test_the_rate_is_that_of_the_last_while() -> None:
    speed = Speed(window=10)
    assert speed.rate is None
    for second in range(101):
        speed.mark(second, 1000 * min(second, 50) + 10 * max(second - 50, 0))

    assert speed.rate == pytest.approx(10)


def test_a_rate_after_bytes_were_lost_begins_anew() -> None:
    speed = Speed()
    speed.mark(0, 0)
    speed.mark(10, 1_000_000)
    speed.mark(11, 500_000)
    speed.mark(21, 600_000)

    assert speed.rate == pytest.approx(10_000)


@pytest.mark.parametrize(
    ("state", "upload", "now", "may"),
    [
        (TransferState.SENDING, "u", 1000.0, True),
        (TransferState.COMPLETING, "u", 1000.0, True),
        (TransferState.CANCELLING, "u", 1000.0, False),
        (TransferState.SENDING, "u", 3590.0, False),
        (TransferState.COMPLETING, "", 1000.0, False),
    ],
)
def test_an_upload_is_taken_up_while_the_provider_keeps_it(
    state: TransferState, upload: str, now: float, may: bool
) -> None:
    transfer = Transfer("p", "s", "m", "n", 10, 0.0, upload_id=upload, state=state)

    assert transfer.may_go_on(now) is may
