"""Learns the merges of a vocabulary from text."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise

from fttui.engine.nano.bpe import Pair, Tokenizer, pieces

# Longer tokens would be whole phrases of the corpus, of no use for the text of others.
MAX_TOKEN_BYTES = 16
# Two Han characters: copies of a phrase are then cut alike wherever it stands.
MAX_WIDE_TOKEN_BYTES = 6


def train(texts: Iterable[str], merge_count: int, minimum_count: int = 2) -> Tokenizer:
    """Learn up to `merge_count` merges, the most frequent pair first; equal counts go by the smaller ids.

    Args:
        texts: the corpus; counts are over pieces, so order does not matter.
        merge_count: how many merges to learn at most.
        minimum_count: pairs seen less often are left alone.
    """
    counted = Counter(piece for text in texts for piece in pieces(text))
    words = [list(piece.encode("utf-8", "replace")) for piece in sorted(counted)]
    counts = [counted[piece] for piece in sorted(counted)]
    table = [bytes([value]) for value in range(256)]
    pair_counts: dict[Pair, int] = defaultdict(int)
    homes: dict[Pair, set[int]] = defaultdict(set)
    for index, word in enumerate(words):
        for pair in pairwise(word):
            pair_counts[pair] += counts[index]
            homes[pair].add(index)

    merges: list[Pair] = []
    barred: set[Pair] = set()
    while len(merges) < merge_count:
        best = min(
            (pair for pair in pair_counts if pair not in barred),
            key=lambda pair: (-pair_counts[pair], pair),
            default=None,
        )
        if best is None or pair_counts[best] < minimum_count:
            break
        joined = table[best[0]] + table[best[1]]
        if len(joined) > (MAX_WIDE_TOKEN_BYTES if joined[-1] >= 0x80 else MAX_TOKEN_BYTES):
            barred.add(best)
            continue
        new = len(table)
        table.append(joined)
        merges.append(best)
        for index in homes.pop(best):
            word = words[index]
            for pair in pairwise(word):
                pair_counts[pair] -= counts[index]
                if not pair_counts[pair]:
                    del pair_counts[pair]
            words[index] = word = _join(word, best, new)
            for pair in pairwise(word):
                pair_counts[pair] += counts[index]
                homes[pair].add(index)
    return Tokenizer(merges)


def _join(word: list[int], pair: Pair, new: int) -> list[int]:
    out: list[int] = []
    place = 0
    while place < len(word):
        if place + 1 < len(word) and (word[place], word[place + 1]) == pair:
            out.append(new)
            place += 2
        else:
            out.append(word[place])
            place += 1
    return out
