"""Reading a file of chat examples."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from engine_jobs import as_jsonl, chat_row, colour_rows
from fttui.engine.worker.training_file import BadFileError, ExampleFile

CALL = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}


def never() -> None:
    """Do not leave."""


def read(path: Path, content: bytes, param: str = "validation_file") -> int:
    """Check a file with this content."""
    path.write_bytes(content)
    return ExampleFile(path, param).validate(never)


def test_marks_blank_lines_and_a_missing_last_line_break_do_no_harm(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + as_jsonl(colour_rows(9)) + b"\r\n  \n" + as_jsonl(colour_rows(1)).rstrip()
    assert read(tmp_path / "train", content, "training_file") == 10


@pytest.mark.parametrize(
    "messages",
    [
        [
            {"role": "system", "content": "s"},
            {"role": "user", "content": [{"type": "text", "text": "u"}]},
            {"role": "assistant", "content": None, "tool_calls": [CALL], "weight": 0},
            {"role": "tool", "tool_call_id": "c", "content": "t"},
            {"role": "assistant", "content": "a", "weight": 1},
        ],
        [{"role": "developer", "content": "d"}, {"role": "assistant", "refusal": "no"}],
        [{"role": "assistant", "function_call": {"name": "f", "arguments": ""}}],
    ],
    ids=["tools", "refusal", "old call"],
)
def test_what_the_protocol_allows_is_good(tmp_path: Path, messages: Sequence[Mapping[str, object]]) -> None:
    row = {"messages": messages, "tools": [{"type": "function"}], "parallel_tool_calls": True}
    assert read(tmp_path / "train", as_jsonl([row])) == 1


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"messages": []}, "at least one message"),
        ({"messages": [{"role": "user", "content": "u"}]}, "at least one message with the role 'assistant'"),
        ({"messages": [{"role": "boss", "content": "u"}]}, 'the unknown value "boss"'),
        ({"messages": ["hello"]}, "message 0 is not a JSON object"),
        ({"messages": [{"role": "assistant"}]}, "message 0 is missing 'content'"),
        ({"messages": [{"role": "assistant", "content": 3}]}, "neither a string nor a list of parts"),
        ({"messages": [{"role": "assistant", "content": "a", "weight": 2}]}, "'weight' that is not 0 or 1"),
        ({"messages": [{"role": "user", "content": "a", "weight": 1}]}, "'weight' that is not 0 or 1"),
        ({"messages": [{"role": "assistant", "content": "a", "mood": 1}]}, 'contains an extra "mood"'),
        ({**chat_row("a", "b"), "tools": {}}, "'tools' must be a list"),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url"}]}, {"role": "assistant", "content": ""}]},
            "a part other than text",
        ),
        ({"input": {}, "preferred_output": [], "non_preferred_output": []}, "not using 'dpo'"),
    ],
)
def test_what_it_does_not_allow_is_told_with_its_place(tmp_path: Path, row: Mapping[str, object], words: str) -> None:
    with pytest.raises(BadFileError) as caught:
        read(tmp_path / "train", as_jsonl([chat_row("a", "b"), row]))
    assert words in caught.value.message
    assert caught.value.message.startswith("The job failed due to an invalid validation file. Invalid file format.")
    assert caught.value.param == "validation_file"


@pytest.mark.parametrize("line", [b"\xff\n", b"[1]\n", b"[" * 100_000 + b"\n", b'{"messages": NaN\n'])
def test_a_line_that_is_no_json_object_is_told_with_its_number(tmp_path: Path, line: bytes) -> None:
    with pytest.raises(BadFileError, match=r"\(line 2\)") as caught:
        read(tmp_path / "train", as_jsonl([chat_row("a", "b")]) + line)
    assert caught.value.code == "invalid_file_format"


def test_reading_can_be_left_between_lines(tmp_path: Path) -> None:
    path = tmp_path / "train"
    path.write_bytes(as_jsonl(colour_rows(5)))
    seen: list[int] = []

    def leave() -> None:
        seen.append(len(seen))
        if len(seen) == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        ExampleFile(path, "training_file").validate(leave)
    assert seen == [0, 1, 2]
    assert json.loads(path.read_bytes().splitlines()[0])
