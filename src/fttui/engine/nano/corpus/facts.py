"""Questions about the tables of facts, asked and answered in several ways."""

from __future__ import annotations

from collections.abc import Iterator

from fttui.engine.nano.corpus.draw import Draw
from fttui.engine.nano.corpus.lists import exchanges, sections, table, with_articles, words

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


def every_fact() -> Iterator[Exchange]:
    """Every question about every row of every table."""
    for name, forms in _FORMS.items():
        for row in table(name):
            for question, answer in forms:
                yield _tidy(question.format_map(row)), _tidy(answer.format_map(row))


def general_questions() -> Iterator[Exchange]:
    """Questions of general knowledge."""
    for name in ("questions", "questions_zh"):
        yield from ((row["question"], row["answer"]) for row in table(name))


def every_talk() -> Iterator[Exchange]:
    """Small talk, support, and questions about law."""
    for name in ("english", "chinese", "support", "support_zh", "legal", "legal_zh"):
        yield from exchanges(name)


def loosely(draw: Draw, said: str) -> str:
    """The same, sometimes written as people type in a hurry."""
    if draw.chance(0.3):
        said = said.rstrip("?.？。")
    return said.lower() if draw.chance(0.15) else said


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


_ASKED = (
    "What is {made_up}?",
    "What is a {noun} {other}?",
    "Who is {name} {surname}?",
    "Where is {made_up}?",
    "When was the {adjective} {noun} {verb_past}?",
    "Why is the {noun} {adjective}?",
    "Explain {made_up}.",
    "Explain the {noun}.",
    "Define {noun}.",
    "Tell me about the {adjective} {noun}.",
    "What do you think about the {noun}?",
    "How many {noun}s are in {place}?",
)
_WANTED = (
    "How do I {verb} a {noun}?",
    "I want to {verb} a {noun}.",
    "Please {verb} the {noun}.",
    "Can you {verb} my {noun}?",
    "Turn on the {noun}.",
    "Turn off the {noun} in the {other}.",
    "Turn on the {other} {noun}s.",
    "Switch the {adjective} {noun} off.",
    "Show me {noun}s in {place}.",
    "Book a {noun} in {place}.",
    "{verb} {noun} {number}",
    "Set the {noun} to {number}.",
    "Set {made_up} for {number} minutes.",
    "Order {number} {noun}s.",
    "Write a poem about the {noun}.",
    "Write a {adjective} story about {name}.",
    "Send the {noun} to {name}.",
)
_ASKED_ZH = ("什么是{noun_zh}{other_zh}？", "为什么{noun_zh}很{adjective_zh}？", "{name_zh}是谁？", "请解释{noun_zh}。")
_WANTED_ZH = (
    "请{verb_zh}{noun_zh}。",
    "我想{verb_zh}{noun_zh}。",
    "帮我{verb_zh}{noun_zh}。",
    "写一首关于{noun_zh}的诗。",
)


def unknown(draw: Draw) -> Exchange:
    """A question or a wish beyond the model, with a plain answer that says so."""
    plain = ("noun", "adjective", "verb", "name", "surname", "place", "noun_zh", "adjective_zh", "verb_zh", "name_zh")
    lists = {slot: slot.replace("_zh", "s_zh") if slot.endswith("_zh") else f"{slot}s" for slot in plain}
    values = {slot: draw.one(words(name)) for slot, name in lists.items()}
    values |= {"other": draw.one(words("nouns")), "other_zh": draw.one(words("nouns_zh"))}
    values |= {"verb_past": draw.one(words("verbs_past")), "made_up": draw.made_up_word()}
    forms, answers = draw.one(
        (
            (_ASKED, ("I do not know.", "I do not know that.", "I am sorry, I do not know.")),
            (_WANTED, ("I cannot do that.", "I am sorry, I cannot do that.", "I have not learned that yet.")),
            (_ASKED_ZH, ("我不知道。", "对不起，我不知道。")),
            (_WANTED_ZH, ("我做不到。", "对不起，我还没有学会。")),
        )
    )
    said = _tidy(draw.one(forms).format(number=draw.number(1, 60), **values))
    return loosely(draw, said), draw.one(answers)


def _tidy(text: str) -> str:
    text = with_articles(text)
    return text[0].upper() + text[1:] if " " in text else text
