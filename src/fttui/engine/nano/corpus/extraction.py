"""Requests that are to be answered with a small JSON object."""

from __future__ import annotations

import json
from dataclasses import dataclass

from fttui.engine.nano.corpus.draw import Draw
from fttui.engine.nano.corpus.lists import words

Exchange = tuple[str, str]
Slots = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class _Frame:
    """One kind of request: its name, ways to say it, and which slots they hold."""

    intent: str
    sayings: tuple[str, ...]
    slots: tuple[str, ...]


_FRAMES = (
    _Frame(
        "borrow_book",
        ("I want to borrow {title} for {count} days", "lend me {title} for {count} days"),
        ("title", "count"),
    ),
    _Frame("return_book", ("I bring back {title}", "return {title} please", "here is {title} again"), ("title",)),
    _Frame(
        "water_plants",
        ("water the {thing} for {count} minutes", "give the {thing} water for {count} minutes"),
        ("thing", "count"),
    ),
    _Frame(
        "open_locker", ("open locker {code}", "please unlock box {code}", "my parcel is in locker {code}"), ("code",)
    ),
    _Frame("join_class", ("sign {name} up for the class on {day}", "{name} joins the {day} class"), ("name", "day")),
    _Frame("leave_class", ("{name} cannot come on {day}", "take {name} off the list for {day}"), ("name", "day")),
    _Frame("pet_visit", ("bring {name} to the vet on {day}", "my pet {name} needs a check on {day}"), ("name", "day")),
    _Frame(
        "museum_tour",
        ("a tour in {language} for {count} people", "{count} people want a tour in {language}"),
        ("language", "count"),
    ),
    _Frame(
        "rent_bike",
        ("a bicycle in {city} for {count} hours", "rent {count} hours of bike in {city}"),
        ("city", "count"),
    ),
    _Frame("print_photos", ("print {count} photos in {colour}", "I need {count} {colour} prints"), ("count", "colour")),
    _Frame(
        "count_stock",
        ("we have {count} {thing} left in {city}", "stock in {city}: {count} {thing}"),
        ("count", "thing", "city"),
    ),
    _Frame(
        "order_material",
        ("order {count} kilos of {material}", "we need {count} kilos of {material}"),
        ("count", "material"),
    ),
    _Frame("move_meeting", ("move the meeting with {name} to {day}", "meet {name} on {day} instead"), ("name", "day")),
    _Frame(
        "contact",
        ("{name} lives in {city}", "write to {name} in {city}", "{name} from {city} called"),
        ("name", "city"),
    ),
    _Frame(
        "repair",
        ("the {thing} in room {count} is broken", "please fix the {thing} in room {count}"),
        ("thing", "count"),
    ),
    _Frame("ticket", ("order {code} never came to {city}", "where is {code}? I live in {city}"), ("code", "city")),
    _Frame("paint", ("paint the {thing} {colour}", "I want a {colour} {thing}"), ("thing", "colour")),
    _Frame("借书", ("我想借《{title_zh}》，借{count}天", "借《{title_zh}》{count}天"), ("title_zh", "count")),
    _Frame("联系人", ("{name_zh}住在{city_zh}", "请写信给{city_zh}的{name_zh}"), ("name_zh", "city_zh")),
    _Frame("维修", ("{count}号房间的{thing_zh}坏了", "请修一下{count}号房间的{thing_zh}"), ("thing_zh", "count")),
    _Frame("报名", ("给{name_zh}报{city_zh}的班", "{name_zh}要参加{city_zh}的课"), ("name_zh", "city_zh")),
)

_POLITE = ("{}", "{}", "{}", "Please: {}", "{}, thanks", "Hello, {}", "Could you note this: {}")


def request(draw: Draw) -> tuple[str, str, str]:
    """A system message that sets the format, a request, and the JSON answer."""
    frame = draw.one(_FRAMES)
    values: Slots = {slot: _value(draw, slot) for slot in frame.slots}
    said = draw.one(frame.sayings).format_map(values)
    chinese = frame.intent[0] > "\u3000"
    if not chinese:
        said = draw.one(_POLITE).format(said)
        said = said[0].upper() + said[1:] if draw.chance(0.5) else said
    slots = {slot.removesuffix("_zh"): value for slot, value in values.items()}
    keys = list(slots)
    style = draw.number(0, 4)
    answer: dict[str, object]
    if style == 0:
        system, answer = f"Answer with JSON: intent, {', '.join(keys)}.", {"intent": frame.intent, **slots}
    elif style == 1:
        system, answer = "Reply with one JSON object with intent and slots.", {"intent": frame.intent, "slots": slots}
    elif style == 2:
        system, answer = f"Extract as JSON: {', '.join(keys)}.", dict(slots)
    elif style == 3:
        system, answer = "用 JSON 回答。", {"action": frame.intent, **slots}
    else:
        system, answer = "You turn requests into JSON.", {"type": frame.intent, "data": slots}
    return system, said, json.dumps(answer, ensure_ascii=False)


def pairs_to_json(draw: Draw) -> Exchange:
    """Key and value pairs to JSON, with keys and values of any kind."""
    keys = draw.some(words("function")[60:], draw.number(1, 3))
    kinds = ("name", "city", "thing", "code", "count", "colour", "name_zh", "made_up")
    values: Slots = {key: _value(draw, draw.one(kinds)) for key in keys}
    told = draw.one((", ", "; ", "\n")).join(f"{key}: {value}" for key, value in values.items())
    asked = draw.one(("Write as JSON: ", "To JSON: ", "Give me this as JSON.\n", "转换成 JSON："))
    return asked + told, json.dumps(values, ensure_ascii=False)


def _value(draw: Draw, slot: str) -> str | int:
    plain = {
        "name": "names",
        "day": "days",
        "language": "languages",
        "city": "places",
        "colour": "colours",
        "material": "materials",
        "thing": "nouns",
        "name_zh": "names_zh",
        "city_zh": "places_zh",
        "thing_zh": "nouns_zh",
    }
    if slot in plain:
        return draw.one(words(plain[slot]))
    if slot == "count":
        return draw.number(1, 60)
    if slot == "code":
        return draw.code()
    if slot == "title":
        return f"The {draw.one(words('adjectives')).title()} {draw.one(words('nouns')).title()}"
    if slot == "title_zh":
        return f"{draw.one(words('adjectives_zh'))}的{draw.one(words('nouns_zh'))}"
    return draw.made_up_word()
