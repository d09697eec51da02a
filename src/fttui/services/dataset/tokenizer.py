"""Token counters: tiktoken with vocabularies that come with the package, so that no network is needed, ever."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from fttui.domain.dataset.encodings import encoding_for

if TYPE_CHECKING:
    import tiktoken

    from fttui.services.ports import TokenCounter

VOCABULARIES = Path(__file__).parent / "vocabularies"
"""The rank files under the names that tiktoken looks for in its cache; it checks their SHA-256 itself."""

RANK_FILES = {
    "o200k_base": "fb374d419588a4632f3f557e76b4b70aebbca790",
    "cl100k_base": "9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
}

_CACHE_VARIABLE = "TIKTOKEN_CACHE_DIR"
_loading = threading.Lock()

# A run of white space of about a million characters overflows the stack of tiktoken 0.14's splitter, which panics.
_LONG_TEXT = 200_000
_WHITE_SPACE = re.compile(r"\s+")


class TiktokenCounter:
    """Counts with tiktoken, the reference for every other counter.

    Args:
        encoding: o200k_base or cl100k_base.
        exact: whether the model to be trained reads text with this encoding.
    """

    def __init__(self, encoding: str, *, exact: bool = True) -> None:
        self.encoding = encoding
        self.exact = exact
        self._reference = load_encoding(encoding)

    def count(self, text: str) -> int:
        """Tokens in a text; text that looks like a special token is text."""
        if len(text) >= _LONG_TEXT and _has_long_run(text):
            return count_by_pieces(self._reference, text)
        return len(self._reference.encode_ordinary(text))

    def count_each(self, texts: Sequence[str]) -> Sequence[int]:
        """Tokens in each text."""
        return [self.count(text) for text in texts]


def _has_long_run(text: str) -> bool:
    return any(run.end() - run.start() >= _LONG_TEXT for run in _WHITE_SPACE.finditer(text))


def count_by_pieces(encoding: tiktoken.Encoding, text: str) -> int:
    """Count as tiktoken does, with the splitting done by the regex package, which has no stack to overflow."""
    import regex  # type: ignore[import-untyped]

    clean = text.encode("utf-8", "replace").decode()
    pieces = regex.finditer(encoding._pat_str, clean)  # noqa: SLF001 - the pattern has no public name
    return sum(len(encoding._encode_single_piece(piece[0])) for piece in pieces)  # noqa: SLF001 - nor has this


@lru_cache(maxsize=8)
def counter_for(model: str | None) -> TokenCounter:
    """The counter to use for a model: its own encoding where known, else an estimate with the newest one.

    Loads a vocabulary on first use, about 0.3 s: call it off the event loop.
    """
    encoding = encoding_for(model)
    return TiktokenCounter(encoding.name, exact=encoding.exact)


def load_encoding(name: str) -> tiktoken.Encoding:
    """Build an encoding from the package's own files; tiktoken keeps it, so it is built once per process."""
    import tiktoken

    with _loading, _cache_in(VOCABULARIES):
        return tiktoken.get_encoding(name)


@contextmanager
def _cache_in(folder: Path) -> Iterator[None]:
    # Only around the call: left set, tiktoken would want to write other encodings into the package.
    before = os.environ.get(_CACHE_VARIABLE)
    os.environ[_CACHE_VARIABLE] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ[_CACHE_VARIABLE]
        else:
            os.environ[_CACHE_VARIABLE] = before
