from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fttui.domain.dataset.mapping.mapper import Mapper, Skipped, encoded
from fttui.domain.dataset.mapping.recognition import recognise, sure_of
from fttui.domain.dataset.mapping.row_mapping import RowMapping, Target, Turn, TurnList
from fttui.domain.dataset.mapping.settings import changed

TALK = RowMapping(turn_list=TurnList("talk", "from", "value"))
QA = RowMapping(turns=(Turn("user", "{q}"), Turn("assistant", "{a}")))


def made(mapping: RowMapping, row: dict[str, object]) -> object:
    return Mapper(mapping).apply(row)


def said(mapping: RowMapping, row: dict[str, object]) -> list[tuple[str, str]]:
    result = Mapper(mapping).apply(row)
    assert isinstance(result, dict)
    messages = result["messages"]
    assert isinstance(messages, list)
    return [(message["role"], message.get("content", "")) for message in messages]


def test_instructions_of_the_mapping_take_the_place_of_those_in_the_list() -> None:
    talk = [{"from": "system", "value": "old"}, {"from": "human", "value": "q"}, {"from": "gpt", "value": "a"}]

    assert said(TALK, {"talk": talk})[0] == ("system", "old")
    assert said(changed(TALK, [("system", "new")]), {"talk": talk}) == [
        ("system", "new"),
        ("user", "q"),
        ("assistant", "a"),
    ]


def test_a_list_in_a_cell_of_a_table_is_read() -> None:
    cell = json.dumps([{"from": "human", "value": "问"}, {"from": "gpt", "value": "答"}], ensure_ascii=False)

    assert said(TALK, {"talk": cell}) == [("user", "问"), ("assistant", "答")]


def test_calls_written_as_text_become_calls_with_answers() -> None:
    talk = [
        {"from": "human", "value": "weather?"},
        {"from": "function_call", "value": '{"name": "get", "arguments": {"city": "京都"}}'},
        {"from": "observation", "value": "13"},
        {"from": "gpt", "value": "It is 13."},
    ]
    tools = json.dumps([{"name": "get", "parameters": {}}])
    row = made(changed(TALK, [("tools", "tools")]), {"talk": talk, "tools": tools})

    assert isinstance(row, dict)
    messages = row["messages"]
    assert isinstance(messages, list)
    call = messages[1]["tool_calls"][0]
    assert json.loads(call["function"]["arguments"]) == {"city": "京都"}
    assert messages[2] == {"role": "tool", "tool_call_id": call["id"], "content": "13"}
    assert row["tools"] == [{"type": "function", "function": {"name": "get", "parameters": {}}}]


@pytest.mark.parametrize(
    ("mapping", "row", "reason"),
    [
        (QA, {"q": "x", "a": ""}, "no answer"),
        (QA, {"q": " ", "a": "x"}, "nothing is asked"),
        (QA, {}, "no answer"),
        (changed(QA, [("where", "q = y")]), {"q": "x", "a": "x"}, "left out by the filter"),
        (TALK, {"talk": "hello"}, "talk holds no list of turns"),
        (TALK, {"talk": ["hello"]}, "a turn that is not an object"),
        (
            TALK,
            {"talk": [{"from": "alice", "value": "x"}]},
            'speaker "alice" is not known; say what the name means, such as alice:assistant',
        ),
        (TALK, {"talk": [{"value": "x"}]}, "a turn without a speaker"),
        (TALK, {"talk": [{"from": "gpt", "value": "x"}]}, "nothing is asked"),
        (TALK, {"talk": [{"from": "tool", "value": "x"}]}, "a tool's answer without a call before it"),
        (
            RowMapping(Target.PREFERENCE, (Turn("user", "{q}"),), preferred="{a}", non_preferred="{a}"),
            {"q": "x", "a": "same"},
            "both answers are the same",
        ),
        (
            RowMapping(Target.PREFERENCE, preferred="{a}", non_preferred="{b}"),
            {"a": "x", "b": "y"},
            "nothing is asked",
        ),
        (RowMapping(Target.COMPLETION, prompt="{q}", completion="{a}"), {"q": "x"}, "no answer"),
    ],
)
def test_a_row_that_becomes_none_says_why(mapping: RowMapping, row: dict[str, object], reason: str) -> None:
    assert made(mapping, row) == Skipped(reason)


