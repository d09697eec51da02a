from __future__ import annotations

import copy
import json

import pytest

from fttui.domain.dataset.preparation.catalogue import FIX_BY_CODE, FIXES, ROW_FIXES
from fttui.domain.dataset.preparation.fix import JsonObject, Recipe, Setting
from fttui.domain.dataset.preparation.mender import Mender
from fttui.domain.dataset.record import DataFormat

USER = {"role": "user", "content": "Hi"}
BOT = {"role": "assistant", "content": "Hello"}
SYSTEM = {"role": "system", "content": "Be kind."}
CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}


def chat(*messages: object, **more: object) -> JsonObject:
    return {"messages": list(messages), **more}


def fixed(code: str, row: JsonObject, data_format: DataFormat = DataFormat.CHAT, **recipe: object) -> JsonObject:
    edit = FIX_BY_CODE[code].edit
    assert edit is not None
    before = copy.deepcopy(row)
    setting = Setting(data_format, Recipe(frozenset({code}), **recipe), words)  # type: ignore[arg-type]
    after = edit(row, setting)
    assert row == before, "the row that is given stays as it is"
    assert edit(after, setting) is after, "a second time changes nothing"
    return after


def words(row: JsonObject) -> int:
    """One token a word."""
    messages = row["messages"]
    assert isinstance(messages, list)
    return sum(len(str(message.get("content")).split()) for message in messages if isinstance(message, dict))


@pytest.mark.parametrize(
    ("role", "becomes"),
    [
        ("User", "user"),
        (" human ", "user"),
        ("GPT", "assistant"),
        ("bot", "assistant"),
        ("助手", "assistant"),
        ("用户", "user"),
        ("SYSTEM", "system"),
        ("developer", "developer"),
        ("asistant", "assistant"),
        ("usr", "user"),
        ("Sytem", "system"),
        ("wizard", "wizard"),
        ("function_call", "function_call"),
    ],
)
def test_roles_get_the_names_of_the_protocol(role: str, becomes: str) -> None:
    assert fixed("normalise-roles", chat({"role": role, "content": "x"})) == chat({"role": becomes, "content": "x"})


def test_unknown_keys_go_at_every_level_and_known_ones_stay() -> None:
    row = chat({**USER, "weight": 1, "time": 3}, {**BOT, "weight": 0}, id=7, tools=[])

    assert fixed("remove-unknown-keys", row) == chat(USER, {**BOT, "weight": 0}, tools=[])


def test_fields_for_a_grader_are_not_unknown() -> None:
    row = chat({**USER, "x": 1}, answer="yes")

    assert fixed("remove-unknown-keys", row, DataFormat.REINFORCEMENT) == chat(USER, answer="yes")


def test_unknown_keys_go_from_the_input_of_a_preference_row() -> None:
    row = {"input": {"messages": [USER], "x": 1}, "preferred_output": [BOT], "non_preferred_output": [BOT], "y": 2}

    assert fixed("remove-unknown-keys", row, DataFormat.PREFERENCE) == {
        "input": {"messages": [USER]},
        "preferred_output": [BOT],
        "non_preferred_output": [BOT],
    }


def test_answers_under_old_names_are_renamed_in_place() -> None:
    row = {"input": {}, "preferred_completion": [BOT], "non_preferred_completion": []}

    after = fixed("rename-preference-keys", row, DataFormat.PREFERENCE)
    assert list(after) == ["input", "preferred_output", "non_preferred_output"]


@pytest.mark.parametrize(("weight", "becomes"), [("0", 0), (1.0, 1), (True, 1), ("heavy", "heavy"), (2, 2)])
def test_weights_become_whole_numbers(weight: object, becomes: object) -> None:
    after = fixed("normalise-weights", chat({**BOT, "weight": weight}))

    assert json.dumps(after) == json.dumps(chat({**BOT, "weight": becomes}))


def test_a_weight_of_null_goes() -> None:
    assert fixed("normalise-weights", chat({**BOT, "weight": None})) == chat(BOT)


def test_arguments_that_are_objects_become_text() -> None:
    open_call = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": {"城市": "奥斯陆"}}}
    after = fixed("arguments-as-text", chat({"role": "assistant", "tool_calls": [open_call, CALL]}))

    assert json.dumps(after, ensure_ascii=False).count('"arguments": "{\\"城市\\": \\"奥斯陆\\"}"') == 1


def test_white_space_goes_from_both_ends_but_not_from_what_tools_said() -> None:
    tool = {"role": "tool", "tool_call_id": "c1", "content": " 1 "}

    assert fixed("trim-text", chat({**USER, "content": "\n 你好 \n"}, tool)) == chat({**USER, "content": "你好"}, tool)


