"""Which rows stay so that labels balance, and which go to validation; seeded, so that it can be done again."""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

FORMER_SHARE, FORMER_MOST = 0.2, 1000


class SplitBy(StrEnum):
    """What must not fall apart, or must be in both parts alike."""

    RANDOM = "random"
    LABEL = "label"
    """Every label has the same share in both parts."""
    PROMPT = "prompt"
    """Rows with the same prompt, and rows that are nearly the same, stay together, so that nothing leaks."""


@dataclass(frozen=True, slots=True)
class Split:
    """How many rows go to the validation file: a share of all below 1, else a number."""

    amount: float
    by: SplitBy = SplitBy.PROMPT
    seed: int = 42

    def rows(self, total: int) -> int:
        """How many of so many rows go to the validation file; at least one goes to each side, where there are two."""
        wanted = round(total * self.amount) if self.amount < 1 else int(self.amount)
        return max(min(max(wanted, 1), total - 1), 0)


def split_amount(text: str) -> float | None:
    """How many rows are meant by a share such as 0.1 or 10 %, or a whole number; None for anything else."""
    plain = text.strip()
    try:
        value = float(plain.removesuffix("%")) / (100 if plain.endswith("%") else 1)
    except ValueError:
        return None
    if 0 < value < 1:
        return value
    return value if 1 <= value < 1e12 and value == int(value) and not plain.endswith("%") else None


def former_split(total: int) -> int:
    """Rows that the former preparation tool kept for validation: a fifth, 1000 at most."""
    return total - max(total - FORMER_MOST, int(total * (1 - FORMER_SHARE)))


def is_labelled(labels: Sequence[int]) -> bool:
    """Whether answers look like labels of classes: at least two of them, all short, and three times as many rows."""
    distinct = set(labels)
    return 0 not in distinct and 2 <= len(distinct) < len(labels) / 3


def rebalance(labels: Sequence[int], ratio: float, seed: int, ranks: Sequence[int]) -> frozenset[int]:
    """The places of the rows that go, so that no label has more than `ratio` times as many as the rarest.

    Args:
        labels: the label of every row as a key; 0 for a row without one.
        ratio: at least 1.
        seed: draws the rows that stay.
        ranks: a key of each row's content, so that which rows stay does not depend on their order.
    """
    if not is_labelled(labels):
        return frozenset()
    counts = Counter(labels)
    most = max(math.floor(min(counts.values()) * ratio), 1)
    places: defaultdict[int, list[int]] = defaultdict(list)
    for place, label in enumerate(labels):
        if counts[label] > most:
            places[label].append(place)
    gone: set[int] = set()
    for members in places.values():
        drawn = sorted(members, key=lambda place: (_rank(seed, ranks[place]), place))
        gone.update(drawn[most:])
    return frozenset(gone)


def _rank(seed: int, value: int) -> int:
    """A number that looks drawn at random: the finaliser of SplitMix64 (G. Steele and others, 2014)."""
    mask = 0xFFFFFFFFFFFFFFFF
    mixed = (value + (seed + 1) * 0x9E3779B97F4A7C15) & mask
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & mask
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & mask
    return mixed ^ (mixed >> 31)


def validation_places(split: Split, groups: Sequence[int], labels: Sequence[int]) -> frozenset[int]:
    """The places of the rows that go to the validation file.

    Args:
        split: how many, by what, with which seed.
        groups: a key of what must stay together, one per row: its prompt, or else its content.
        labels: the label of every row as a key.
    """
    total = len(groups)
    wanted = split.rows(total)
    if split.by is not SplitBy.LABEL:
        return frozenset(_drawn(range(total), groups, wanted, random.Random(split.seed)))  # noqa: S311 - no secret
    members: defaultdict[int, list[int]] = defaultdict(list)
    for place, label in enumerate(labels):
        members[label].append(place)
    shares = _shares([len(places) for places in members.values()], wanted)
    chosen: set[int] = set()
    for number, (places, share) in enumerate(zip(members.values(), shares, strict=True)):
        generator = random.Random(split.seed + number)  # noqa: S311 - no secret
        chosen.update(_drawn(places, groups, share, generator))
    return frozenset(chosen)


def joined(keys: Sequence[int], links: Sequence[int]) -> list[int]:
    """A number for each row, the same for all that one is led to from another.

    Args:
        keys: rows with the same key belong together.
        links: the place of another row that a row belongs together with; its own where there is none.
    """
    roots = list(range(len(keys)))

    def root(place: int) -> int:
        while roots[place] != place:
            # Half of the way is cut off each time.
            roots[place] = roots[roots[place]]
            place = roots[place]
        return place

    first: dict[int, int] = {}
    for place, (key, link) in enumerate(zip(keys, links, strict=True)):
        roots[root(place)] = root(first.setdefault(key, place))
        roots[root(place)] = root(link)
    return [root(place) for place in range(len(keys))]


def _drawn(places: Sequence[int], groups: Sequence[int], wanted: int, generator: random.Random) -> list[int]:
    """Whole groups, drawn until there are enough rows; one that would be too many is passed over."""
    together: defaultdict[int, list[int]] = defaultdict(list)
    for place in places:
        together[groups[place]].append(place)
    order = list(together.values())
    generator.shuffle(order)
    chosen: list[int] = []
    for members in order:
        if len(chosen) + len(members) <= wanted:
            chosen += members
    return chosen


def _shares(sizes: Sequence[int], wanted: int) -> list[int]:
    """So many in all, in proportion to sizes: largest remainders."""
    total = sum(sizes)
    exact = [size * wanted / total for size in sizes]
    shares = [math.floor(share) for share in exact]
    by_rest = sorted(range(len(sizes)), key=lambda place: (shares[place] - exact[place], place))
    for place in by_rest[: wanted - sum(shares)]:
        shares[place] += 1
    return shares
