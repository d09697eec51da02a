"""The words of many messages at once, as arrays: hashes, scripts, what may be sensitive.

Does for whole batches what `fttui.domain.dataset.similarity` does for one text, with the same result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from fttui.domain.dataset.scripts import SCRIPT_OF_LEAD, Script
from fttui.domain.dataset.sensitive import KEY_BEGINNINGS
from fttui.domain.dataset.similarity import FACTORS, SHINGLE, SKETCH_SIZE, WORD

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.uint64]
    Places = npt.NDArray[np.int64]

_SPACE, _LETTER, _LONG, _LEAD, _SIGN, _END = range(6)
"""Classes of bytes: white space, ASCII letters and digits, parts of other letters, first bytes of characters of three
and more bytes, all other signs, the end of a message."""

_PAD = bytes(8)
_FROM = 2.5
"""How many pieces are looked at for each that is kept, in the mean."""


def _classes() -> bytes:
    table = bytearray([_SIGN]) * 256
    for byte in range(256):
        if byte >= 0xE0:
            table[byte] = _LEAD
        elif byte >= 0x80:
            table[byte] = _LONG
        elif chr(byte).isalnum():
            table[byte] = _LETTER
        elif chr(byte).isspace():
            table[byte] = _SPACE
    table[0] = _END
    return bytes(table)


_CLASSES = _classes()


def _boundaries() -> bytes:
    """Whether a token begins at a byte, by the classes of the byte before it and its own."""
    table = bytearray(64)
    for before in range(6):
        for here in range(6):
            begins = here != before and not (here == _LONG and before == _LEAD)
            table[before << 3 | here] = begins or here in (_LEAD, _SIGN, _END)
    return bytes(table)


@dataclass(frozen=True, slots=True)
class WordTable:
    """The tokens of a batch of messages.

    `message` says for each token which message it stands in; `is_word` is False for signs.
    """

    messages: int
    hashes: Numbers
    message: Places
    is_word: npt.NDArray[np.bool_]
    first: npt.NDArray[np.uint8]
    second: npt.NDArray[np.uint8]
    beginnings: npt.NDArray[np.uint32]
    """The first four bytes of each token, and of what follows it where it is shorter."""
    lengths: Places
    before: npt.NDArray[np.uint8]
    """The byte before each token, and after it, below."""
    after: npt.NDArray[np.uint8]


def word_table(texts: Sequence[str]) -> WordTable:
    """Cut messages into tokens.

    Args:
        texts: in lower case, none with a NUL in it.
    """
    import numpy as np

    joined = "\0".join(texts).encode("utf-8", "replace") + b"\0"
    data = np.frombuffer(joined + _PAD, np.uint8)
    length = len(joined)
    classes = np.frombuffer(joined.translate(_CLASSES), np.uint8)
    pairs = classes.copy()
    pairs[1:] |= classes[:-1] << 3
    pairs[0] |= _END << 3
    marks = bytearray(pairs.tobytes().translate(_boundary_table()))
    begins = _begins(np.frombuffer(marks, np.bool_))
    sizes = np.diff(begins, append=length)
    if int(sizes.max()) > WORD:
        _cut(marks, begins, sizes)
        begins = _begins(np.frombuffer(marks, np.bool_))
        sizes = np.diff(begins, append=length)
    kinds = classes[begins]
    message = np.cumsum(kinds == _END)
    there = np.flatnonzero((kinds != _SPACE) & (kinds != _END))
    begins, sizes, message, kinds = begins[there], sizes[there], message[there], kinds[there]
    heads = _gather(data, begins)
    beginnings = (heads & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    return WordTable(
        messages=len(texts),
        hashes=_hashes(data, heads, begins, sizes),
        message=message,
        is_word=kinds != _SIGN,
        first=beginnings.astype(np.uint8),
        second=(beginnings >> np.uint32(8)).astype(np.uint8),
        beginnings=beginnings,
        lengths=sizes,
        before=data[begins - 1],
        after=data[begins + sizes],
    )


@cache
def _boundary_table() -> bytes:
    return _boundaries().ljust(256, b"\0")


def _begins(marks: npt.NDArray[np.bool_]) -> Places:
    import numpy as np

    return np.flatnonzero(marks)


def _cut(marks: bytearray, begins: Places, sizes: Places) -> None:
    """Mark long words as several."""
    long = sizes > WORD
    for begin, size in zip(begins[long].tolist(), sizes[long].tolist(), strict=True):
        marks[begin : begin + size : WORD] = b"\1" * -(-size // WORD)


def _gather(data: npt.NDArray[np.uint8], places: Places) -> Numbers:
    """The eight bytes at each place as a number."""
    import numpy as np

    windows = np.ndarray((len(data) - 7,), np.dtype("V8"), data, strides=(1,))
    return windows[places].view(np.uint64)


def _hashes(data: npt.NDArray[np.uint8], heads: Numbers, begins: Places, sizes: Places) -> Numbers:
    import numpy as np

    factors = [np.uint64(factor) for factor in FACTORS]
    masks = np.array([(1 << 8 * min(size, 8)) - 1 for size in range(WORD + 1)], np.uint64)
    numbers = heads & masks[sizes]
    numbers = (numbers ^ sizes.astype(np.uint64)) * factors[1]
    numbers ^= numbers >> np.uint64(32)
    longer = np.flatnonzero(sizes > 8)
    if len(longer):
        tails = _gather(data, begins[longer] + sizes[longer] - 8)
        numbers[longer] += tails * factors[2]
    numbers *= factors[0]
    numbers ^= numbers >> np.uint64(29)
    return numbers


def message_keys(table: WordTable) -> Numbers:
    """64 bits that tell messages apart, whatever their spaces; 0 for one without any token."""
    import numpy as np

    keys = np.zeros(table.messages, np.uint64)
    if not len(table.hashes):
        return keys
    counts = np.bincount(table.message, minlength=table.messages)
    starts = np.cumsum(counts) - counts
    place = (np.arange(len(table.hashes)) - starts[table.message]).astype(np.uint64)
    mixed = table.hashes + place * np.uint64(FACTORS[1])
    mixed ^= mixed >> np.uint64(31)
    mixed *= np.uint64(FACTORS[2])
    mixed ^= mixed >> np.uint64(30)
    told = np.flatnonzero(counts)
    keys[told] = np.add.reduceat(mixed, starts[told])
    return keys


def row_sketches(table: WordTable, row: Places, rows: int) -> tuple[npt.NDArray[np.uint32], Places]:
    """The sketches of rows, one after the other, and how long each is.

    Args:
        table: the words.
        row: the row that each message belongs to, ascending.
        rows: how many there are.
    """
    import numpy as np

    words = np.flatnonzero(table.is_word)
    hashes, owner = table.hashes[words], row[table.message[words]]
    if not len(hashes):
        return np.zeros(0, np.uint32), np.zeros(rows, np.int64)
    first, second, third = (np.uint64(factor) for factor in FACTORS)
    numbers = hashes[:-2] * first + hashes[1:-1] * second + hashes[2:] * third
    whole = owner[:-2] == owner[2:]
    places = owner[:-2][whole]
    # Rows too short for a piece are one piece.
    counts = np.bincount(owner, minlength=rows)
    short = np.flatnonzero((counts > 0) & (counts < SHINGLE))
    starts = (np.cumsum(counts) - counts)[short]
    lone = hashes[starts] * first
    lone[counts[short] == 2] += hashes[starts[counts[short] == 2] + 1] * second
    numbers = np.concatenate([numbers[whole], lone])
    places = np.concatenate([places, short])
    numbers ^= numbers >> np.uint64(31)
    return _smallest((numbers * first) >> np.uint64(32), places, rows)


def _smallest(numbers: Numbers, places: Places, rows: int) -> tuple[npt.NDArray[np.uint32], Places]:
    """The smallest numbers of each row. Of long rows only what lies below a bound is sorted, if it is enough."""
    import numpy as np

    counts = np.bincount(places, minlength=rows)
    bounds = np.full(rows, 2.0**32)
    many = counts > SKETCH_SIZE * _FROM
    bounds[many] = 2.0**32 * SKETCH_SIZE * _FROM / counts[many]
    low = numbers < bounds.astype(np.uint64)[places]
    keys = _distinct(numbers[low], places[low])
    kept = np.bincount((keys >> np.uint64(32)).astype(np.int64), minlength=rows)
    short = many & (kept < SKETCH_SIZE)
    if short.any():
        again = short[places]
        keys = keys[~short[(keys >> np.uint64(32)).astype(np.int64)]]
        keys = np.sort(np.concatenate([keys, _distinct(numbers[again], places[again])]))
        kept = np.bincount((keys >> np.uint64(32)).astype(np.int64), minlength=rows)
    starts = np.cumsum(kept) - kept
    rank = np.arange(len(keys)) - np.repeat(starts, kept)
    return keys[rank < SKETCH_SIZE].astype(np.uint32), np.minimum(kept, SKETCH_SIZE)


def _distinct(numbers: Numbers, places: Places) -> Numbers:
    import numpy as np

    keys = np.sort(places.astype(np.uint64) << np.uint64(32) | numbers)
    fresh = np.ones(len(keys), np.bool_)
    fresh[1:] = keys[1:] != keys[:-1]
    return keys[fresh]


def row_scripts(table: WordTable, row: Places, rows: int) -> npt.NDArray[np.int64]:
    """How many words of each script every row has; of unspaced scripts, characters."""
    import numpy as np

    counts = np.zeros((rows, len(Script)), np.int64)
    scripts = np.frombuffer(table.first.tobytes().translate(SCRIPT_OF_LEAD), np.uint8)
    tokens = np.bincount(row, np.bincount(table.message, minlength=table.messages), rows).astype(np.int64)
    told = np.flatnonzero(tokens)
    if len(told):
        starts = (np.cumsum(tokens) - tokens)[told]
        counts[told, Script.LATIN] = np.add.reduceat((scripts == Script.LATIN).astype(np.int32), starts)
    # The others are few in most sets.
    others = np.flatnonzero(scripts > Script.LATIN)
    kinds = scripts[others].astype(np.int64)
    third = np.flatnonzero(table.first == _KANA_LEAD)
    kana = third[(table.second[third] >= 0x81) & (table.second[third] <= 0x83)]
    places = np.concatenate([row[table.message[others]], row[table.message[kana]]])
    kinds = np.concatenate([kinds, np.full(len(kana), Script.KANA)])
    flat = np.bincount(places * len(Script) + kinds, minlength=rows * len(Script))
    counts += flat.reshape(rows, len(Script))
    return counts


_KANA_LEAD = 0xE3


def suspects(table: WordTable) -> npt.NDArray[np.bool_]:
    """Which messages may hold something sensitive; False only where `find_sensitive` finds nothing."""
    import numpy as np

    pairs = (table.beginnings & np.uint32(0xFFFF)).astype(np.uint16)
    likely = np.flatnonzero(_key_pairs()[pairs])
    heads = table.beginnings[likely]
    found = [table.message[likely[np.isin(heads & np.uint32(mask), values)]] for mask, values in _key_signs()]
    signs = np.flatnonzero(table.first == 0x40)
    found.append(table.message[signs[_table_of(_LOCAL_ENDS)[table.before[signs]]]])
    third = (table.beginnings >> np.uint32(16)).astype(np.uint8)
    numbered = np.flatnonzero(_is_digit(third) & _is_letter(table.first))
    fourth = (table.beginnings[numbered] >> np.uint32(24)).astype(np.uint8)
    account = numbered[_is_digit(fourth) & _is_letter(table.second[numbered])]
    found.append(table.message[account])
    found.append(_long_numbers(table))
    wanted = np.zeros(table.messages, np.bool_)
    for messages in found:
        wanted[messages] = True
    return wanted


_LOCAL_ENDS = b"0123456789abcdefghijklmnopqrstuvwxyz._%+-"
_NUMBER_SIGNS = b" ().-"
_FEWEST_DIGITS = 9


@cache
def _key_signs() -> list[tuple[int, list[int]]]:
    """How keys begin, in lower case: masks of as many bytes as there are, and what stands there."""
    signs: dict[int, list[int]] = {}
    for beginning in (*KEY_BEGINNINGS, "PRIVATE"):
        head = beginning.lower().encode()[:4]
        signs.setdefault((1 << 8 * len(head)) - 1, []).append(int.from_bytes(head, "little"))
    return list(signs.items())


@cache
def _key_pairs() -> npt.NDArray[np.bool_]:
    """For every pair of bytes whether a key may begin with it."""
    import numpy as np

    pairs = np.zeros(1 << 16, np.bool_)
    pairs[[value & 0xFFFF for _, values in _key_signs() for value in values]] = True
    return pairs


@cache
def _table_of(members: bytes) -> npt.NDArray[np.bool_]:
    import numpy as np

    table = np.zeros(256, np.bool_)
    table[list(members)] = True
    return table


def _long_numbers(table: WordTable) -> Places:
    """The messages in which digits, and what stands between the groups of a number, come to nine digits or more."""
    import numpy as np

    words = np.flatnonzero(table.is_word)
    digit = _is_digit(table.first[words])
    words = words[digit]
    if not len(words):
        return table.message[:0]
    position = np.flatnonzero(digit)
    linked = (np.diff(position) == 1) & (np.diff(table.message[words]) == 0)
    linked &= _table_of(_NUMBER_SIGNS)[table.after[words[:-1]]] | (table.lengths[words[:-1]] == WORD)
    run = np.concatenate([[0], np.cumsum(~linked)])
    digits = np.bincount(run, table.lengths[words])
    # Eight are enough only after a plus.
    digits += np.bincount(run, table.before[words] == 0x2B) > 0
    messages: Places = table.message[words[digits[run] >= _FEWEST_DIGITS]]
    return messages


def _is_digit(byte: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    return (byte >= 0x30) & (byte <= 0x39)


def _is_letter(byte: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    return (byte >= 0x61) & (byte <= 0x7A)
