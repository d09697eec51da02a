"""A faster counter for bulk work, where the optional gigatoken package is there and agrees with tiktoken."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from fttui.services.dataset.cjk_words import CjkWords
from fttui.services.dataset.parity import EXPECTED_COUNTS, HARD_TEXTS
from fttui.services.dataset.tokenizer import RANK_FILES, VOCABULARIES, TiktokenCounter

if TYPE_CHECKING:
    from gigatoken.gigatoken_rs import BPETokenizer

    from fttui.services.ports import TokenCounter

_WORTH_SHORTENING = 500
"""Characters of a text from which words are taken out though it comes alone."""
_BETWEEN = "\x00\x1e\x1f"
"""What separates texts that are counted in one piece; hardly any text has it. No beginning of it is an end of it, so
that it is found where it was put, whatever a text ends with."""
_BETWEEN_TOKEN = 250_000
"""Beyond every vocabulary."""
_SPLITTERS = {"o200k_base": "o200k", "cl100k_base": "cl100k"}


class GigatokenCounter:
    """Counts with gigatoken, several times as fast as tiktoken.

    Texts are counted in one piece, with a special token between them that splits whatever stands around it.

    gigatoken 0.10 never trims its cache: when it has grown too much another process should take over. Most of what
    fills it, Chinese and Japanese, is counted by tables first.

    Args:
        encoding: o200k_base or cl100k_base.
        exact: whether the model to be trained reads text with this encoding.
    """

    def __init__(self, encoding: str, *, exact: bool = True) -> None:
        self.encoding = encoding
        self.exact = exact
        self._tokenizer = _build(encoding)
        self._words = CjkWords(encoding)

    def count(self, text: str) -> int:
        """Tokens in a text; text that looks like a special token is text."""
        if _BETWEEN in text:
            return TiktokenCounter(self.encoding).count(text)
        if len(text) > _WORTH_SHORTENING:
            return self.count_each((text,))[0]
        return len(self._tokenizer.encode(_utf_8(text)))

    def count_each(self, texts: Sequence[str]) -> Sequence[int]:
        """Tokens in each text; the more of them there are, the faster."""
        if not texts:
            return []
        import numpy as np

        left, worth = self._words.take_out(texts)
        tokens = self._tokenizer.encode(_BETWEEN.encode().join([_utf_8(text) for text in left]))
        between = np.flatnonzero(tokens == _BETWEEN_TOKEN)
        if len(between) != len(texts) - 1:
            # What should stand between them stands in one of them.
            return [self.count(text) for text in texts]
        counts = np.diff(between, prepend=-1, append=len(tokens)) - 1 + worth
        counted: list[int] = counts.tolist()
        return counted


def _utf_8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        # Lone surrogates are replaced, as tiktoken does.
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def _build(encoding: str) -> BPETokenizer:
    from gigatoken.gigatoken_rs import BPETokenizer

    vocabulary = str(VOCABULARIES / RANK_FILES[encoding])
    return BPETokenizer.from_tiktoken(vocabulary, _SPLITTERS[encoding], {_BETWEEN: _BETWEEN_TOKEN})


def bulk_counter(encoding: str, *, exact: bool) -> TokenCounter:
    """The fastest counter there is that gives the same counts as tiktoken.

    gigatoken is taken where it is installed and gives the known counts of a set of hard texts, else tiktoken.
    """
    if encoding in _SPLITTERS and importlib.util.find_spec("gigatoken") is not None:
        # Its arrays need no threads of numpy's.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        try:
            counter = GigatokenCounter(encoding, exact=exact)
            if tuple(counter.count_each(HARD_TEXTS)) == EXPECTED_COUNTS[encoding]:
                return counter
        except (ImportError, OSError, RuntimeError, ValueError, TypeError, AttributeError):
            # Another version, or one that does not run on this machine: the reference does the same, slower.
            return TiktokenCounter(encoding, exact=exact)
    return TiktokenCounter(encoding, exact=exact)
