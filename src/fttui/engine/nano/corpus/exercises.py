"""Small exercises whose answer follows from the question: sums, copies, sorting, looking up, labelling."""

from __future__ import annotations

from fttui.engine.nano.corpus.draw import Draw
from fttui.engine.nano.corpus.lists import words

Exchange = tuple[str, str]


def any_words(draw: Draw, low: int, high: int) -> list[str]:
    """Words of any kind, made-up ones and Chinese ones among them."""
    kinds = ("nouns", "nouns", "adjectives", "verbs", "function", "adverbs", "names", "places", "groceries", "nouns_zh")
    count = draw.number(low, high)
    return [draw.made_up_word() if draw.chance(0.15) else draw.one(words(draw.one(kinds))) for _ in range(count)]


def sums(draw: Draw) -> Exchange:
    """Adding, taking away, multiplying and comparing small numbers."""
    a, b = draw.number(0, 20), draw.number(0, 20)
    if draw.chance(0.25):
        a, b = draw.number(0, 10), draw.number(0, 10)
        product = (f"What is {a} times {b}?", f"{a} times {b} is {a * b}.")
        return draw.one((product, (f"{a} * {b} =", str(a * b)), (f"{a}乘以{b}等于多少？", f"{a}乘以{b}等于{a * b}。")))
    if draw.chance(0.3):
        a, b = max(a, b), min(a, b)
        minus = (f"What is {a} minus {b}?", f"{a} minus {b} is {a - b}.")
        return draw.one((minus, (f"{a} - {b} =", str(a - b)), (f"{a}减{b}等于多少？", f"{a}减{b}等于{a - b}。")))
    if draw.chance(0.2) and a != b:
        return f"Which is larger, {a} or {b}?", f"{max(a, b)} is larger."
    plus = (f"What is {a} plus {b}?", f"{a} plus {b} is {a + b}.")
    return draw.one((plus, (f"{a} + {b} =", str(a + b)), (f"{a}加{b}等于多少？", f"{a}加{b}等于{a + b}。")))


def copying(draw: Draw) -> Exchange:
    """Repeat words, codes and sentences exactly."""
    text = draw.code() if draw.chance(0.15) else " ".join(any_words(draw, 1, 8))
    first, last = text.split()[0], text.split()[-1]
    return draw.one(
        (
            (f"Repeat after me: {text}", text),
            (f"Say: {text}", text),
            (f"Please write '{text}'.", text),
            (f"Copy this text: {text}", text),
            (f"Put this in quotes: {text}", f'"{text}"'),
            (f"请重复：{text}", text),
            (f"Say this twice: {text}", f"{text} {text}"),
            (f"What is the first word of '{text}'?", first),
            (f"What is the last word of '{text}'?", last),
        )
    )


def spelling(draw: Draw) -> Exchange:
    """Letters of a word, and capital letters."""
    word = draw.one(words(draw.one(("nouns", "verbs", "adjectives", "names"))))
    return draw.one(
        (
            (f"Spell the word {word}.", "-".join(word)),
            (f"Write {word} in capital letters.", word.upper()),
            (f"Which letter does {word} start with?", f"{word} starts with {word[0].upper()}."),
            (f"How many letters are in {word}?", f"{word} has {len(word)} letters."),
        )
    )


def ordering(draw: Draw) -> Exchange:
    """Lists: make, sort, join and count."""
    kind = draw.one(("fruits", "groceries", "colours", "materials", "names", "days", "months", "nouns_zh", "places_zh"))
    items = draw.some(words(kind), draw.number(2, 4))
    joined = ", ".join(items)
    bullets = "\n".join(f"- {item}" for item in items)
    numbered = "\n".join(f"{place}. {item}" for place, item in enumerate(items, 1))
    return draw.one(
        (
            (f"Make a list of {joined}.", bullets),
            (f"Number these: {joined}", numbered),
            (f"Sort these words: {joined}", ", ".join(sorted(items))),
            (f"Join with and: {joined}", " and ".join(items)),
            (f"How many things are here: {joined}?", f"There are {len(items)}."),
            (f"Write these in reverse order: {joined}", ", ".join(reversed(items))),
            (f"Which one is missing in '{', '.join(items[1:])}' out of '{joined}'?", items[0]),
            (f"请列出：{'、'.join(items)}", bullets),
        )
    )


def looking_up(draw: Draw) -> Exchange:
    """Read a few statements and answer from them."""
    names = draw.some(words("names"), draw.number(2, 3))
    if draw.chance(0.5):
        counts = [f"{draw.number(2, 20)} {draw.one(words('fruits'))}" for _ in names]
        told = " ".join(f"{name} has {count}." for name, count in zip(names, counts, strict=True))
        place = draw.number(0, len(names) - 1)
        asked = draw.one((f"What does {names[place]} have?", f"How many does {names[place]} have?"))
        return f"{told} {asked}", f"{names[place]} has {counts[place]}."
    if draw.chance(0.4):
        keys = draw.some(words("function")[60:], len(names))
        values = [draw.one((draw.code(), draw.made_up_word(), draw.one(words("places")))) for _ in names]
        told = "\n".join(f"{key}: {value}" for key, value in zip(keys, values, strict=True))
        place = draw.number(0, len(names) - 1)
        return f"{told}\nWhat is the {keys[place]}?", values[place]
    chinese = draw.chance(0.4)
    names = draw.some(words("names_zh"), 2) if chinese else names
    homes = draw.some(words("places_zh" if chinese else "places"), len(names))
    place = draw.number(0, len(names) - 1)
    pairs = list(zip(names, homes, strict=True))
    if chinese:
        told = "".join(f"{name}住在{home}。" for name, home in pairs)
        return f"{told}{names[place]}住在哪里？", f"{names[place]}住在{homes[place]}。"
    told = " ".join(f"{name} lives in {home}." for name, home in pairs)
    return draw.one(
        (
            (f"{told} Where does {names[place]} live?", f"{names[place]} lives in {homes[place]}."),
            (f"{told} Who lives in {homes[place]}?", f"{names[place]} lives in {homes[place]}."),
        )
    )


_GOOD = ("great", "lovely", "very helpful", "better than expected", "fast and friendly", "worth every penny")
_BAD = ("terrible", "late and broken", "far too slow", "rude", "a waste of money", "worse than last time")
_PLAIN = ("as described", "neither good nor bad", "average", "what I ordered", "the usual")
_GOOD_ZH = ("非常好", "很满意", "又快又好", "值得推荐")
_BAD_ZH = ("太差了", "很失望", "又慢又贵", "坏了")


def labelling(draw: Draw) -> Exchange:
    """Name the mood of a short review."""
    thing = draw.one(words("nouns"))
    if draw.chance(0.3):
        thing = draw.one(words("nouns_zh"))
        label = draw.one(("正面", "负面"))
        said = draw.one(_GOOD_ZH if label == "正面" else _BAD_ZH)
        return f"这条评论是正面还是负面？{thing}{said}。", label
    label, phrases = draw.one((("positive", _GOOD), ("negative", _BAD), ("neutral", _PLAIN)))
    review = draw.one((f"The {thing} was {draw.one(phrases)}.", f"I found the {thing} {draw.one(phrases)}."))
    asked = draw.one(
        ("Is this positive, negative or neutral?", "Label the mood:", "Sentiment?", "Classify this review:")
    )
    return f"{asked} {review}", label
