"""What Prepare leaves when all twins go holds none of the twins that check looks for."""

from __future__ import annotations

import json
import random
from pathlib import Path

from fttui.domain.dataset.preparation.fix import Recipe
from fttui.services.dataset.preparing.order import Order
from fttui.services.dataset.preparing.writing import prepare
from fttui.services.dataset.validation import validate

ENGLISH = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in "bdgklmnrst"]
CHINESE = [chr(code) for code in range(0x4E00, 0x4E00 + 1500)]
TWINS = {"duplicate-example", "normalised-duplicate", "near-duplicate", "conflicting-answers"}
ACCEPTED = frozenset({"drop-duplicates", "drop-near-duplicates", "drop-conflicts"})


def row(question: str, answer: str) -> str:
    said = [("system", "Be brief."), ("user", question), ("assistant", answer)]
    return json.dumps({"messages": [{"role": role, "content": text} for role, text in said]}, ensure_ascii=False)


def variant(text: str, draw: random.Random) -> str:
    """The same, or nearly, as people and programs vary it."""
    words = text.split(" ") if " " in text else list(text)
    space = " " if " " in text else ""
    match draw.randrange(6):
        case 0:
            return text
        case 1:
            return text.upper()
        case 2:
            return text.replace(".", "。").replace(",", "，").replace('"', "“")
        case 3:
            return "".join(f"{word}{space}{' ' if draw.random() < 0.1 else ''}" for word in words)
        case _:
            words[draw.randrange(len(words))] = draw.choice(words)
            return space.join(words)


def speak(draw: random.Random) -> tuple[str, str]:
    if draw.random() < 0.5:
        return (f'Say "{" ".join(draw.choices(ENGLISH, k=40))}", please.', " ".join(draw.choices(ENGLISH, k=20)))
    return ("".join(draw.choices(CHINESE, k=60)) + ", 请回答.", "".join(draw.choices(CHINESE, k=30)))


async def test_no_twin_is_left(tmp_path: Path) -> None:
    draw = random.Random(6)
    said = [speak(draw) for _ in range(150)]
    said += [(variant(question, draw), variant(answer, draw)) for question, answer in draw.choices(said, k=250)]
    said += [(variant(question, draw), speak(draw)[1]) for question, _ in said[:40]]
    draw.shuffle(said)
    path = tmp_path / "a.jsonl"
    path.write_text("".join(row(*pair) + "\n" for pair in said), encoding="utf-8")
    before = await validate(path, workers=0)
    outcome = prepare(Order(path, Recipe(ACCEPTED)))
    assert outcome.training is not None
    after = await validate(outcome.training, workers=0)

    assert {group.code for group in before.findings} >= TWINS
    assert not {group.code for group in after.findings} & TWINS
    assert after.examples >= 150
