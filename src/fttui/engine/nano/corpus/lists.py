"""Reads the word lists, tables and passages beside this module."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

Table = tuple[dict[str, str], ...]


@cache
def sections(file: str) -> dict[str, tuple[str, ...]]:
    """The lines of a data file by section; a section starts with its name in brackets, `#` opens a comment."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in files(__package__).joinpath("data", file).read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            name = line[1:-1]
        elif line and not line.startswith("#"):
            found.setdefault(name, []).append(line)
    return {name: tuple(lines) for name, lines in found.items()}


@cache
def words(section: str) -> tuple[str, ...]:
    """A word list; underscores in a word stand for spaces."""
    return tuple(word.replace("_", " ") for line in sections("words.txt")[section] for word in line.split())


@cache
def table(section: str) -> Table:
    """A table of facts, one dictionary per row."""
    head, *rows = sections("facts.txt")[section]
    columns = head.split("|")
    return tuple(dict(zip(columns, row.split("|"), strict=True)) for row in rows)


@cache
def exchanges(section: str) -> tuple[tuple[str, str], ...]:
    """Pairs of what is said and what is answered."""
    pairs = (line.split("|") for line in sections("talk.txt")[section])
    return tuple((said, answered) for said, answered in pairs)


def with_articles(text: str) -> str:
    """The text with `an` before vowels."""
    for vowel in "aeiou":
        text = text.replace(f" a {vowel}", f" an {vowel}").replace(f"A {vowel}", f"An {vowel}")
    return text
