"""Questions about the tables of facts, asked and answered in several ways."""

from __future__ import annotations

from fttui.engine.nano.corpus.draw import Draw
from fttui.engine.nano.corpus.lists import exchanges, sections, table

Exchange = tuple[str, str]

# Each form belongs to one table: question | answer, with the table's columns as fields.
_FORMS: dict[str, tuple[Exchange, ...]] = {
    "countries": (
        ("What is the capital of {name}?", "The capital of {name} is {capital}."),
        ("Name the capital of {name}.", "{capital}."),
        ("{name}: capital?", "{capital}."),
        ("Which country has {capital} as its capital?", "{capital} is the capital of {name}."),
        ("On which continent is {name}?", "{name} is in {continent}."),
        ("Where is {capital}?", "{capital} is in {name}."),
        ("What language do people speak in {name}?", "Many people in {name} speak {language}."),
        ("{name_zh}的首都是哪里？", "{name_zh}的首都是{capital_zh}。"),
        ("{capital_zh}是哪个国家的首都？", "{capital_zh}是{name_zh}的首都。"),
        ("{name_zh}在哪个洲？", "{name_zh}在{continent_zh}。"),
        ("How do you say {name} in Chinese?", "{name_zh}"),
        ("{capital_zh}用英语怎么说？", "{capital}"),
    ),
    "animals": (
        ("What kind of animal is a {name}?", "A {name} is a kind of {kind}."),
        ("Where does a {name} live?", "A {name} lives in {home}."),
        ("What does a {name} eat?", "A {name} eats {food}."),
        ("What sound does a {name} make?", "A {name} {sound}."),
        ("Is a {name} a {kind}?", "Yes, a {name} is a {kind}."),
        ("{name_zh}是什么动物？", "{name_zh}是{kind_zh}。"),
        ("{name_zh}住在哪里？", "{name_zh}住在{home_zh}。"),
        ("Translate {name} into Chinese.", "{name_zh}"),
        ("{name_zh}的英语是什么？", "{name}"),
    ),
    "things": (
        ("What is a {name} for?", "A {name} is for {use}."),
        ("What do you use a {name} for?", "You use it for {use}."),
        ("Where do you find a {name}?", "You find a {name} in or on {place}."),
        ("What is a {name} made of?", "A {name} is usually made of {material}."),
        ("Which thing is for {use}?", "A {name}."),
        ("{name_zh}是做什么用的？", "{name_zh}用来{use_zh}。"),
        ("用什么来{use_zh}？", "用{name_zh}。"),
        ("How do you say {name} in Chinese?", "{name_zh}"),
    ),
    "jobs": (
        ("What does a {name} do?", "A {name} {does}."),
        ("Who {does}?", "A {name} {does}."),
        ("Where does a {name} work?", "A {name} works in or on {place}."),
        ("{name_zh}做什么工作？", "{name_zh}{does_zh}。"),
        ("谁{does_zh}？", "{name_zh}{does_zh}。"),
        ("Translate {name} into Chinese.", "{name_zh}"),
    ),
    "opposites": (
        ("What is the opposite of {word}?", "The opposite of {word} is {opposite}."),
        ("Opposite of {opposite}?", "{word}"),
        ("{word_zh}的反义词是什么？", "{word_zh}的反义词是{opposite_zh}。"),
        ("{opposite_zh}的反义词？", "{word_zh}"),
    ),
    "plurals": (
        ("What is the plural of {word}?", "The plural of {word} is {plural}."),
        ("One {word}, two ...?", "{plural}"),
        ("What is the past form of {past_verb}?", "The past form of {past_verb} is {past}."),
    ),
}


def fact(draw: Draw) -> Exchange:
    """A question about one row of a table."""
    name = draw.one(tuple(_FORMS))
    row = draw.one(table(name))
    question, answer = draw.one(_FORMS[name])
    return _tidy(question.format_map(row)), _tidy(answer.format_map(row))


def general_question(draw: Draw) -> Exchange:
    """A question of general knowledge."""
    row = draw.one(table(draw.one(("questions", "questions", "questions_zh"))))
    return row["question"], row["answer"]


def talk(draw: Draw) -> Exchange:
    """Small talk, support, or a question about law."""
    kind = draw.one(
        ("english", "english", "english", "chinese", "chinese", "support", "support_zh", "legal", "legal_zh")
    )
    said, answered = draw.one(exchanges(kind))
    if draw.chance(0.15):
        said = said.lower().rstrip("?？")
    return said, answered


_LANGUAGES = ("English", "Chinese", "French", "German", "Spanish")
_LANGUAGES_ZH = ("英语", "中文", "法语", "德语", "西班牙语")


def translation(draw: Draw) -> Exchange:
    """A phrase in one language to be said in another."""
    phrase = draw.one(sections("phrases.txt")["phrases"]).split("|")
    source, target = draw.some(range(len(phrase)), 2)
    if draw.chance(0.7):
        source, target = draw.some((0, 1), 2)
    asked = draw.one(
        (
            f"Translate into {_LANGUAGES[target]}: {phrase[source]}",
            f"How do you say '{phrase[source]}' in {_LANGUAGES[target]}?",
            f"{phrase[source]} in {_LANGUAGES[target]}",
            f"请把“{phrase[source]}”翻译成{_LANGUAGES_ZH[target]}。",
            f"“{phrase[source]}”用{_LANGUAGES_ZH[target]}怎么说？",
        )
    )
    return asked, phrase[target]


def language_question(draw: Draw) -> Exchange:
    """Which language a phrase is in."""
    phrase = draw.one(sections("phrases.txt")["phrases"]).split("|")
    place = draw.number(0, len(phrase) - 1)
    if draw.chance(0.3):
        return f"这是什么语言：{phrase[place]}", _LANGUAGES_ZH[place]
    return f"Which language is this: {phrase[place]}", _LANGUAGES[place]


def _tidy(text: str) -> str:
    """Set the article before a vowel right."""
    for vowel in "aeiou":
        text = text.replace(f" a {vowel}", f" an {vowel}").replace(f"A {vowel}", f"An {vowel}")
    return text[0].upper() + text[1:] if " " in text else text
