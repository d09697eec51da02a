"""What holds for every file: a second time changes nothing, the result is clean of what was fixed, the input stays."""

from __future__ import annotations

import asyncio
import hashlib
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from chat_rows import conversations, lines, mutated_conversations, twin_keys
from fttui.domain.dataset.finding import Severity
from fttui.domain.dataset.preparation.catalogue import FIX_BY_CODE, FIXES, RECOMMENDED, REPAIRS
from fttui.domain.dataset.preparation.fix import Recipe
from fttui.domain.dataset.preparation.sampling import Split, SplitBy
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.rules.messages import KEYS_BY_ROLE
from fttui.domain.errors import UsageError
from fttui.services.dataset.preparing.order import Order, Outcome
from fttui.services.dataset.preparing.survey import survey
from fttui.services.dataset.preparing.writing import prepare
from fttui.services.dataset.validation import validate

QUIET = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
NOT_ABOUT_ROWS = {"too-few-examples", "few-examples", "equal-prompts", "equal-completions"}

TEXTS = st.sampled_from(
    ["yes", "No", "MAYBE SO", "a b c", "a b c.", " 你好", "", "x" * 6000, "the same start: ", "->", "END"]
)
PAIRS = st.fixed_dictionaries(
    {"prompt": st.builds(str.__add__, TEXTS, TEXTS), "completion": st.builds(str.__add__, TEXTS, TEXTS)}
)
COMPLETION_ROWS = st.one_of(
    PAIRS,
    PAIRS.map(lambda pair: {"Prompt": pair["prompt"], "Completion": pair["completion"], "id": 1}),
    PAIRS.map(lambda pair: {"prompt": "Tell me now: " + pair["prompt"], "completion": "Answer: " + pair["completion"]}),
    PAIRS.map(lambda pair: {"prompt": pair["prompt"]}),
    PAIRS.map(lambda pair: {**pair, "completion": 7}),
)
CHAT_LINES = lines(conversations() | mutated_conversations())
STRAY_LINES = st.one_of(
    st.binary(max_size=60).map(lambda raw: raw.replace(b"\n", b"")),
    st.builds(twin_keys, lines(conversations()), st.integers(0, 6)),
    st.sampled_from([b"", b"[]", b"{", b'{"prompt": "a", "completion": "b"}', b'{"messages": [{"role": "user"}]}']),
)
CODES = st.frozensets(st.sampled_from([fix.code for fix in FIXES]))


def file_of(folder: Path, rows: list[bytes]) -> Path:
    """Write rows, one that is JSON first, so that the whole is not taken for another kind of file."""
    path = folder / "rows.jsonl"
    path.write_bytes(b"\n".join([b"{}", *rows]))
    return path


def jsonl(rows: list[dict[str, object]]) -> list[bytes]:
    return [json.dumps(row).encode() for row in rows]


def comes_to(order: Order) -> Outcome | None:
    """The outcome, or None where no row is left or there was none."""
    plan = survey(order)
    return prepare(order) if plan.kept else None


def changes_nothing(order: Order) -> bool:
    outcome = comes_to(order)
    if outcome is None or outcome.training is None:
        return True
    again = survey(Order(outcome.training, order.recipe, order.model, data_format=order.data_format))
    moved = [(entry.fix.code, entry.count) for entry in again.found if entry.accepted]
    assert moved == [], (outcome.training.read_bytes(), moved)
    return not again.changes


