"""An English tool-calling set with defects, the same for the same seed: a booking desk that looks things up."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

from rows import write

Row = dict[str, object]

CITIES = ("Oslo", "Lisbon", "Kyoto", "Nairobi", "Quito", "Perth", "Tallinn", "Zagreb", "Boston", "Hanoi")
SYSTEM = "You are a booking desk. Look things up with a tool; never guess a price."
ASKS = (
    "Find me a room in {city} for {nights} nights.",
    "What does a room in {city} cost for {nights} nights?",
    "I need a quiet hotel in {city}, {nights} nights from Friday.",
)
ANSWERS = (
    "The {name} has a room at {price} euros a night, {total} euros in all. Shall I book it?",
    "For {nights} nights at the {name} you pay {total} euros. It is a short walk from the station.",
)
NAMES = ("Harbour House", "Old Mill", "Grand Linden", "Blue Door", "Garden Court")


def tools() -> list[Row]:
    """What the desk can call."""
    return [
        _tool("find_rooms", "Rooms that are free", {"city": "string", "nights": "integer"}),
        _tool("book_room", "Book a room", {"room_id": "string", "guest": "string"}),
    ]


def _tool(name: str, description: str, properties: dict[str, str]) -> Row:
    parameters = {
        "type": "object",
        "properties": {key: {"type": kind} for key, kind in properties.items()},
        "required": list(properties),
    }
    return {"type": "function", "function": {"name": name, "description": description, "parameters": parameters}}


def healthy(chance: random.Random, number: int) -> Row:
    """A question, a call, its result, an answer."""
    city, nights, name = chance.choice(CITIES), chance.randint(1, 9), chance.choice(NAMES)
    price = chance.randint(60, 240)
    call = {"name": "find_rooms", "arguments": json.dumps({"city": city, "nights": nights})}
    found = {"room_id": f"r{number}", "hotel": name, "price": price}
    filled = {"city": city, "nights": nights, "name": name, "price": price, "total": price * nights}
    messages: list[Row] = [
        {"role": "system", "content": SYSTEM},
        {"role": "user", "content": chance.choice(ASKS).format(**filled)},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": f"call_{number}", "type": "function", "function": call}],
        },
        {"role": "tool", "tool_call_id": f"call_{number}", "content": json.dumps(found)},
        {"role": "assistant", "content": chance.choice(ANSWERS).format(**filled)},
    ]
    return {"messages": messages, "tools": tools()}


def _turn(row: Row, place: int) -> Row:
    turn = row["messages"][place]  # type: ignore[index]  # rows of our own
    assert isinstance(turn, dict)
    return turn


def _call(row: Row) -> Row:
    call = _turn(row, 2)["tool_calls"][0]  # type: ignore[index]  # rows of our own
    assert isinstance(call, dict)
    return call


def _arguments_as_object(row: Row) -> None:
    function = _call(row)["function"]
    assert isinstance(function, dict)
    function["arguments"] = json.loads(function["arguments"])


def _broken_arguments(row: Row) -> None:
    function = _call(row)["function"]
    assert isinstance(function, dict)
    function["arguments"] = str(function["arguments"])[:-3]


def _other_tool(row: Row) -> None:
    function = _call(row)["function"]
    assert isinstance(function, dict)
    function["name"] = "find_flights"


DEFECTS: tuple[tuple[str, Callable[[Row], object]], ...] = (
    ("tool-arguments-not-string", _arguments_as_object),
    ("tool-arguments-not-json", _broken_arguments),
    ("undefined-tool", _other_tool),
    ("tool-answer-without-call", lambda row: _turn(row, 3).update(tool_call_id="call_x")),
    ("missing-tool-call-id", lambda row: _turn(row, 3).pop("tool_call_id")),
    ("missing-role", lambda row: _turn(row, 4).pop("role")),
    ("unknown-role", lambda row: _turn(row, 4).update(role="bot")),
    ("unknown-key", lambda row: row.update(weight=1)),
    ("email-address", lambda row: _turn(row, 4).update(content="Write to anna.berg@example.com to confirm.")),
    ("api-key", lambda row: _turn(row, 1).update(content="My key is sk-proj-" + "a1B2c3D4e5" * 4)),
)
"""What is wrong with a row, under the code of the finding that it must get."""


def tool_set(path: Path, rows: int = 120, seed: int = 7) -> Path:
    """Write the set: each defect in one or more rows, a broken line, a repeated row."""
    chance = random.Random(seed)
    made = [healthy(chance, number) for number in range(rows)]
    spoilt = chance.sample(range(rows), len(DEFECTS) * 2)
    for place, (_, spoil) in zip(spoilt, DEFECTS * 2, strict=True):
        spoil(made[place])
    lines = [json.dumps(row) for row in made]
    lines[rows // 2] = lines[rows // 2][:-40]
    return write(path, [*lines, lines[1]])
