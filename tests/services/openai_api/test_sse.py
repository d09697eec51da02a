"""Events come out whole wherever the bytes are cut."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fttui.domain.errors import MalformedAnswerError
from fttui.services.openai_api.sse import EventDecoder

STREAM = b": hello\r\ndata: one\r\n\r\nevent: x\ndata: tw\xc3\xb6\ndata:three\n\n\n\nid: 4\rdata: four\r\rdata: five"
EVENTS = [b"one", b"tw\xc3\xb6\nthree", b"four", b"five"]


@given(st.lists(st.integers(0, len(STREAM)), max_size=8))
def test_wherever_the_stream_is_cut_the_events_are_the_same(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(STREAM)]
    decoder = EventDecoder(1000)

    found = [data for start, end in pairwise(places) for data in decoder.feed(STREAM[start:end])]

    assert [*found, *decoder.flush()] == EVENTS


def test_a_stream_beyond_its_limit_is_an_error() -> None:
    decoder = EventDecoder(10)

    with pytest.raises(MalformedAnswerError):
        list(decoder.feed(b"data: 12345"))
