"""Tokens of rows that may be over the limit; the vocabulary is loaded when the first one comes."""

from __future__ import annotations

from fttui.domain.dataset.preparation.fix import JsonObject
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.row import row_of
from fttui.domain.dataset.row_record import record_of
from fttui.domain.dataset.tokens import record_tokens
from fttui.services.dataset.tokenizer import counter_for


class RowTokens:
    """Counts the tokens of rows as validation does.

    Args:
        data_format: the format of the rows.
        model: whose encoding counts.
    """

    def __init__(self, data_format: DataFormat, model: str | None) -> None:
        self._format = data_format
        self._model = model

    def count(self, value: JsonObject) -> int:
        """Tokens of one row."""
        record = record_of(row_of(value, self._format))
        return record_tokens(record, counter_for(self._model), self._model)
