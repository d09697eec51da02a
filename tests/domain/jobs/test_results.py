"""Result files are read in whatever wrapping they come."""

from __future__ import annotations

import base64
import gzip
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fttui.domain.jobs import results
from fttui.domain.jobs.results import ResultTable, as_csv_rows, decode_results
from fttui.domain.jobs.series import Point

PLAIN = b"step,train_loss,valid_loss,train_accuracy\n1,2.5,,0.25\n2,1.5,1.75,0.5\n"
TABLE = ResultTable(
    ("step", "train_loss", "valid_loss", "train_accuracy"), ((1.0, 2.5, None, 0.25), (2.0, 1.5, 1.75, 0.5))
)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(PLAIN, id="plain"),
        pytest.param(b"\xef\xbb\xbf" + PLAIN, id="byte order mark"),
        pytest.param(PLAIN.replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(base64.b64encode(PLAIN), id="base64"),
        pytest.param(base64.encodebytes(PLAIN), id="base64 in lines"),
        pytest.param(gzip.compress(PLAIN), id="gzip"),
        pytest.param(base64.b64encode(gzip.compress(b"\xef\xbb\xbf" + PLAIN)), id="gzip in base64"),
    ],
)
def test_the_table_is_the_same_in_every_wrapping(content: bytes) -> None:
    assert decode_results(content) == TABLE


def test_columns_become_curves_under_their_usual_names() -> None:
    train, valid, accuracy = decode_results(PLAIN).curves()

    assert (train.name, valid.name, accuracy.name) == ("train_loss", "valid_loss", "train_mean_token_accuracy")
    assert valid.points == (Point(2, 1.75),)


def test_unknown_columns_short_rows_and_odd_cells_are_kept() -> None:
    table = decode_results(b"step,reward,note\n1,nan,=cmd\n2,0.5\n\n3,1,ok,extra\n")

    assert table.rows == ((1.0, "nan", "=cmd"), (2.0, 0.5, None), (3.0, 1.0, "ok"))
    assert as_csv_rows(table)[1] == ["1", "nan", "'=cmd"]


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b"a,b\n1,2", b"step", gzip.compress(PLAIN)[:30], gzip.compress(PLAIN)[:-9], b"aGVsbG8="],
    ids=["empty", "page", "no steps", "one word", "cut gzip", "gzip without its end", "base64 of a word"],
)
def test_what_is_no_table_of_steps_is_told(content: bytes) -> None:
    with pytest.raises(ValueError, match="result file"):
        decode_results(content)


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "LARGEST", 1_000_000)

    with pytest.raises(ValueError, match="larger than"):
        decode_results(gzip.compress(PLAIN + b" " * 10_000_000))


@given(st.binary(max_size=200) | st.binary(max_size=100).map(lambda tail: PLAIN + tail))
def test_any_bytes_are_a_table_without_gaps_or_refused(content: bytes) -> None:
    with suppress(ValueError):
        table = decode_results(content)

        assert {len(row) for row in table.rows} <= {len(table.columns)}
