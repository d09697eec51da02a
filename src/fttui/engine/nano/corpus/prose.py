"""Plain sentences, so that common words meet each other outside of chats."""

from __future__ import annotations

from collections.abc import Iterator

from fttui.engine.nano.corpus.draw import Draw
from fttui.engine.nano.corpus.lists import sections, with_articles, words

Exchange = tuple[str, str]


def passages() -> tuple[str, ...]:
    """Every written passage."""
    data = sections("prose.txt")
    return data["english"] + data["chinese"]


def paragraph(draw: Draw) -> str:
    """Two to four made sentences of one language."""
    make = _chinese if draw.chance(0.3) else _english
    return ("" if make is _chinese else " ").join(make(draw) for _ in range(draw.number(2, 4)))


def summary(draw: Draw) -> Exchange:
    """An invented note and its gist."""
    name, day, thing = draw.one(words("names")), draw.one(words("days")), draw.one(words("nouns"))
    place, verb = draw.one(words("places")), draw.one(words("verbs"))
    filler = draw.one(("It was a long week.", "The weather was fine.", "Everybody was there.", "Nobody was surprised."))
    note, gist = draw.one(
        (
            (f"{name} wrote that the {thing} will arrive on {day}. {filler}", f"The {thing} arrives on {day}."),
            (f"{filler} In the end {name} had to {verb} in {place}.", f"{name} had to {verb} in {place}."),
            (f"{name} moved to {place} in spring. {filler} Now {name} likes it.", f"{name} moved to {place}."),
            (f"The {thing} broke on {day}. {filler} {name} will repair it.", f"{name} will repair the {thing}."),
            (f"{filler} The meeting on {day} is cancelled because {name} is ill.", f"The {day} meeting is cancelled."),
        )
    )
    asked = draw.one(("Summarise: ", "In one sentence: ", "What is this about? ", "Sum up this note.\n"))
    return asked + note, gist


def sentence_question(draw: Draw) -> Exchange:
    """A made sentence and a question whose answer stands in it."""
    name, verb, thing = draw.one(words("names")), draw.one(words("verbs_past")), draw.one(words("nouns"))
    adjective, place = draw.one(words("adjectives")), draw.one(words("places"))
    told = f"{name} {verb} the {adjective} {thing} in {place}."
    return draw.one(
        (
            (f"{told} Who {verb} the {thing}?", name),
            (f"{told} Where was that?", f"In {place}."),
            (f"{told} What was {adjective}?", f"The {thing}."),
            (f"{told} What did {name} do?", f"{name} {verb} the {adjective} {thing}."),
        )
    )


_GENERAL_LISTS = (
    "nouns",
    "people",
    "adjectives",
    "verbs",
    "adverbs",
    "prepositions",
    "function",
    "nouns_zh",
    "people_zh",
    "adjectives_zh",
    "verbs_zh",
)
# The vocabulary is for the text of others, so general words count for more in it than the corpus itself says.
_GENERAL_COPIES = 150
_CHARACTER_COPIES = 300


def word_lists() -> Iterator[str]:
    """General words and characters, for the vocabulary."""
    for name in _GENERAL_LISTS:
        yield from [" ".join(("", *words(name)))] * _GENERAL_COPIES
    for line in sections("words.txt")["characters_zh"]:
        yield from [" ".join(line)] * _CHARACTER_COPIES


def _english(draw: Draw) -> str:
    def noun() -> str:
        described = f"{draw.one(words('adjectives'))} " if draw.chance(0.5) else ""
        return f"{draw.one(('the', 'the', 'a', 'my', 'our', 'every'))} {described}{draw.one(words('nouns'))}"

    subject = draw.one(
        (
            noun(),
            draw.one(words("names")),
            draw.one(("I", "she", "he", "we", "they", "you", "my friend", "the teacher", "a guest")),
        )
    )
    verb, preposition = draw.one(words("verbs_past")), draw.one(words("prepositions"))
    sentence = draw.one(
        (
            f"{subject} {verb} {noun()}.",
            f"{subject} {verb} {noun()} {preposition} {noun()}.",
            f"{draw.one(words('adverbs'))} {subject} {verb} {noun()}.",
            f"on {draw.one(words('days'))} {subject} {verb} {noun()} in {draw.one(words('places'))}.",
            f"can you {draw.one(words('verbs'))} {noun()}?",
            f"we have to {draw.one(words('verbs'))} {noun()} before {draw.one(words('months'))}.",
            f"it is {draw.one(words('adjectives'))} to {draw.one(words('verbs'))} {noun()}.",
            f"if you {draw.one(words('verbs'))} {noun()}, you will {draw.one(words('verbs'))} {noun()}.",
        )
    )
    sentence = with_articles(sentence)
    return sentence[0].upper() + sentence[1:]


def _chinese(draw: Draw) -> str:
    subject = draw.one((draw.one(words("names_zh")), "我", "你", "他", "她", "我们", "他们"))
    noun, other = draw.one(words("nouns_zh")), draw.one(words("nouns_zh"))
    adjective, verb = draw.one(words("adjectives_zh")), draw.one(words("verbs_zh"))
    return draw.one(
        (
            f"{subject}{verb}{noun}。",
            f"{subject}在{draw.one(words('places_zh'))}{verb}{noun}。",
            f"{noun}很{adjective}，{other}也很{adjective}。",
            f"{subject}想{verb}{adjective}的{noun}。",
            f"请{verb}{noun}和{other}。",
            f"因为{noun}很{adjective}，所以{subject}{verb}{other}。",
        )
    )
