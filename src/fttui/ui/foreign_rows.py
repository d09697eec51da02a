"""Whether the rows of an open file have a shape that the import knows better than training does."""

from __future__ import annotations

import json

from fttui.domain.dataset.mapping.foreign import foreign_shape


def foreign_words(raw: bytes) -> str:
    """What to do with rows like this one, in a few words; empty where it is a training row or no shape is known.

    Args:
        raw: a row as JSON, or as much of the beginning of a list of rows as there is.
    """
    row = _first_object(raw)
    return "of another shape; I makes training rows of it" if row and foreign_shape([row]) is not None else ""


def _first_object(raw: bytes) -> dict[str, object]:
    text = raw.decode("utf-8", "replace").lstrip("\ufeff[ \t\r\n")
    try:
        value, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        # Broken, or longer than what was looked at: then nothing can be said.
        return {}
    return value if isinstance(value, dict) else {}
