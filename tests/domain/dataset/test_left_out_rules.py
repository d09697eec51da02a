"""A rule that is left out of a row for what does not occur in it would have had nothing to say."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.row import row_of
from fttui.domain.dataset.rules.row_rules import ROW_RULES

ROLES = ("system", "user", "assistant", "tool", "function", "robot", "", None, 7)
CALL = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
ODD: st.SearchStrategy[Any] = st.sampled_from(
    (None, "", " ", "text", 0, 1, 0.5, True, [], {}, [CALL, CALL], [{}], ["a"], {"name": "f"})
)
IMAGES = [{"type": "image_url", "image_url": {"url": "ftp://a"}}] * 11
CONTENT = ODD | st.sampled_from(([{"type": "text", "text": "a"}], IMAGES, [{"type": "sound"}, 7]))
KEYS = ("name", "weight", "refusal", "tool_calls", "function_call", "tool_call_id", "colour")
MESSAGES = st.dictionaries(st.sampled_from(KEYS), ODD, max_size=3).flatmap(
    lambda more: st.builds(
        lambda role, content: {"role": role, "content": content, **more}, st.sampled_from(ROLES), CONTENT
    )
)
TOP_KEYS = ("tools", "functions", "parallel_tool_calls", "weight", "reference")
TALKS = st.lists(MESSAGES | ODD, max_size=4)
PLACES = {
    DataFormat.CHAT: "messages",
    DataFormat.REINFORCEMENT: "messages",
    DataFormat.PREFERENCE: "preferred_output",
    DataFormat.COMPLETION: "prompt",
}


@settings(max_examples=300)
@given(
    kind=st.sampled_from(DataFormat),
    talk=TALKS,
    inner=st.fixed_dictionaries({"messages": TALKS}, optional=dict.fromkeys(TOP_KEYS, ODD)) | ODD,
    more=st.dictionaries(st.sampled_from(TOP_KEYS), ODD, max_size=3),
)
def test_rules_that_are_left_out_have_nothing_to_say(
    kind: DataFormat, talk: list[Any], inner: object, more: dict[str, Any]
) -> None:
    row = row_of({PLACES[kind]: talk, "input": inner, **more}, kind)
    marks = row.marks
    left_out = [rule for rule in ROW_RULES if kind in rule.formats and rule.about and rule.about.isdisjoint(marks)]

    assert {rule.code for rule in left_out if rule.check is not None and [*rule.check(row)]} == set()


def test_a_plain_talk_leaves_out_most_rules_and_one_with_all_there_is_none() -> None:
    plain = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]
    full = [{"role": "tool", "content": [], "name": "f", "weight": 1, "refusal": "no"}]
    about = [rule.about for rule in ROW_RULES if DataFormat.CHAT in rule.formats and rule.about]

    assert len(about) > 15
    assert all(marks.isdisjoint(row_of({"messages": plain}, DataFormat.CHAT).marks) for marks in about)
    assert not any(marks.isdisjoint(row_of({"messages": full}, DataFormat.CHAT).marks) for marks in about)
