from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from fttui.domain.dataset.mapping.described import described
from fttui.domain.dataset.mapping.mapper import Mapper
from fttui.domain.dataset.mapping.recognition import recognise, sure_of

Row = Mapping[str, object]


def chat(*said: tuple[str, str]) -> Row:
    return {"messages": [{"role": role, "content": text} for role, text in said]}


QA = chat(("user", "q"), ("assistant", "a"))

SHAPES: list[tuple[str, str, Row, Row]] = [
    ("openai-chat", "chat rows as they are", QA, QA),
    ("alpaca", "instruction and output", {"instruction": "q", "input": "", "output": "a"}, QA),
    (
        "alpaca",
        "instruction with input",
        {"instruction": "do", "input": "this", "output": "a"},
        chat(("user", "do\n\nthis"), ("assistant", "a")),
    ),
    (
        "alpaca",
        "with history and system",
        {"system": "s", "history": [["q1", "a1"]], "instruction": "q2", "input": "", "output": "a2"},
        chat(("system", "s"), ("user", "q1"), ("assistant", "a1"), ("user", "q2"), ("assistant", "a2")),
    ),
    (
        "alpaca",
        "Chinese headings",
        {"指令": "翻译", "输入": "你好", "输出": "hello"},
        chat(("user", "翻译\n\n你好"), ("assistant", "hello")),
    ),
    (
        "alpaca",
        "instruction, context, response",
        {"instruction": "q", "context": "c", "response": "a", "category": "x"},
        chat(("user", "q\n\nc"), ("assistant", "a")),
    ),
    (
        "sharegpt",
        "from and value",
        {"id": "1", "conversations": [{"from": "human", "value": "q"}, {"from": "gpt", "value": "a"}]},
        QA,
    ),
    (
        "turns",
        "Chinese speakers",
        {"对话": [{"角色": "用户", "内容": "q"}, {"角色": "助手", "内容": "a"}]},
        QA,
    ),
    ("turns", "role and text", {"dialog": [{"role": "customer", "text": "q"}, {"role": "agent", "text": "a"}]}, QA),
    ("turn-pairs", "a key for each speaker", {"chat": [{"咨询者": "q", "ChatLAW": "a"}], "subject": "法律"}, QA),
    ("turn-pairs", "pairs in a list", {"rounds": [["q", "a"]]}, QA),
    ("texts-in-turn", "texts in turn", {"id": "x", "data": ["q", "a"]}, QA),
    ("question-answer", "question and answer", {"id": 7, "question": "q", "answer": "a"}, QA),
    ("question-answer", "问题 and 答案", {"问题": "q", "答案": "a"}, QA),
    ("question-answer", "提问 and 回答", {"提问": "q", "回答": "a"}, QA),
    ("question-answer", "query and response", {"query": "q", "response": "a"}, QA),
    ("question-answer", "headings in capitals", {"Question Text": "q", "Best Answer": "a"}, QA),
    (
        "question-answer",
        "answers inside an object",
        {"context": "c", "question": "q", "answers": {"text": ["a"], "answer_start": [0]}},
        chat(("user", "c\n\nq"), ("assistant", "a")),
    ),
    ("prompt-completion", "prompt and completion", {"prompt": "q ", "completion": " a"}, QA),
    (
        "preference",
        "prompt, chosen, rejected",
        {"prompt": "q", "chosen": "good", "rejected": "bad"},
        {
            "input": {"messages": [{"role": "user", "content": "q"}]},
            "preferred_output": [{"role": "assistant", "content": "good"}],
            "non_preferred_output": [{"role": "assistant", "content": "bad"}],
        },
    ),
    (
        "preference",
        "chosen and rejected as whole talks",
        {
            "chosen": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "good"}],
            "rejected": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "bad"}],
        },
        {
            "input": {"messages": [{"role": "user", "content": "q"}]},
            "preferred_output": [{"role": "assistant", "content": "good"}],
            "non_preferred_output": [{"role": "assistant", "content": "bad"}],
        },
    ),
    (
        "preference",
        "chosen and rejected as transcripts",
        {"chosen": "\n\nHuman: q\n\nAssistant: good", "rejected": "\n\nHuman: q\n\nAssistant: bad"},
        {
            "input": {"messages": [{"role": "user", "content": "q"}]},
            "preferred_output": [{"role": "assistant", "content": "good"}],
            "non_preferred_output": [{"role": "assistant", "content": "bad"}],
        },
    ),
    ("text", "text alone", {"text": "once upon a time"}, {"prompt": "", "completion": "once upon a time"}),
]


