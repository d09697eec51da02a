"""Rows that show pictures, for tests of limits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

_PICTURE = {"type": "image_url", "image_url": {"url": "https://example.org/meter.png"}}


def write_image_rows(path: Path, numbers: Sequence[int], words: int = 3) -> Path:
    """Write a row for each number, with so many pictures in it.

    Args:
        path: where to.
        numbers: of pictures.
        words: how long each answer is, about a token a word.
    """
    rows = [
        {
            "messages": [
                {"role": "user", "content": [{"type": "text", "text": f"Read meter {line}."}, *[_PICTURE] * number]},
                {"role": "assistant", "content": " ".join(["seven"] * words)},
            ]
        }
        for line, number in enumerate(numbers)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path
