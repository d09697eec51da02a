"""The cells of a table in a stream of bytes, row by row, read in pieces and through pandas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import chain
from typing import IO, cast

from fttui.services.dataset.importing.byte_stream import BlockStream
from fttui.services.dataset.importing.dialect import Dialect

PATIENCE = 128 * 1024 * 1024
"""Bytes of the longest row; where one is longer, a quotation mark was never closed."""
_CHUNK_BYTES = 4 * 1024 * 1024


class BrokenTableError(Exception):
    """The table cannot be read from some row on; `unclosed` where a quotation mark has no partner."""

    def __init__(self, why: str, *, unclosed: bool) -> None:
        super().__init__(why)
        self.unclosed = unclosed


def table_cells(
    blocks: Iterator[bytes], dialect: Dialect, row_bytes: int, *, one_by_one: bool = False
) -> Iterator[list[str]]:
    """The cells of each row, one more than there are columns; the last holds what is too many.

    The first row is one of our own, all empty: the reader wants to see the spare column once.

    Args:
        blocks: the text as UTF-8.
        dialect: how it is written.
        row_bytes: about how many bytes a row has.
        one_by_one: every row is given before the next one is read, which is slow.

    Raises:
        BrokenTableError: it is no table from some row on; the rows in the same piece are lost.
        UnreadableFileError: what gives the blocks raised it.
    """
    import pandas
    from pandas.errors import ParserError

    count = dialect.columns + 1
    spare = (dialect.delimiter * (count - 1) + "\n").encode()
    stream = BlockStream(chain((spare,), blocks), PATIENCE)
    try:
        chunks = pandas.read_csv(
            cast("IO[bytes]", io.BufferedReader(stream, 256 * 1024)),
            sep=dialect.delimiter,
            header=None,
            names=list(range(count)),
            # Cells beyond these are dropped without a word, which is why there is one column to spare.
            usecols=list(range(count)),
            index_col=False,
            dtype=object,
            keep_default_na=False,
            na_filter=False,
            skip_blank_lines=False,
            quoting=csv.QUOTE_MINIMAL if dialect.quoted else csv.QUOTE_NONE,
            encoding="utf-8",
            encoding_errors="surrogateescape",
            chunksize=1 if one_by_one else max(min(_CHUNK_BYTES // max(row_bytes, 1), 5000), 16),
            engine="c",
        )
        with chunks:
            for chunk in chunks:
                stream.progressed()
                yield from chunk.values.tolist()
    except (ParserError, ValueError, UnicodeError, OSError) as error:
        if stream.trouble is not None:
            raise stream.trouble from error
        unclosed = stream.out_of_patience or "EOF inside string" in str(error)
        raise BrokenTableError(str(error), unclosed=unclosed) from error