def test_messages_that_say_nothing_go_and_calls_stay() -> None:
    call = {"role": "assistant", "content": None, "tool_calls": [CALL]}
    row = chat({**SYSTEM, "content": " "}, USER, {**BOT, "content": ""}, call)

    assert fixed("drop-empty-messages", row) == chat(USER, call)


def test_a_conversation_of_nothing_but_empty_messages_stays() -> None:
    row = chat({**USER, "content": ""})

    assert fixed("drop-empty-messages", row) is row


def test_keys_are_redacted_in_contents_parts_and_arguments_but_ids_stay() -> None:
    secret = "sk-proj-abcdefghij0123456789XYZ"
    call = {"id": secret, "type": "function", "function": {"name": "f", "arguments": f'{{"key": "{secret}"}}'}}
    part = {"type": "text", "text": f"use {secret} now"}
    after = fixed("redact-secrets", chat({**USER, "content": [part]}, {"role": "assistant", "tool_calls": [call]}))

    assert json.dumps(after).count(secret) == 1
    assert json.dumps(after).count("[API_KEY]") == 2


def test_personal_data_is_redacted_in_completions() -> None:
    row = {"prompt": "Who?", "completion": " a.b@example.org or 13812345678"}

    assert fixed("redact-personal", row, DataFormat.COMPLETION)["completion"] == " [EMAIL] or [PHONE]"


def test_system_prompts_are_stripped_and_added() -> None:
    assert fixed("strip-system-prompt", chat(SYSTEM, USER, BOT)) == chat(USER, BOT)
    assert fixed("add-system-prompt", chat(USER, BOT), system_prompt="Be kind.") == chat(SYSTEM, USER, BOT)
    assert fixed("add-system-prompt", chat(SYSTEM, USER), system_prompt="Other.") == chat(SYSTEM, USER)


def test_stripping_and_adding_together_replaces_the_system_prompt_once() -> None:
    recipe = Recipe(frozenset({"strip-system-prompt", "add-system-prompt"}), "New.")
    mender = Mender(DataFormat.CHAT, recipe)
    once = mender.mend(json.dumps(chat(SYSTEM, USER, BOT)).encode())
    assert once.value == chat({"role": "system", "content": "New."}, USER, BOT)

    assert mender.mend(json.dumps(once.value).encode()).as_it_stood


def test_what_follows_the_last_answer_is_cut() -> None:
    assert fixed("cut-after-last-answer", chat(USER, BOT, USER)) == chat(USER, BOT)
    row = chat(USER)
    assert fixed("cut-after-last-answer", row) is row


def test_only_the_last_answer_is_trained_on() -> None:
    row = chat(USER, {**BOT, "weight": 1}, USER, {**BOT, "weight": 0})

    assert fixed("train-last-answer-only", row) == chat(USER, {**BOT, "weight": 0}, USER, BOT)


def test_long_examples_are_cut_after_an_answer_that_is_trained_on() -> None:
    long = {"role": "assistant", "content": "word " * 50}
    row = chat(USER, BOT, USER, BOT, USER, long)

    assert fixed("truncate-long", row, token_limit=10) == chat(USER, BOT, USER, BOT)
    assert fixed("truncate-long", row, token_limit=3) == chat(USER, BOT)
    assert fixed("truncate-long", row, token_limit=1) is row


def test_a_cut_never_ends_in_a_call_or_in_an_answer_without_weight() -> None:
    call = {"role": "assistant", "content": "a", "tool_calls": [CALL]}
    row = chat(USER, {**BOT, "weight": 0}, USER, call, {"role": "tool", "tool_call_id": "c1", "content": "w " * 99})

    assert fixed("truncate-long", row, token_limit=20) is row


def test_columns_are_renamed_and_made_text() -> None:
    row = {"Prompt ": 3, "COMPLETION": None}
    renamed = fixed("lower-case-columns", row, DataFormat.COMPLETION)

    assert renamed == {"prompt": 3, "completion": None}
    assert fixed("text-columns", renamed, DataFormat.COMPLETION) == {"prompt": "3", "completion": ""}


def test_every_row_fix_leaves_any_json_alone_or_changes_it_for_good() -> None:
    odd: list[JsonObject] = [
        {},
        {"messages": 3},
        {"messages": []},
        {"messages": [None, 3, {}]},
        {"messages": [{"role": None, "content": [3, {"text": 3}]}]},
        {"input": 3, "preferred_output": [{"role": 1}]},
        {"prompt": [], "completion": {}},
    ]
    for fix in ROW_FIXES:
        for data_format in fix.formats:
            for row in odd:
                fixed(fix.code, row, data_format, system_prompt="x", token_limit=5)


def test_codes_are_stable_identifiers_and_each_stands_once() -> None:
    codes = [fix.code for fix in FIXES]

    assert len(set(codes)) == len(codes)
    assert all(code.replace("-", "").isalnum() and code == code.lower() for code in codes)
