from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fttui.domain.dataset.mapping.field_path import has_place, steps_of, value_at
from fttui.domain.dataset.mapping.template import field, literal, one_line, read_template
from fttui.domain.errors import MappingError


def rendered(text: str, **fields: str) -> str:
    return read_template(text).render(lambda path: fields.get(path, ""))


def test_fields_are_filled_in_and_escapes_become_signs() -> None:
    assert rendered(r"{指令}\n\n{输入}\t\{x\}\\", 指令="翻译", 输入="你好") == "翻译\n\n你好\t{x}\\"


@pytest.mark.parametrize(("given_input", "made"), [("two", "one\n\ntwo"), ("", "one"), ("  ", "one")])
def test_an_optional_part_is_there_only_with_its_field(given_input: str, made: str) -> None:
    assert rendered(r"{instruction}[[\n\n{input}]]", instruction="one", input=given_input) == made


def test_filters_take_off_blanks_and_endings() -> None:
    assert rendered(r"{prompt|without \n\n###\n\n|trim}", prompt=" what\n\n###\n\n") == "what"
    assert rendered("{completion|trim|without  END}", completion=" yes END") == "yes"


def test_a_single_bracket_is_just_a_bracket() -> None:
    assert rendered("[INST] {a} [/INST]", a="x") == "[INST] x [/INST]"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{a", "partner"),
        ("a}", "partner"),
        ("{}", "without a name"),
        ("[[{a}", "not closed"),
        ("{a}]]", "closes nothing"),
        ("[[[[{a}]]", "inside"),
        ("{a|shout}", "no shout"),
    ],
)
def test_what_cannot_be_a_template_is_refused_with_a_remedy(text: str, word: str) -> None:
    with pytest.raises(MappingError, match=word) as refused:
        read_template(text)
    assert refused.value.hint


@given(st.text())
def test_a_literal_says_exactly_its_text(text: str) -> None:
    assert rendered(literal(text)) == text
    assert rendered(one_line(literal(text))) == text


@given(st.text(min_size=1).filter(str.strip), st.text())
def test_a_field_of_any_name_is_found_again(name: str, value: str) -> None:
    assert read_template(one_line(field(name))).render({name: value}.__getitem__) == value


def test_paths_lead_into_objects_and_lists() -> None:
    row = {"data": {"answers": [{"text": "first"}, {"text": "last"}]}, "a.b": "dotted", "答": ["是"]}

    assert value_at(row, "data.answers[0].text") == "first"
    assert value_at(row, "data.answers[-1].text") == "last"
    assert value_at(row, "a.b") == "dotted"
    assert value_at(row, "答[0]") == "是"
    assert value_at(row, "data.answers[7].text") is None
    assert value_at(row, "data.answers.text") is None
    assert has_place(row, "data.answers[1].text")
    assert not has_place(row, "data.nothing")


def test_a_heading_that_is_no_path_is_one_key() -> None:
    assert steps_of("what? [yes") == ("what? [yes",)
    assert value_at({"what? [yes": 1}, "what? [yes") == 1
