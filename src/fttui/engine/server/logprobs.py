"""Log-probabilities on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fttui.engine.json_values import JsonObject

if TYPE_CHECKING:
    from fttui.engine.nano.generation import GeneratedToken, TokenChance

_LEAST = -9999.0
"""What the protocol writes for a token that has no chance at all, because JSON has no word for infinity."""


def token_text(chance: TokenChance) -> str:
    """Return a token as text; a part of a character shows as a replacement character."""
    return chance.bytes.decode("utf-8", "replace")


def logprob_of(chance: TokenChance) -> float:
    """Return a finite log-probability."""
    return max(chance.logprob, _LEAST)


def chat_logprob(token: GeneratedToken) -> JsonObject:
    """Return a token of a chat reply with its alternatives."""
    return {**_chance(token.chosen), "top_logprobs": [_chance(chance) for chance in token.top]}


def _chance(chance: TokenChance) -> JsonObject:
    return {"token": token_text(chance), "logprob": logprob_of(chance), "bytes": list(chance.bytes)}
