"""Prompts and completions come out as from the former preparation tool, wherever that tool knows what it wants.

Run on its own output, the former tool often goes on changing it: a shared start that is gone lets a column look like
capitals, an ending in capitals does the same, two rows become alike. There we go on until nothing changes, so only
where the former tool is at rest after one go must both come to the same. The other differences, each with a test:

- a completion that is emptied by taking the shared start away is dropped (the tool keeps it, as an empty row);
- a shared start that overlaps a shared ending is not taken away (the tool takes both, and asks for an ending again);
- capitals of an ending such as `` END`` do not count as capitals of the text;
- all prompts or all completions the same: told as an error in the notes (the tool ends).
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from fttui.domain.dataset.finding import Severity
from fttui.domain.dataset.preparation.catalogue import RECOMMENDED
from fttui.domain.dataset.preparation.fix import Recipe
from fttui.services.dataset.preparing.order import Order
from fttui.services.dataset.preparing.survey import survey
from fttui.services.dataset.preparing.writing import prepare
from oracles.preparation_tool import Pair, Refused, common_end, common_start, prepared

WORDS = st.sampled_from(["alpha", "Beta", "GAMMA", "delta.", "你好", "x ->", "7", "the end", "END", "a\nb", "***"])
TEXTS = st.lists(WORDS, min_size=0, max_size=4).map(" ".join)
STARTS = st.sampled_from(["", "", "Translate: ", "Classify this text now: ", " Label: "])
TAILS = st.sampled_from(["", "", "\n\n###\n\n", " ->", ".", " END"])


@st.composite
def pair_lists(draw: st.DrawFn) -> list[Pair]:
    """Pairs whose columns may have starts and ends in common."""
    start, tail, begin, end = draw(STARTS), draw(TAILS), draw(STARTS), draw(TAILS)
    rows = draw(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=9))
    empty_prompts = draw(st.sampled_from([False, False, False, True]))
    return [("" if empty_prompts else f"{start}{prompt}{tail}", f"{begin}{said}{end}") for prompt, said in rows]


def overlaps(texts: list[str]) -> bool:
    """Whether a shared start and a shared ending meet in the shortest text."""
    start, end = common_start(texts), common_end(texts)
    return bool(start and end) and min(map(len, texts)) < len(start) + len(end)


def ours(folder: Path, pairs: list[Pair]) -> list[Pair]:
    path = folder / "pairs.jsonl"
    path.write_text("\n".join(json.dumps({"prompt": prompt, "completion": said}) for prompt, said in pairs))
    for old in folder.glob("*prepared*"):
        old.unlink()
    outcome = prepare(Order(path, Recipe(RECOMMENDED - {"redact-secrets"})))
    written = outcome.training or path
    rows = [json.loads(line) for line in written.read_text().split("\n") if line]
    return [(row["prompt"], row["completion"]) for row in rows]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much])
@given(pairs=pair_lists())
def test_where_the_former_tool_is_at_rest_both_come_to_the_same(tmp_path: Path, pairs: list[Pair]) -> None:
    try:
        theirs = prepared(pairs)
        assume(theirs and prepared(theirs) == theirs)
    except Refused:
        assume(False)
    # The differences that are listed above.
    assume(not any(said.endswith(" END") for _, said in pairs))
    said = [said.lower() for _, said in pairs if said]
    assume(common_start(said) not in said and not overlaps([prompt.lower() for prompt, _ in pairs]))
    assume(not overlaps(said))

    assert ours(tmp_path, pairs) == theirs


def test_the_usual_classification_set(tmp_path: Path) -> None:
    pairs = [(f"Classify the text: film number {at}", f"Label: {'good' if at % 2 else 'bad'}") for at in range(12)]

    assert ours(tmp_path, pairs) == prepared(pairs)
    assert ours(tmp_path, pairs)[0] == ("0 ->", " bad")


def test_the_usual_question_and_answer_set(tmp_path: Path) -> None:
    questions = ["who", "where is it", "when"]
    pairs = [(f"Question: {question}", f"It is {at}, said he {'!' * at}") for at, question in enumerate(questions)]

    assert ours(tmp_path, pairs) == prepared(pairs)


def test_a_completion_that_is_nothing_but_the_shared_start_is_dropped(tmp_path: Path) -> None:
    pairs = [("a", "Answer"), ("b", "Answer one"), ("c", "Answer two"), ("d", "Answer three!")]

    assert [prompt for prompt, _ in ours(tmp_path, pairs)] == ["b ->", "c ->", "d ->"]
    assert [prompt for prompt, _ in prepared(pairs)] == ["a ->", "b ->", "c ->", "d ->"]


def test_a_shared_start_that_overlaps_the_shared_ending_stays(tmp_path: Path) -> None:
    pairs = [("abcabcabcabcabc", "one"), ("abcabcabcabcabcX abc", "two x"), ("abcabcabcabcabcY abc", "three y")]

    assert all(prompt.endswith("abc") for prompt, _ in ours(tmp_path, pairs))


def test_an_ending_in_capitals_does_not_make_a_column_look_like_capitals(tmp_path: Path) -> None:
    pairs = [("one a", "a.\nb END"), ("two b", "c.\nd END"), ("three c", "e.\nf END")]

    assert all(said.endswith(" END") for _, said in ours(tmp_path, pairs))


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ([("same", f"answer {at}") for at in range(5)], "All prompts are the same"),
        ([(f"prompt {at} {'!' * at}", "same") for at in range(2)], "All completions are the same"),
    ],
)
def test_columns_that_say_nothing_are_told_as_errors(tmp_path: Path, pairs: list[Pair], words: str) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text("\n".join(json.dumps({"prompt": prompt, "completion": said}) for prompt, said in pairs))

    with pytest.raises(Refused):
        prepared(pairs)
    notes = [note.text for note in survey(Order(path)).notes if note.severity is Severity.ERROR]
    assert any(note.startswith(words) for note in notes)
