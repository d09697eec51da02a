"""Rows before and after a fix, as they are shown."""

from __future__ import annotations

from fttui.domain.dataset.preparation.difference import LINE_LENGTH, LINES, difference
from fttui.domain.dataset.preparation.fix import JsonObject

SECRET = "sk-proj-abcdefghij0123456789XYZ"


def shown(before: JsonObject | str, after: JsonObject | None) -> list[str]:
    return [f"{line.mark.value}{line.text}" for line in difference(before, after)]


def chat(*said: tuple[str, object]) -> dict[str, object]:
    return {"messages": [{"role": role, "content": content} for role, content in said]}


def test_a_message_that_goes_is_shown_below_the_one_before_it() -> None:
    before = chat(("user", "问"), ("assistant", "答"), ("user", "谢谢"))

    assert shown(before, chat(("user", "问"), ("assistant", "答"))) == ['   "答"', "-user", '-  "谢谢"']


def test_a_role_that_changes_stands_beside_what_is_said() -> None:
    assert shown(chat(("human", "Hi ")), chat(("user", "Hi "))) == ["-human", "+user", '   "Hi "']


def test_arguments_are_seen_to_become_text() -> None:
    def row(arguments: object) -> JsonObject:
        call = {"id": "c", "function": {"name": "f", "arguments": arguments}}
        return {"messages": [{"role": "assistant", "tool_calls": [call]}]}

    assert shown(row({"a": 1}), row('{"a": 1}')) == [
        " assistant",
        '-  call {"id": "c", "function": {"name": "f", "arguments": {"a": 1}}}',
        '+  call {"id": "c", "function": {"name": "f", "arguments": "{\\"a\\": 1}"}}',
    ]


def test_preference_rows_show_the_conversation_and_both_answers() -> None:
    row: JsonObject = {
        "input": {"messages": [{"role": "user", "content": "q"}], "tools": []},
        "preferred_output": [{"role": "assistant", "content": "good"}],
        "non_preferred_output": [{"role": "assistant", "content": "bad"}],
    }
    assert [line[1:] for line in shown(row, None)] == [
        "input",
        " user",
        '   "q"',
        " tools: []",
        "preferred_output",
        " assistant",
        '   "good"',
        "non_preferred_output",
        " assistant",
        '   "bad"',
    ]


def test_other_rows_show_a_line_for_each_key() -> None:
    assert shown({"prompt": "a", "completion": "b"}, {"prompt": "a ->", "completion": "b"}) == [
        '-prompt: "a"',
        '+prompt: "a ->"',
        ' completion: "b"',
    ]


def test_what_is_no_message_and_roles_that_are_none_are_shown_as_they_stand() -> None:
    row: JsonObject = {"messages": [5, {"content": None}, {"role": "two words", "content": ["x"], "weight": 0}]}

    assert [line[1:] for line in shown(row, None)] == [
        "5",
        "role: null",
        "  content: null",
        'role: "two words"',
        '  content: ["x"]',
        "  weight: 0",
    ]


def test_secrets_are_masked_and_pictures_and_long_texts_shortened() -> None:
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 9000}}
    lines = shown(chat(("user", [picture]), ("assistant", f"{SECRET} {'long ' * 400}")), None)

    assert SECRET not in "".join(lines)
    assert max(map(len, lines)) <= LINE_LENGTH + 2
    assert len(shown(chat(*[("user", str(number)) for number in range(99)]), None)) == LINES + 1


def test_long_lines_are_shown_where_they_differ() -> None:
    text = "word " * 300
    old, new = (line for line in shown(chat(("user", text + "a")), chat(("user", text + "b"))) if line[0] in "-+")

    assert old.startswith("-…")
    assert (old[-2:], new[-2:]) == ('a"', 'b"')


def test_a_line_that_is_no_row_is_shown_as_it_stands() -> None:
    assert shown("{broken", None) == ["-{broken"]
