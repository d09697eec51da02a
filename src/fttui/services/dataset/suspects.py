"""Which of many messages may hold something sensitive, told at a glance, so that only those are looked into."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from fttui.domain.dataset.sensitive import KEY_BEGINNINGS
from fttui.domain.dataset.similarity import END
from fttui.services.dataset.folded_text import MESSAGE_END

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]
    Flags = npt.NDArray[np.bool_]
    Places = npt.NDArray[np.int64]

_BLOCK = 8
"""Bytes that are looked at together: of a key, some are always without a gap."""
_LOCAL_ENDS = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._%+-"
_KEY_LETTERS = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-"
_NUMBER_SIGNS = b" ().-"
_FEWEST_DIGITS = 9
_FEWEST_BESIDE_LETTERS = 6
_TAIL_OF_LETTERS = 3
"""Digits before the last letter of an Italian number, in which letters and digits take turns."""
_WIDEST_GAP = 4
"""Bytes from one digit of a number to the next, with brackets and a space between."""


def suspects(batch: bytes) -> list[int]:
    """The messages, by number, that may hold something sensitive; in all others `find_sensitive` finds nothing.

    Args:
        batch: the texts as they are.
    """
    import numpy as np

    data = np.frombuffer(batch, np.uint8)
    digits = np.flatnonzero((data - np.uint8(48)) < 10)
    written = (_addresses(data), _keys(batch, data), _private_keys(batch), _wide(data))
    places = np.concatenate([*written, _numbers(data, digits), _accounts(data, digits)])
    # Between messages stands their end; between rows the end of the one and the beginning of the next.
    bounds = np.flatnonzero((data == MESSAGE_END[0]) | (data == END[0]))
    found: list[int] = np.unique(np.searchsorted(bounds, places)).tolist()
    return found


def _addresses(data: Bytes) -> Places:
    """Signs of e-mail addresses."""
    import numpy as np

    signs = np.flatnonzero(data == 0x40)
    return signs[_table_of(_LOCAL_ENDS)[data[signs - 1]]]


def _keys(batch: bytes, data: Bytes) -> Places:
    """Where long words begin as keys do.

    All letters of a key up to its first dot lie in a row, and always eight of them in one block.
    """
    import numpy as np

    flags = np.frombuffer(batch.translate(_table_of(_KEY_LETTERS).tobytes()), "<u8", len(batch) // _BLOCK)
    whole = flags == _WHOLE
    whole[1:] &= ~whole[:-1]
    blocks = np.flatnonzero(whole)
    # How many letters stand right before the block: none before the first, where the batch begins.
    gaps = flags[blocks - 1] ^ np.uint64(_WHOLE)
    before = _BLOCK - 1 - (np.frexp(gaps.astype(np.float64))[1] - 1) // 8
    begins = blocks * _BLOCK - np.where(blocks > 0, before, 0)
    heads = np.ndarray((len(batch) - 3,), np.dtype("V4"), batch, strides=(1,))[begins].view("<u4")
    likely = np.flatnonzero(_key_pairs()[heads.astype(np.uint16)])
    named, begun = _key_heads()
    fits = [head in named or head & 0xFFFFFF in begun for head in heads[likely].tolist()]
    places = [begins[likely[np.array(fits, np.bool_)]]]
    dots = begins[data[begins - 1] == 0x2E]
    places += [dots[_stands(data, dots - len(name), name)] for name in _DOTTED]
    if (data[begins - 1] == 0x2F).any():
        places.append(_all(batch, _HOOK))
    return np.concatenate(places)


_WHOLE = int.from_bytes(b"\1" * _BLOCK)
_HOOK = b"hooks.slack.com"
_DOTTED = [beginning.encode() for beginning in KEY_BEGINNINGS if beginning.endswith(".")]


def _stands(data: Bytes, places: Places, name: bytes) -> Flags:
    """Whether a name stands at a place."""
    import numpy as np

    stands = np.ones(len(places), np.bool_)
    for place, byte in enumerate(name):
        stands &= data[places + place] == byte
    return stands


def _private_keys(batch: bytes) -> Places:
    import numpy as np

    # Four of the five dashes before it lie in two pairs side by side.
    pairs = np.frombuffer(batch, "<u2", len(batch) // 2) == int.from_bytes(b"--")
    return _all(batch, b"PRIVATE KEY") if (pairs[1:] & pairs[:-1]).any() else np.zeros(0, np.int64)


def _all(batch: bytes, name: bytes) -> Places:
    """Every place where a name stands."""
    import numpy as np

    found, place = [], batch.find(name)
    while place >= 0:
        found.append(place)
        place = batch.find(name, place + 1)
    return np.array(found, np.int64)


@cache
def _key_heads() -> tuple[frozenset[int], frozenset[int]]:
    """The first four bytes of keys, and the first three of those that begin with no more."""
    heads = [beginning.encode() for beginning in KEY_BEGINNINGS if "." not in beginning]
    named = frozenset(int.from_bytes(head[:4], "little") for head in heads if len(head) > 3)
    return named, frozenset(int.from_bytes(head, "little") for head in heads if len(head) == 3)


@cache
def _key_pairs() -> Flags:
    """For every pair of bytes whether a key may begin with it."""
    import numpy as np

    pairs = np.zeros(1 << 16, np.bool_)
    pairs[[head & 0xFFFF for heads in _key_heads() for head in heads]] = True
    return pairs


@cache
def _table_of(members: bytes) -> Flags:
    import numpy as np

    table = np.zeros(256, np.bool_)
    table[list(members)] = True
    return table


def _numbers(data: Bytes, digits: Places) -> Places:
    """Where digits, and what stands between the groups of a number, come to nine digits or more.

    Fewer are enough beside the capital letters that some national numbers begin or end with.
    """
    import numpy as np

    if not len(digits):
        return digits
    gaps = np.diff(digits)
    linked = gaps == 1
    wide = np.flatnonzero((gaps > 1) & (gaps <= _WIDEST_GAP))
    if len(wide):
        sign, places, widths = _table_of(_NUMBER_SIGNS), digits[wide], gaps[wide]
        fits = sign[data[places + 1]]
        for further in range(2, _WIDEST_GAP):
            fits &= sign[data[np.minimum(places + further, len(data) - 1)]] | (widths <= further)
        linked[wide] = fits
    ends = np.append(np.flatnonzero(~linked), len(digits) - 1)
    begins = np.append(0, ends[:-1] + 1)
    counts, begins, ends = ends - begins + 1, digits[begins], digits[ends]
    # Eight are enough only after a plus.
    enough = counts + (data[begins - 1] == 0x2B) >= _FEWEST_DIGITS
    short = np.flatnonzero(~enough & ((counts >= _FEWEST_BESIDE_LETTERS) | (counts == _TAIL_OF_LETTERS)))
    enough[short] = _stand_beside_letters(data, begins[short], ends[short], counts[short])
    found: Places = begins[enough]
    return found


def _stand_beside_letters(data: Bytes, begins: Places, ends: Places, counts: Places) -> Flags:
    """Whether a capital stands right before or after some digits, or one sign away; on both sides of three."""
    import numpy as np

    last = len(data) - 1
    before, after = data[begins - 1], data[np.minimum(ends + 1, last)]
    touched, left = _is_capital(before), _is_capital(after)
    away = ((before == 0x20) | (before == 0x2D)) & _is_capital(data[begins - 2])
    away |= (after == 0x2D) & _is_capital(data[np.minimum(ends + 2, last)])
    return np.where(counts == _TAIL_OF_LETTERS, touched & left & _is_capital(data[begins - 4]), touched | left | away)


def _accounts(data: Bytes, digits: Places) -> Places:
    """Where two capitals and two digits begin a word."""
    import numpy as np

    pairs = digits[:-1][np.diff(digits) == 1]
    for back in (1, 2):
        pairs = pairs[_is_capital(data[pairs - back])]
    found: Places = pairs[~_table_of(_LETTERS)[data[pairs - 3]]]
    return found


_LETTERS = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def _is_capital(byte: Bytes) -> Flags:
    return (byte >= 0x41) & (byte <= 0x5A)


def _wide(data: Bytes) -> Places:
    """Where a digit or the sign of an address is written as wide as a Chinese character."""
    import numpy as np

    wide = np.flatnonzero(data == 0xEF)
    wide = wide[data[wide + 1] == 0xBC]
    last = data[wide + 2]
    found: Places = wide[((last >= 0x90) & (last <= 0x99)) | (last == 0xA0)]
    return found
