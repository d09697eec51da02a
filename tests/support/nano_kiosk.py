"""A rule-like data set: orders at a kiosk, to be turned into JSON. The rule is the same for rows held out."""

from __future__ import annotations

import json
import random

from fttui.engine.nano.rendering import Message

_DRINKS = ("tea", "coffee", "cocoa", "lemonade", "water", "juice", "milk", "cider")
_SIZES = ("small", "medium", "large")
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_ORDERS = ("I'd like {number} {size} {drink}", "{number} {size} {drink} please", "could I get {number} {size} {drink}?")
_CANCELS = ("cancel the {size} {drink}", "no {size} {drink} after all", "forget the {size} {drink}")
_PRICES = ("how much is a {size} {drink}?", "what does a {size} {drink} cost?", "price of a {size} {drink}?")


def rows(count: int, seed: int) -> list[list[Message]]:
    """Different conversations of an instruction, a request and its JSON answer."""
    rng = random.Random(seed)
    found: dict[str, dict[str, str | int]] = {}
    while len(found) < count:
        drink, size, number = rng.choice(_DRINKS), rng.choice(_SIZES), rng.choice(list(_NUMBERS))
        intent, sayings = rng.choice((("order", _ORDERS), ("cancel", _CANCELS), ("price", _PRICES)))
        said = rng.choice(sayings).format(drink=drink, size=size, number=number)
        answer: dict[str, str | int] = {"intent": intent, "drink": drink, "size": size}
        found[said] = {**answer, "count": _NUMBERS[number]} if intent == "order" else answer
    return [
        [
            {"role": "system", "content": "Turn kiosk requests into JSON."},
            {"role": "user", "content": said},
            {"role": "assistant", "content": json.dumps(answer)},
        ]
        for said, answer in found.items()
    ]