@QUIET
@given(st.lists(CHAT_LINES | STRAY_LINES, min_size=1, max_size=8), CODES)
def test_a_second_time_changes_nothing_in_conversations(rows: list[bytes], accepted: frozenset[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = file_of(Path(folder), [b'{"messages": [{"role": "user", "content": "a"}]}', *rows, rows[0]])
        recipe = Recipe(accepted, "Be brief.", token_limit=24, label_ratio=1.5)

        assert changes_nothing(Order(path, recipe, data_format=DataFormat.CHAT))


@QUIET
@given(st.lists(COMPLETION_ROWS, min_size=1, max_size=8), CODES | st.just(REPAIRS))
@example([{"prompt": "a", "completion": "yes"}, {"prompt": "b", "completion": "No"}], RECOMMENDED)
def test_a_second_time_changes_nothing_in_prompts_and_completions(
    rows: list[dict[str, object]], accepted: frozenset[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = file_of(Path(folder), jsonl(rows))

        assert changes_nothing(Order(path, Recipe(accepted), data_format=DataFormat.COMPLETION))


@QUIET
@given(st.lists(CHAT_LINES | STRAY_LINES, min_size=1, max_size=8))
def test_no_error_is_left_after_all_repairs_of_conversations(rows: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        outcome = comes_to(Order(file_of(Path(folder), rows), Recipe(REPAIRS), data_format=DataFormat.CHAT))
        if outcome is not None and outcome.training is not None:
            assert errors_in(outcome.training, DataFormat.CHAT) == set()


@QUIET
@given(st.lists(COMPLETION_ROWS, min_size=1, max_size=8))
def test_no_error_is_left_after_all_repairs_of_prompts_and_completions(rows: list[dict[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        outcome = comes_to(
            Order(file_of(Path(folder), jsonl(rows)), Recipe(REPAIRS), data_format=DataFormat.COMPLETION)
        )
        if outcome is not None and outcome.training is not None:
            assert errors_in(outcome.training, DataFormat.COMPLETION) == set()


def errors_in(path: Path, data_format: DataFormat) -> set[str]:
    report = asyncio.run(validate(path, data_format=data_format, workers=0))
    return {group.code for group in report.findings if group.severity is Severity.ERROR} - NOT_ABOUT_ROWS


def has_a_message_of_another_shape(row: bytes) -> bool:
    """Whether a message has no known key at all: nothing would be left of it, so it stays."""
    try:
        value = json.loads(row)
    except ValueError:
        return False
    messages = value.get("messages") if isinstance(value, dict) else None
    known = frozenset[str]().union(*KEYS_BY_ROLE.values())
    return isinstance(messages, list) and any(isinstance(one, dict) and known.isdisjoint(one) for one in messages)


@settings(QUIET, max_examples=15)
@pytest.mark.parametrize("code", [fix.code for fix in FIXES if fix.cures])
@given(data=st.data())
def test_what_a_fix_cures_is_gone_after_it(code: str, data: st.DataObject) -> None:
    fix = FIX_BY_CODE[code]
    kind = DataFormat.COMPLETION if fix.formats == {DataFormat.COMPLETION} else DataFormat.CHAT
    drawn = COMPLETION_ROWS.map(lambda row: json.dumps(row).encode()) if kind is DataFormat.COMPLETION else CHAT_LINES
    rows = data.draw(st.lists(drawn | STRAY_LINES, min_size=1, max_size=6))
    assume(code != "remove-unknown-keys" or not any(map(has_a_message_of_another_shape, rows)))
    with tempfile.TemporaryDirectory() as folder:
        path = file_of(Path(folder), [*rows, rows[0]])
        recipe = Recipe(frozenset({code, "drop-unreadable", "mend-json"}), "Be brief.", token_limit=30)
        outcome = comes_to(Order(path, recipe, data_format=kind))
        if outcome is None or outcome.training is None:
            return
        report = asyncio.run(validate(outcome.training, data_format=kind, workers=0))
        assert {group.code for group in report.findings} & set(fix.cures) == set()


@QUIET
@given(st.lists(CHAT_LINES | STRAY_LINES, min_size=2, max_size=10), st.sampled_from(SplitBy), st.integers(0, 3))
def test_every_line_is_accounted_for_and_the_input_stays(rows: list[bytes], by: SplitBy, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = file_of(Path(folder), rows)
        before = hashlib.sha256(path.read_bytes()).hexdigest()
        order = Order(path, Recipe(REPAIRS, seed=seed), split=Split(0.3, by, seed), data_format=DataFormat.CHAT)
        refused = ""
        try:
            outcome = comes_to(order)
        except UsageError as error:
            outcome, refused = None, error.message

        # A row alone, or rows that all belong together, cannot be split.
        assert not refused or "validation file" in refused

        assert hashlib.sha256(path.read_bytes()).hexdigest() == before
        if outcome is None or outcome.manifest is None:
            assert list(path.parent.iterdir()) == [path]
            return
        manifest = json.loads(outcome.manifest.read_text())
        kept = [line for output in manifest["outputs"] for line in numbers(output["input_lines"])]
        gone = [line for done in manifest["done"] if done["effect"] == "drop" for line in numbers(done["lines"])]
        assert sorted(kept + gone) == list(range(1, manifest["input"]["lines"] + 1))
        assert manifest["input"]["sha256"] == before
        for output in manifest["outputs"]:
            written = (path.parent / output["file"]).read_bytes()
            assert hashlib.sha256(written).hexdigest() == output["sha256"]
            assert written.count(b"\n") == output["rows"] == len(list(numbers(output["input_lines"])))


def numbers(ranges: str) -> list[int]:
    """The lines that a manifest names."""
    found: list[int] = []
    for run in filter(None, ranges.split(",")):
        first, _, last = run.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def test_a_row_without_a_completion_hides_no_shared_beginning(tmp_path: Path) -> None:
    ends = ("yes", "No", "")
    rows = jsonl([{"prompt": "ask", "completion": f"MAYBE SO{end}" if end else ""} for end in ends])
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"\n".join(rows))

    outcome = comes_to(Order(path, Recipe(frozenset({"strip-completion-prefix"})), data_format=DataFormat.COMPLETION))

    assert outcome is not None
    assert outcome.training is not None
    written = [json.loads(line)["completion"] for line in outcome.training.read_text().splitlines()]
    assert written == ["yes", "No", ""]
