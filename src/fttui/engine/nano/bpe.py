"""Byte-level byte-pair encoding: text to token ids and back, without loss (Sennrich et al. 2016)."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

# Runs are bounded, so that a megabyte without a space costs no more than a megabyte of prose.
# A space belongs to the word behind it; digits stand alone, so that numbers are copied and added digit by digit.
_PIECES = re.compile(
    r" ?[^\W\d_\u3040-\u30ff\u3400-\u9fff]{1,24}"
    r"|[\u3040-\u30ff\u3400-\u9fff]{1,16}"
    r"|\d"
    r"| ?(?:[^\s\w]|_){1,12}"
    r"|\s{1,12}(?=\s|$)"
    r"|\s"
)
_CACHE_LIMIT = 50_000
_NO_MERGE = 1 << 30

BOS, EOT = "<|bos|>", "<|eot|>"
ROLE_TOKENS = {name: f"<|{name}|>" for name in ("system", "user", "assistant", "tool")}
SPECIAL_TOKENS = (BOS, EOT, *ROLE_TOKENS.values())

Pair = tuple[int, int]


def pieces(text: str) -> list[str]:
    """Cut text into words, signs, digits and spaces; merges never cross a cut."""
    return _PIECES.findall(text)


class Tokenizer:
    """Bytes are ids 0 to 255, merges follow in the order they were learned, special tokens come last."""

    def __init__(self, merges: Sequence[Pair]) -> None:
        """Build the tables of a vocabulary.

        Args:
            merges: pairs of ids; the n-th makes id 256 + n.
        """
        self.merges = tuple(merges)
        self._ids = {pair: 256 + rank for rank, pair in enumerate(self.merges)}
        table = [bytes([value]) for value in range(256)]
        for left, right in self.merges:
            table.append(table[left] + table[right])
        first_special = len(table)
        self._bytes = tuple(table) + (b"",) * len(SPECIAL_TOKENS)
        self._special = {name: first_special + place for place, name in enumerate(SPECIAL_TOKENS)}
        self.bos, self.eot = self._special[BOS], self._special[EOT]
        self._cache: dict[str, tuple[int, ...]] = {}

    @property
    def vocab_size(self) -> int:
        """Number of ids, special tokens included."""
        return len(self._bytes)

    @property
    def special_ids(self) -> frozenset[int]:
        """Ids that stand for no text."""
        return frozenset(self._special.values())

    def role_id(self, role: str) -> int:
        """The token that opens a message of `role`: system, user, assistant or tool."""
        return self._special[ROLE_TOKENS[role]]

    def encode(self, text: str) -> list[int]:
        """Token ids of text. Text that spells a special token is text; a lone surrogate becomes a question mark."""
        ids: list[int] = []
        for piece in pieces(text):
            known = self._cache.get(piece)
            if known is None:
                known = self._merge(piece)
                if len(self._cache) >= _CACHE_LIMIT:
                    self._cache.clear()
                self._cache[piece] = known
            ids.extend(known)
        return ids

    def token_bytes(self, token: int) -> bytes:
        """What a token stands for; nothing for a special token."""
        return self._bytes[token]

    def decode(self, tokens: Iterable[int]) -> str:
        """Text of token ids; bytes that are no UTF-8 become replacement characters."""
        return b"".join(self._bytes[token] for token in tokens).decode("utf-8", "replace")

    def to_json(self) -> str:
        """The vocabulary as text."""
        return json.dumps({"kind": "byte-level-bpe", "special": SPECIAL_TOKENS, "merges": self.merges})

    @classmethod
    def from_json(cls, text: object) -> Tokenizer:
        """The inverse of `to_json`.

        Raises:
            TypeError: this is no text.
            ValueError: the text is no vocabulary of this kind.
        """
        if not isinstance(text, str):
            raise TypeError("the vocabulary is not text")
        value = json.loads(text)
        if not isinstance(value, dict) or value.get("special") != list(SPECIAL_TOKENS):
            raise ValueError("not a vocabulary with the special tokens of this engine")
        merges: list[Pair] = []
        for rank, (left, right) in enumerate(value["merges"]):
            if not (0 <= left < 256 + rank and 0 <= right < 256 + rank):
                raise ValueError(f"merge {rank} joins a token that does not exist yet")
            merges.append((left, right))
        return cls(merges)

    def _merge(self, piece: str) -> tuple[int, ...]:
        ids = list(piece.encode("utf-8", "replace"))
        while len(ids) > 1:
            merged, place = min((self._ids.get(pair, _NO_MERGE), place) for place, pair in enumerate(pairwise(ids)))
            if merged == _NO_MERGE:
                break
            ids[place : place + 2] = [merged]
        return tuple(ids)


class TextStream:
    """Turns tokens that arrive one by one into text that never ends inside a character."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def push(self, token: int) -> str:
        """The text that is complete with this token; may be empty."""
        return self._decoder.decode(self._tokenizer.token_bytes(token))

    def close(self) -> str:
        """What is left of an unfinished character, as a replacement character."""
        return self._decoder.decode(b"", final=True)
