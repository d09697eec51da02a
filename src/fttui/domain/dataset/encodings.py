"""Which encoding a model reads text with, and how much of an example it takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fttui.domain.remote import base_model_of
from fttui.domain.shipped_table import shipped_table


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding by tiktoken's name; `exact` is False where a model is known or likely to use another."""

    name: str
    exact: bool


# Longest prefix wins. tiktoken's own table takes "ft:gpt-4.1…" for gpt-4 and knows no "ft:o4-mini…" (0.14.0,
# 2026-11-20), hence a table of our own, on names without the tuned part.
_ENCODINGS = {
    "gpt-4.1": "o200k_base",
    "gpt-4.5": "o200k_base",
    "gpt-4o": "o200k_base",
    "chatgpt-4o": "o200k_base",
    "gpt-5": "o200k_base",
    "o1": "o200k_base",
    "o3": "o200k_base",
    "o4-mini": "o200k_base",
    "gpt-oss": "o200k_base",
    "gpt-4": "cl100k_base",
    "gpt-3.5-turbo": "cl100k_base",
    "gpt-35-turbo": "cl100k_base",
    "babbage-002": "cl100k_base",
    "davinci-002": "cl100k_base",
}
DEFAULT_ENCODING = "o200k_base"


def _read_limits() -> tuple[dict[str, int], str]:
    table = shipped_table("fttui.domain.dataset", "example_limits.toml")
    tokens = table["tokens"]
    if not isinstance(tokens, dict):
        raise TypeError("example_limits.toml lacks the table of tokens")
    return {name: int(limit) for name, limit in tokens.items()}, f"{table['source']}, checked {table['checked']}"


EXAMPLE_LIMITS, EXAMPLE_LIMITS_SOURCE = _read_limits()
"""Tokens by the beginning of a base's name, and who publishes them."""

OwnTokens = Sequence[tuple[str, int]]
"""Limits that a person knows better: the beginning of a base's name, and tokens."""


def encoding_for(model: str | None) -> Encoding:
    """The encoding to count with. Without a model the newest one is meant, and exact in its own right."""
    if model is None:
        return Encoding(DEFAULT_ENCODING, exact=True)
    name = longest_prefix(_ENCODINGS, base_model_of(model.strip()))
    return Encoding(_ENCODINGS[name], exact=True) if name else Encoding(DEFAULT_ENCODING, exact=False)


def example_limit(model: str | None, own: OwnTokens = ()) -> int | None:
    """The most tokens of an example that training takes, or None where no limit is known.

    Args:
        model: a base or a tuned model.
        own: a person's own limits, out of the settings.
    """
    limits = {**EXAMPLE_LIMITS, **dict(own)}
    name = longest_prefix(limits, base_model_of(model.strip())) if model else None
    return limits[name] if name else None


def longest_prefix(beginnings: Iterable[str], name: str) -> str | None:
    """The longest of some beginnings that a name is, or goes on from with a dash, a colon or a dot."""
    fitting = [one for one in beginnings if name == one or name.startswith((f"{one}-", f"{one}:", f"{one}."))]
    return max(fitting, key=len, default=None)