@pytest.mark.parametrize(("name", "words", "row", "made"), SHAPES, ids=[shape[1] for shape in SHAPES])
def test_a_common_shape_is_recognised_and_mapped(name: str, words: str, row: Row, made: Row) -> None:
    proposal = sure_of(recognise([row, row]))

    assert proposal is not None
    assert (proposal.name, bool(proposal.reason)) == (name, True)
    assert Mapper(proposal.mapping).apply(row) == made


PREFERENCE = {
    "input": {"messages": [{"role": "user", "content": "q"}], "tools": []},
    "preferred_output": [{"role": "assistant", "content": "good"}],
    "non_preferred_output": [{"role": "assistant", "content": "bad"}],
}


def test_preference_rows_that_are_right_stay_as_they_are() -> None:
    proposal = sure_of(recognise([PREFERENCE]))

    assert proposal is not None
    assert Mapper(proposal.mapping).apply(PREFERENCE) == {
        **PREFERENCE,
        "input": {"messages": [{"role": "user", "content": "q"}]},
    }


def test_chat_rows_with_tools_pictures_and_weights_go_through_unchanged() -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    row = {
        "messages": [
            {"role": "system", "content": ""},
            {"role": "user", "content": [{"type": "text", "text": "q"}], "name": "me"},
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "c1", "content": ""},
            {"role": "assistant", "content": "a", "weight": 0},
            {"role": "assistant", "content": "b"},
        ],
        "tools": [{"type": "function", "function": {"name": "f", "parameters": {}}}],
        "parallel_tool_calls": False,
    }
    proposal = sure_of(recognise([row]))

    assert proposal is not None
    assert Mapper(proposal.mapping).apply(row) == row


def test_the_endings_of_old_prompts_and_completions_are_taken_off() -> None:
    rows = [{"prompt": f"text {n}\n\n###\n\n", "completion": f" answer {n} END"} for n in range(5)]
    proposal = sure_of(recognise(rows))

    assert proposal is not None
    assert Mapper(proposal.mapping).apply(rows[2]) == chat(("user", "text 2"), ("assistant", "answer 2"))


def test_what_ends_a_question_stays_where_all_prompts_are_questions() -> None:
    rows = [{"prompt": f"how many are {n}? ->", "completion": f" there are {n}.\nEND"} for n in range(5)]
    proposal = sure_of(recognise(rows))

    assert proposal is not None
    assert Mapper(proposal.mapping).apply(rows[2]) == chat(("user", "how many are 2?"), ("assistant", "there are 2."))


UNSURE: list[Sequence[Row]] = [
    [],
    [{"a": "one", "b": "two"}],
    [{"question": "q", "title": "t", "answer": "a", "response": "r"}],
    [{"turns": [{"from": "alice", "value": "q"}, {"from": "bob", "value": "a"}]}],
    [{"score": 3}],
    [{"chosen": "a", "rejected": "b"}],
]


@pytest.mark.parametrize("rows", UNSURE)
def test_what_is_a_guess_is_not_used_without_asking(rows: Sequence[Row]) -> None:
    assert sure_of(recognise(rows)) is None


def test_a_speaker_that_nobody_knows_is_named() -> None:
    found = recognise([{"talk": [{"from": "alice", "value": "q"}, {"from": "gpt", "value": "a"}]}])

    assert "alice" in found[0].reason


def test_columns_that_are_half_empty_are_recognised_all_the_same() -> None:
    rows = [{"问题": "q", "答案": "a"}, {"问题": "", "答案": "a"}, {"问题": "q", "答案": ""}]

    assert sure_of(recognise(rows)) is not None


def test_a_described_data_set_is_mapped_as_described() -> None:
    entry = {
        "formatting": "sharegpt",
        "columns": {"messages": "log", "system": "sys"},
        "tags": {"role_tag": "who", "content_tag": "what", "user_tag": "我", "assistant_tag": "它"},
    }
    row = {"sys": "s", "log": [{"who": "我", "what": "q"}, {"who": "它", "what": "a"}]}

    made = Mapper(described("mine", entry).mapping).apply(row)
    assert made == chat(("system", "s"), ("user", "q"), ("assistant", "a"))


def test_a_described_preference_set_is_mapped_as_described() -> None:
    entry = {"ranking": True, "columns": {"prompt": "ask", "chosen": "win", "rejected": "lose"}}

    made = Mapper(described("pairs", entry).mapping).apply({"ask": "q", "win": "good", "lose": "bad"})
    assert isinstance(made, dict)
    assert made["preferred_output"] == [{"role": "assistant", "content": "good"}]
