"""What is found between rows, and between a training file and its validation file."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fttui.domain.dataset.report import Report
from fttui.domain.dataset.scripts import Script
from fttui.domain.dataset.sensitive import find_sensitive
from fttui.domain.dataset.similarity import FOLD, sketch
from fttui.services.dataset import set_verdict
from fttui.services.dataset.folded_text import MESSAGE_END, folded, joined, rows_of, unspaced
from fttui.services.dataset.preparing.near_sketches import near_sketches
from fttui.services.dataset.row_sketches import row_sketches
from fttui.services.dataset.suspects import suspects
from fttui.services.dataset.validation import validate

WORDS = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in "bdgklmnrst"]


def line(question: str, answer: str) -> str:
    system = {"role": "system", "content": "Be brief."}
    messages = [system, {"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return json.dumps({"messages": messages})


def write(path: Path, rows: list[tuple[str, str]]) -> Path:
    path.write_text("".join(line(*row) + "\n" for row in rows))
    return path


def prose(seed: int, length: int = 60) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=length))


def findings(report: Report, *codes: str) -> dict[str, list[int]]:
    found = {group.code: [finding.line for finding in group.examples] for group in report.findings}
    return {code: found.get(code, []) for code in codes}


def changed(text: str, share: float) -> str:
    """The text with one stretch of its words replaced."""
    words = text.split()
    count = round(len(words) * share)
    words[10 : 10 + count] = ["other"] * count
    return " ".join(words)


@pytest.mark.parametrize("workers", [0, 2])
async def test_planted_leaks_in_three_degrees_are_all_found(tmp_path: Path, workers: int) -> None:
    rows = [(prose(number), prose(1000 + number, 20)) for number in range(40)]
    valid = [(prose(number), prose(1000 + number, 20)) for number in range(100, 115)]
    valid[3] = rows[5]
    valid[7] = (rows[11][0].upper().replace(" ", "   "), f"  {rows[11][1]} ")
    valid[9] = (changed(rows[20][0], 0.1), rows[20][1])
    report = await validate(
        write(tmp_path / "train.jsonl", rows), valid_path=write(tmp_path / "valid.jsonl", valid), workers=workers
    )
    exact, normalised, near = "leaked-example", "normalised-leak", "near-leak"

    assert findings(report, exact, normalised, near) == {exact: [6], normalised: [12], near: [21]}


async def test_planted_duplicates_in_three_degrees_are_all_found(tmp_path: Path) -> None:
    rows = [(prose(number), prose(1000 + number, 20)) for number in range(40)]
    rows[30] = rows[2]
    rows[31] = (rows[3][0].title(), rows[3][1])
    rows[32] = (changed(rows[4][0], 0.1), rows[4][1])
    report = await validate(write(tmp_path / "train.jsonl", rows), workers=0)
    exact, normalised, near = "duplicate-example", "normalised-duplicate", "near-duplicate"

    assert findings(report, exact, normalised, near) == {exact: [31], normalised: [32], near: [33]}


async def test_rows_that_differ_in_signs_alone_are_no_copies(tmp_path: Path) -> None:
    rows = [(f"What is {number} {sign} 7?", "Compute.") for number in range(10) for sign in "+-"]
    report = await validate(write(tmp_path / "train.jsonl", rows), workers=0)

    assert findings(report, "normalised-duplicate", "conflicting-answers") == {
        "normalised-duplicate": [],
        "conflicting-answers": [],
    }


async def test_copies_under_another_system_prompt_are_said_to_be_that(tmp_path: Path) -> None:
    rows = [(prose(number), prose(1000 + number)) for number in range(12)]
    path = write(tmp_path / "train.jsonl", [*rows, *rows[:2]])
    first, *others, last, same = path.read_text().splitlines()
    path.write_text("\n".join([first, *others, last.replace("Be brief.", "Sing."), same.replace('"user"', '"user" ')]))
    report = await validate(path, workers=0)
    found = next(group for group in report.findings if group.code == "normalised-duplicate")

    assert [finding.message for finding in found.examples] == [
        "The same as line 1 but for case, spaces and system prompt; keep one",
        "The same as line 2 but for case and spaces; keep one",
    ]


async def test_too_many_rows_are_said_to_be_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(set_verdict, "NEAR_ROWS", 20)
    rows = [(prose(number), prose(1000 + number)) for number in range(30)]
    rows[9] = (rows[4][0].upper(), rows[4][1])
    report = await validate(write(tmp_path / "train.jsonl", rows), workers=0)

    assert findings(report, "near-search-left-out", "normalised-duplicate") == {
        "near-search-left-out": [0],
        "normalised-duplicate": [10],
    }


async def test_without_the_whole_only_rows_by_themselves_are_judged(tmp_path: Path) -> None:
    rows = [("Mail to jane@example.com", "yes"), ("Mail to jane@example.com", "no")] * 10
    report = await validate(write(tmp_path / "train.jsonl", rows), workers=0, whole=False)

    assert {group.code for group in report.findings} == {"duplicate-example", "few-examples"}


SOME_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.sampled_from(
    [
        "中文问题一二三，四五六。",
        "the quick brown fox, Most Potent\0 words",
        "a" * 40,
        "日本語のテキスト「とても」",
        "3+4=7 - 1",
        "ＷＩＤＥ ｗｏｒｄｓ１２３！？",
        "Съешь ЕЩЁ этих Мягких; Ψάρια ΚΑΙ Ψωμί; ÉCOLE Žluťoučký; ẠẢ",
        "“Quoted” — and…\u3000then\xa0some",
    ]
)


@given(st.lists(SOME_TEXT, max_size=8))
def test_many_texts_at_once_get_the_sketches_of_one_by_one(texts: list[str]) -> None:
    assert near_sketches(texts) == [sketch(text) for text in texts]


@given(st.lists(st.lists(st.integers(0, 20), max_size=300), max_size=4), st.integers(300, 900))
def test_long_rows_get_whole_sketches_too(rows: list[list[int]], repeats: int) -> None:
    texts = [" ".join(WORDS[number] for number in row) for row in rows]
    texts.append(" ".join(WORDS[:3] * repeats))
    texts.append(" ".join(WORDS[number * 7 % len(WORDS)] for number in range(repeats)))

    assert near_sketches(texts) == [sketch(text) for text in texts]


@given(st.lists(st.lists(SOME_TEXT, max_size=4), min_size=1, max_size=4))
def test_the_messages_of_a_row_are_compared_as_one_text(rows: list[list[str]]) -> None:
    text = folded(joined(rows))
    found = row_sketches(text, unspaced(text))
    ends = found.lengths.cumsum().tolist()

    pieces = [found.pieces[end - length : end].tolist() for end, length in zip(ends, found.lengths, strict=True)]
    assert pieces == [list(sketch("\n".join(row))) for row in rows]
    assert rows_of(unspaced(text)) == [words(row) for row in rows]


def words(row: list[str]) -> bytes:
    """The messages of a row as they are compared: folded, and without white space."""
    spaces = dict.fromkeys((0, *range(9, 14), *range(28, 33)))
    return MESSAGE_END.join(text.translate(FOLD).translate(spaces).encode() for text in row)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Ｗｉｄｅ，１２！", "wide,12!"),
        ("“Quoted” — it’s…", '"quoted" - it\'s.'),
        ("ÉCOLE ŽLUŤ", "école žluť"),
        ("ЩИ И КАША", "щи и каша"),
        ("「你好」，\u3000世界。", '"你好", 世界.'),
        ("a\xa0b", "a b"),
    ],
)
def test_case_width_and_the_looks_of_signs_do_not_count(first: str, second: str) -> None:
    assert words([first]) == words([second])


def test_the_script_of_a_row_is_that_of_most_of_its_words() -> None:
    rows = {
        "What is the capital of France, and what is it known for?": Script.LATIN,
        "Hello": Script.LATIN,
        "这个合同的有效期是多长时间？": Script.HAN,
        "この契約の有効期間はどのくらいですか。": Script.KANA,
        "이 계약의 유효 기간은 얼마나 됩니까?": Script.HANGUL,
        "Каков срок действия этого договора?": Script.CYRILLIC,
        "请解释 Python 里的 list 是什么，怎么用": Script.HAN,
        "12 + 7 = 19": Script.NONE,
        "": Script.NONE,
    }
    text = folded(joined([[text] for text in rows]))

    assert [Script(script) for script in row_sketches(text, unspaced(text)).scripts.tolist()] == list(rows.values())


SENSITIVE = st.sampled_from(
    (
        "jane.doe+x@example.co.uk",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
        "DE89370400440532013000",
        "DE89 3704 0044 0532 0130 00",
        "11010519491231002X",
        "536-90-4399",
        "529.982.247-25",
        "A123456789",
        "2341 2341 2346",
        "12345678Z",
        "12345678-Z",
        "X1234567L",
        "X-1234567-L",
        "AB123456C",
        "AB 12 34 56 C",
        "A123456(3)",
        "G123456(A)",
        "AB987654(3)",
        "S1234567D",
        "RSSMRA85T10A562S",
        "2 95 10 99 126 111 93",
        "2 85 05 2A 006 084 82",
        "185052A00608435",
        "36 574 261 809",
        "900101-1234568",
        "13912345678",
        "+86 139 1234 5678",
        "+49 30 1234567",
        "+33 1 23 45 67 89",
        "+47 22 33 44",
        "+1 234 5678",
        "(555) 123-4567",
        "010-62345678",
        "１３９１２３４５６７８",
        "AKIA" + "2Q4WZX7PLM3NB8VC",
        "LTAI" + "5tFz9QmW2xKc",
        "ghp_" + "Zx81kQmW0pLr7TnV4cYb2HdJ9sAeUi3oP6Rt",
        "SG." + "Zx81kQmW0pLr7TnV4cYb2H" + ".dJ9sAeUi3oP6RtZx81kQmW0pLr7TnV4cYb2HdJ9sAeU",
        "ya29." + "a0AfH6SMBx81kQmW0pLr7TnV4cYb2HdJ9s",
        "eyJhbGciOiJIUzI1NiJ9.eyJ" + "zdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
        "-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----",
        "sk-" + "ant-api03-Zx81kQmW0pLr7TnV4cYb2HdJ9sAe",
        "hooks.slack.com/" + "services/T0ABCDEF1/B0ABCDEF1/Zx81kQmW0pLr7TnV4cYb2HdJ",
    )
)


@given(st.text(max_size=20), SENSITIVE, st.text(max_size=20))
def test_what_is_sensitive_is_always_suspected(before: str, piece: str, after: str) -> None:
    text = before + piece + after

    if next(find_sensitive(text), None) is not None:
        assert suspects(joined([["none"], [], ["", text], ["none"]])) == [3]
