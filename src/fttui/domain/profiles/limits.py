"""The limits of each kind of provider, as dated facts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fttui.domain.profiles.profile import Dialect
from fttui.domain.shipped_table import number_of, shipped_table

OWN_LIMITS = (
    *("file_bytes", "upload_bytes", "fewest_examples", "suffix_characters", "images_per_example", "image_examples"),
    *("reinforcement_examples", "reinforcement_validation_examples"),
)
"""Limits that the settings may replace, by name."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a provider takes; None where nothing is published. Sizes are bytes.

    `suffix_alphabet` are the characters of a suffix as a regular expression's set, empty where any are taken;
    `source` says who publishes them, and when that was looked at.
    """

    file_bytes: int | None = None
    upload_bytes: int | None = None
    fewest_examples: int | None = None
    suffix_characters: int | None = None
    suffix_alphabet: str = ""
    wants_byte_order_mark: bool = False
    images_per_example: int | None = None
    image_examples: int | None = None
    """Examples that may hold images."""
    reinforcement_examples: int | None = None
    reinforcement_validation_examples: int | None = None
    source: str = ""

    def with_own(self, own: Sequence[tuple[str, int]]) -> Limits:
        """These limits with a person's own in their place, which is said in the source.

        Args:
            own: the names of limits, out of `OWN_LIMITS`, and what holds.
        """
        if not own:
            return self
        mine = dict(own)
        values = {name: mine.get(name, getattr(self, name)) for name in OWN_LIMITS}
        return replace(self, **values, source=f"your settings for {', '.join(mine)}; {self.source}")

    def suffix_problem(self, suffix: str) -> str:
        """Say what is wrong with a suffix in one sentence; empty when nothing is."""
        if self.suffix_characters is not None and len(suffix) > self.suffix_characters:
            return f"A suffix has at most {self.suffix_characters} characters here"
        if self.suffix_alphabet and not re.fullmatch(f"[{self.suffix_alphabet}]*", suffix):
            return f"A suffix here holds only {self.suffix_alphabet.replace('_-', ', _ and -')}"
        return ""

    def size_problem(self, size: int, *, in_parts: bool) -> str:
        """Say in one sentence why a file of some bytes will not be taken; empty where it may be."""
        most = (self.upload_bytes or self.file_bytes) if in_parts else self.file_bytes
        if most is None or size <= most:
            return ""
        return f"The file has {size:,} bytes, more than the {most:,} that are taken ({self.source})"


def _whole(table: Mapping[str, object], key: str) -> int | None:
    number = number_of(table, key)
    return None if number is None else int(number)


def _read() -> dict[Dialect, Limits]:
    shipped = shipped_table("fttui.domain.profiles", "limits.toml")
    found: dict[Dialect, Limits] = {}
    for dialect in Dialect:
        table = shipped[dialect.value]
        if not isinstance(table, Mapping):
            raise TypeError(f"limits.toml has no table {dialect.value}")
        found[dialect] = Limits(
            **{name: _whole(table, name) for name in OWN_LIMITS},
            suffix_alphabet=str(table.get("suffix_alphabet", "")),
            wants_byte_order_mark=table.get("wants_byte_order_mark") is True,
            source=f"{table['source']}, checked {table['checked']}",
        )
    return found


LIMITS: Mapping[Dialect, Limits] = _read()
