"""English talks with an assistant that calls tools: a seeded set, as training rows and in the shape of other tools.

The assistant of a small shop looks up orders, follows parcels and takes things back; now and then it calls two tools at
once, asks before it acts, or needs none.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence

Talk = list[dict[str, object]]

SYSTEM = "You help customers of a small bicycle shop. Look orders up before you speak of them; never guess a date."
TOOLS: Sequence[Mapping[str, object]] = (
    {
        "name": "get_order",
        "description": "An order with its items and its state",
        "parameters": {
            "type": "object",
            "properties": {"order": {"type": "string", "description": "Number of the order"}},
            "required": ["order"],
        },
    },
    {
        "name": "track_parcel",
        "description": "Where a parcel is, and when it will arrive",
        "parameters": {
            "type": "object",
            "properties": {"order": {"type": "string"}, "carrier": {"type": "string", "enum": ["post", "courier"]}},
            "required": ["order"],
        },
    },
    {
        "name": "start_return",
        "description": "Begins a return and sends a label by mail",
        "parameters": {
            "type": "object",
            "properties": {"order": {"type": "string"}, "item": {"type": "string"}, "reason": {"type": "string"}},
            "required": ["order", "item"],
        },
    },
)

_ITEMS = (
    "helmet",
    "pump",
    "rear light",
    "chain",
    "saddle",
    "brake set",
    "lock",
    "pair of gloves",
    "bell",
    "tyre",
)
_PLACES = ("the depot in Hamar", "the sorting centre", "the courier's van", "a parcel shop near you", "customs in Oslo")
_DAYS = ("tomorrow", "on Tuesday", "on Thursday before noon", "by the end of the week", "on Monday")
_FAULTS = ("it is too small", "it came scratched", "the screw is missing", "it makes a noise", "I ordered it twice")
_HELLOS = ("Hi,", "Hello there,", "Good morning,", "Hey,", "Sorry to bother you,")
_PLAIN = (
    ("Do you also repair wheels?", "We do, from Tuesday to Saturday. A true wheel usually takes a day."),
    ("What does shipping cost?", "Nothing from 60 euros on; below that it is 4.90 by post and 7.90 by courier."),
    ("Can I pay when I collect it?", "You can, by card or in cash. We keep it for two weeks."),
)


def tool_calling_rows(count: int = 40, seed: int = 7) -> list[dict[str, object]]:
    """Training rows, the same for the same seed; all of them healthy."""
    draw = random.Random(seed)
    tools = [{"type": "function", "function": dict(tool)} for tool in TOOLS]
    system = {"role": "system", "content": SYSTEM}
    return [{"messages": [system, *_talk(draw, number)], "tools": tools} for number in range(count)]


def tool_talks(count: int = 40, seed: int = 7) -> list[dict[str, object]]:
    """The same talks the way ShareGPT and its kin write them: who speaks under `from`, tools as a text."""
    names = {"user": "human", "assistant": "gpt", "tool": "observation"}
    talks: list[dict[str, object]] = []
    for row in tool_calling_rows(count, seed):
        messages = row["messages"]
        assert isinstance(messages, list)
        turns = []
        for message in messages[1:]:
            calls = message.get("tool_calls")
            if calls:
                made = [{**call["function"], "arguments": json.loads(call["function"]["arguments"])} for call in calls]
                turns.append({"from": "function_call", "value": json.dumps(made if len(made) > 1 else made[0])})
            else:
                turns.append({"from": names[message["role"]], "value": message["content"]})
        talks.append(
            {"id": f"shop-{len(talks):03}", "system": SYSTEM, "conversations": turns, "tools": json.dumps(TOOLS)}
        )
    return talks


def _talk(draw: random.Random, number: int) -> Talk:
    order, item = f"A{10_000 + 37 * number}", draw.choice(_ITEMS)
    kind = draw.choices(("order", "parcel", "return", "both", "plain"), (3, 3, 2, 1, 1))[0]
    hello = draw.choice(_HELLOS)
    if kind == "plain":
        asked, answer = draw.choice(_PLAIN)
        return [_said("user", f"{hello} {asked[0].lower()}{asked[1:]} (order {order})"), _said("assistant", answer)]
    if kind == "order":
        found = {"order": order, "items": [item], "state": "packed"}
        return [
            _said("user", f"{hello} did you get my order {order} for a {item}?"),
            *_called(number, ("get_order", {"order": order}, found)),
            _said("assistant", f"Yes: {order} with the {item} is packed and leaves today."),
        ]
    place, day = draw.choice(_PLACES), draw.choice(_DAYS)
    tracked = ("track_parcel", {"order": order, "carrier": draw.choice(("post", "courier"))}, {"at": place, "due": day})
    if kind == "parcel":
        return [
            _said("user", f"{hello} where is my {item}? It is order {order}."),
            *_called(number, tracked),
            _said("assistant", f"Your {item} is at {place} and should arrive {day}."),
        ]
    if kind == "both":
        found = {"order": order, "items": [item, "bell"], "state": "sent"}
        return [
            _said("user", f"{hello} is everything of {order} on its way, and when will it be here?"),
            *_called(number, ("get_order", {"order": order}, found), tracked),
            _said("assistant", f"The {item} and the bell were sent together. They are at {place}, due {day}."),
        ]
    fault = draw.choice(_FAULTS)
    return [
        _said("user", f"{hello} I want to send the {item} of {order} back."),
        _said("assistant", "I am sorry to hear that. What is wrong with it?"),
        _said("user", f"Well, {fault}."),
        *_called(number, ("start_return", {"order": order, "item": item, "reason": fault}, {"label": "sent"})),
        _said("assistant", f"The return of the {item} has begun; the label is in your mail."),
    ]


def _said(role: str, text: str) -> dict[str, object]:
    return {"role": role, "content": text}


def _called(number: int, *calls: tuple[str, Mapping[str, object], Mapping[str, object]]) -> Talk:
    ids = [f"call_{number:03}_{place}" for place in range(len(calls))]
    made = [
        {"id": id_, "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}
        for id_, (name, arguments, _) in zip(ids, calls, strict=True)
    ]
    answers: Talk = [
        {"role": "tool", "tool_call_id": id_, "content": json.dumps(answer)}
        for id_, (_, _, answer) in zip(ids, calls, strict=True)
    ]
    return [{"role": "assistant", "tool_calls": made}, *answers]
