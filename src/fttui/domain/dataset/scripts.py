"""Which script a text is mostly written in: a small detector of our own, which tells scripts, not languages."""

from __future__ import annotations

from enum import IntEnum


class Script(IntEnum):
    """A script, or a family of them that is told apart no further."""

    NONE = 0
    LATIN = 1
    GREEK = 2
    CYRILLIC = 3
    HEBREW = 4
    ARABIC = 5
    INDIC = 6
    THAI = 7
    HAN = 8
    KANA = 9
    HANGUL = 10
    OTHER = 11

    @property
    def words(self) -> str:
        """Its name, with the language where only one is written so."""
        return _NAMES[self]


_NAMES = {
    Script.NONE: "no letters",
    Script.LATIN: "Latin letters",
    Script.GREEK: "Greek",
    Script.CYRILLIC: "Cyrillic",
    Script.HEBREW: "Hebrew",
    Script.ARABIC: "Arabic letters",
    Script.INDIC: "Indic scripts",
    Script.THAI: "Thai and its neighbours",
    Script.HAN: "Chinese characters",
    Script.KANA: "Japanese",
    Script.HANGUL: "Korean",
    Script.OTHER: "other scripts",
}

# First bytes of characters in UTF-8, by the blocks of Unicode 15.
_RANGES = {
    Script.LATIN: (*range(0x61, 0x7B), *range(0xC3, 0xCA)),
    Script.GREEK: (0xCD, 0xCE, 0xCF),
    Script.CYRILLIC: (0xD0, 0xD1, 0xD2, 0xD3),
    Script.HEBREW: (0xD6, 0xD7),
    Script.ARABIC: (0xD8, 0xD9, 0xDA, 0xDB),
    Script.THAI: (),
    Script.INDIC: (0xE0,),
    Script.HAN: (0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9),
    Script.HANGUL: (0xEA, 0xEB, 0xEC, 0xED),
}


def _by_lead() -> bytes:
    table = bytearray(256)
    for script, leads in _RANGES.items():
        for lead in leads:
            table[lead] = script
    return bytes(table)


SCRIPT_OF_LEAD = _by_lead()
"""The script of a word by its first byte in lower case; 0 for digits and signs."""

JAPANESE = 0.1
"""Share of kana among characters of the Far East from which a text is Japanese."""
