"""Which encoding a text is in, told from its beginning."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY = ("gb18030", "big5", "shift_jis", "euc_kr", "cp1252")
_GOOD = 0.8
_LEAD = 0.1
_DAMAGED = 0.05
"""The share of wrong characters up to which a text is taken for damaged rather than for one in another encoding."""

UTF_8 = "utf-8"


@dataclass(frozen=True, slots=True)
class Guess:
    """The encoding, or None where it cannot be told; `certain` where the bytes admit no other."""

    encoding: str | None
    certain: bool = True


def guess_encoding(head: bytes, *, whole: bool) -> Guess:
    """Judge the encoding of a text.

    Args:
        head: its first bytes.
        whole: whether these are all of it; else the last character may be cut.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return Guess(name)
    if _decodes(head, UTF_8, whole) is not None:
        zeros = (head[::2].count(0), head[1::2].count(0))
        if max(zeros) > len(head) // 8:
            return Guess("utf-16-le" if zeros[1] > zeros[0] else "utf-16-be")
        return Guess(UTF_8)
    if _is_mostly_utf_8(head):
        # Rows with damaged bytes are told one by one.
        return Guess(UTF_8)
    scores = sorted(((_score(head, name, whole), name) for name in _LEGACY), reverse=True)
    (best, name), (second, _) = scores[:2]
    if best < _GOOD or best - second < _LEAD:
        return Guess(None)
    return Guess(name, certain=False)


def _is_mostly_utf_8(head: bytes) -> bool:
    foreign = [character for character in head.decode(UTF_8, "surrogateescape") if character > "\x7f"]
    damaged = sum("\udc80" <= character <= "\udcff" for character in foreign)
    return damaged < len(foreign) * _DAMAGED


def _decodes(head: bytes, encoding: str, whole: bool) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(head, final=whole)
    except UnicodeDecodeError:
        return None


def _score(head: bytes, encoding: str, whole: bool) -> float:
    """The share of characters beyond ASCII that are usual in texts of an encoding; 0 where it cannot be decoded."""
    text = _decodes(head, encoding, whole)
    if text is None:
        return 0.0
    foreign = [character for character in text if character > "\x7f"]
    if not foreign:
        return 0.0
    if encoding == "shift_jis" and sum("\u3040" <= character <= "\u30ff" for character in foreign) < len(foreign) / 5:
        # Japanese is never without kana.
        return 0.0
    return sum(_is_usual(character, encoding) for character in foreign) / len(foreign)


def _is_usual(character: str, encoding: str) -> bool:
    if "\u3000" <= character <= "\u303f" or "\uff00" <= character <= "\uffef" or character in "“”‘’…—·":
        return True
    if encoding == "cp1252":
        return character in "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüÿœŒ€£§°«»¿¡–"
    if encoding == "shift_jis":
        return "\u3040" <= character <= "\u30ff" or "\u4e00" <= character <= "\u9fff"
    if encoding == "euc_kr":
        return "\uac00" <= character <= "\ud7a3"
    # The characters in daily use come first in both sets; read in the wrong one, they become rare ones.
    try:
        first = character.encode("gb2312" if encoding == "gb18030" else "big5")[0]
    except UnicodeEncodeError:
        return False
    return 0xB0 <= first <= 0xD7 if encoding == "gb18030" else 0xA4 <= first <= 0xC6