def test_defaults_fill_what_is_empty_and_nothing_else() -> None:
    mapping = changed(QA, [("default.a", "I do not know.")])

    assert said(mapping, {"q": "x", "a": " "})[1] == ("assistant", "I do not know.")
    assert said(mapping, {"q": "x", "a": "yes"})[1] == ("assistant", "yes")


def test_names_of_speakers_mean_what_is_said_they_mean() -> None:
    mapping = changed(TALK, [("roles", "张三：user，李四：assistant")])
    talk = [{"from": "张三", "value": "q"}, {"from": "李四", "value": "a"}]

    assert said(mapping, {"talk": talk}) == [("user", "q"), ("assistant", "a")]


def test_numbers_and_objects_are_written_as_json_and_texts_are_left_alone() -> None:
    mapping = RowMapping(turns=(Turn("user", "{n} {o}"), Turn("assistant", "{t}")))

    assert said(mapping, {"n": 7, "o": {"k": ["值", True]}, "t": "007 NA "}) == [
        ("user", '7 {"k": ["值", true]}'),
        ("assistant", "007 NA "),
    ]


def test_several_questions_and_answers_make_a_longer_talk() -> None:
    settings = [(role, f"{{{role[0]}{n}}}") for n in (1, 2) for role in ("user", "assistant")]
    row: dict[str, object] = {"u1": "a", "a1": "b", "u2": "c", "a2": "d"}

    assert [text for _, text in said(changed(RowMapping(), settings), row)] == ["a", "b", "c", "d"]


def test_a_long_talk_as_a_prompt_names_the_speakers() -> None:
    messages = [
        {"role": "system", "content": "s"},
        {"role": "user", "content": "q1"},
        {"role": "assistant", "content": "a1"},
        {"role": "user", "content": "q2"},
        {"role": "assistant", "content": "a2"},
    ]
    row = made(RowMapping(Target.COMPLETION, turn_list=TurnList("messages")), {"messages": messages})

    assert row == {"prompt": "System: s\n\nUser: q1\n\nAssistant: a1\n\nUser: q2\n\nAssistant:", "completion": "a2"}


def test_half_a_character_cannot_be_written() -> None:
    row = made(QA, {"q": "x\ud83d", "a": "y"})

    assert isinstance(row, dict)
    assert isinstance(encoded(row), Skipped)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda text: text.strip() == text)


@given(TEXTS, TEXTS)
def test_prompt_and_completion_come_back_from_chat(prompt: str, completion: str) -> None:
    to_chat = RowMapping(turns=(Turn("user", "{prompt}"), Turn("assistant", "{completion}")))
    row: dict[str, object] = {"prompt": prompt, "completion": completion}
    chat = Mapper(to_chat).apply(row)

    assert isinstance(chat, dict)
    assert Mapper(RowMapping(Target.COMPLETION, turn_list=TurnList("messages"))).apply(chat) == row


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=4), st.none() | TEXTS)
def test_chat_comes_back_from_turns_of_any_spelling(talk: list[tuple[str, str]], system: str | None) -> None:
    spoken = [(role, text) for pair in talk for role, text in zip(("user", "assistant"), pair, strict=True)]
    spoken = [*([("system", system)] if system is not None else []), *spoken]
    chat = {"messages": [{"role": role, "content": text} for role, text in spoken]}
    names = {"system": "system", "user": "human", "assistant": "gpt"}
    shared = {"conversations": [{"from": names[role], "value": text} for role, text in spoken]}
    pairs: dict[str, object] = {"system": system or "", "rounds": [{"问": ask, "答": answer} for ask, answer in talk]}

    for row in (chat, shared, pairs):
        proposal = sure_of(recognise([row]))
        assert proposal is not None
        assert Mapper(proposal.mapping).apply(row) == chat


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["messages", "question", "answer", "chosen", "text"]) | st.text(max_size=6),
            JSON,
            max_size=5,
        ),
        max_size=4,
    )
)
def test_any_rows_are_looked_at_and_mapped_without_falling_over(rows: list[dict[str, object]]) -> None:
    for proposal in recognise(rows):
        assert 0 <= proposal.confidence <= 1
        for row in rows:
            result = Mapper(proposal.mapping).apply(row)
            assert isinstance(result, Skipped) or isinstance(encoded(result), (bytes, Skipped))
