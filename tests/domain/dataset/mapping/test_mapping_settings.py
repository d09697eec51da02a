from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fttui.domain.dataset.mapping.form_settings import defaults_of, defaults_text
from fttui.domain.dataset.mapping.mapping_file import from_object, to_object
from fttui.domain.dataset.mapping.row_mapping import RowMapping, Target, Turn, TurnList
from fttui.domain.dataset.mapping.settings import ROLES, changed, checked, retargeted, settings_of
from fttui.domain.dataset.mapping.template import literal
from fttui.domain.errors import MappingError

NAMES = st.text(min_size=1, max_size=8).filter(str.strip)
WORDS = NAMES.map(str.strip)
TEMPLATES = st.text(min_size=1, max_size=12).map(literal)
PAIRS = st.lists(st.tuples(WORDS, st.sampled_from(ROLES)), max_size=3).map(tuple)
LISTS = st.builds(TurnList, WORDS, WORDS, WORDS, PAIRS)
TURNS = st.lists(st.builds(Turn, st.sampled_from(["user", "assistant", "tool_call", "tool"]), TEMPLATES), max_size=4)
MAPPINGS = st.builds(
    RowMapping,
    st.just(Target.CHAT),
    TURNS.map(lambda turns: (*turns, Turn("assistant", "{a}"))),
    st.none() | LISTS,
    PAIRS,
    tools=st.just("") | WORDS,
    defaults=st.dictionaries(NAMES, st.text(min_size=1), max_size=2).map(lambda pairs: tuple(pairs.items())),
    where=st.sampled_from(["", "a >= 3 and b"]),
    sample=st.none() | st.integers(1, 10**9),
    seed=st.integers(0, 10**9),
)


@given(MAPPINGS)
def test_a_mapping_comes_back_from_its_settings_and_from_its_file(mapping: RowMapping) -> None:
    assert changed(RowMapping(), settings_of(mapping)) == mapping
    assert from_object(json.loads(json.dumps(to_object(mapping)))) == mapping


def test_a_mapping_written_by_hand_is_read() -> None:
    mapping = from_object({"fttui_mapping": 1, "settings": {"user": "{问题}", "assistant": "{答案}"}})

    assert mapping.turns == (Turn("user", "{问题}"), Turn("assistant", "{答案}"))


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ([], "no saved mapping"),
        ({"settings": {}}, "no saved mapping"),
        ({"fttui_mapping": 2, "settings": {}}, "version 2"),
        ({"fttui_mapping": 1}, "no settings"),
        ({"fttui_mapping": 1, "settings": {"user": 3}}, "pairs of texts"),
        ({"fttui_mapping": 1, "settings": {"colour": "red"}}, "no setting colour"),
        ({"fttui_mapping": 1, "settings": {"user": "{a}"}}, "where the answers come from"),
    ],
)
def test_a_file_that_is_no_mapping_is_refused(value: object, word: str) -> None:
    with pytest.raises(MappingError, match=word):
        from_object(value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("to", "poetry"),
        ("sample", "0"),
        ("sample", "many"),
        ("seed", "-1"),
        ("roles", "human"),
        ("roles", "human:king"),
        ("turns.speakers", "a:user,,b:"),
        ("user", "{a"),
        ("where", "= 3"),
        ("default.", "x"),
        ("nothing", "x"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_with_a_remedy(key: str, value: str) -> None:
    with pytest.raises(MappingError) as refused:
        changed(RowMapping(), [(key, value)])
    assert refused.value.hint


@pytest.mark.parametrize("target", Target)
def test_a_mapping_that_says_nothing_is_not_enough(target: Target) -> None:
    with pytest.raises(MappingError):
        checked(RowMapping(target))


def test_the_same_texts_serve_another_target() -> None:
    completion = RowMapping(Target.COMPLETION, prompt="{p}", completion="{c}")
    chat = retargeted(completion, Target.CHAT)

    assert chat.turns == (Turn("user", "{p}"), Turn("assistant", "{c}"))
    assert checked(retargeted(chat, Target.COMPLETION)).turns == chat.turns
    preference = retargeted(chat, Target.PREFERENCE)
    assert (preference.turns, preference.preferred) == ((Turn("user", "{p}"),), "{c}")
    assert retargeted(preference, Target.CHAT).turns == chat.turns


def test_further_turns_of_a_role_are_added_and_an_own_system_stays() -> None:
    mapping = RowMapping(turns=(Turn("system", "s"), Turn("user", "old")))
    mapping = changed(mapping, [("user", "{a}"), ("assistant", "{b}"), ("user", "{c}"), ("assistant", "{d}")])

    assert [turn.template for turn in mapping.turns] == ["s", "{a}", "{b}", "{c}", "{d}"]


def test_defaults_are_typed_in_one_line() -> None:
    mapping = changed(RowMapping(), defaults_of("答案=不知道； b = x "))

    assert mapping.defaults == (("答案", "不知道"), ("b", "x"))
    assert defaults_text(mapping) == "答案=不知道; b=x"
    with pytest.raises(MappingError):
        defaults_of("no sign")
