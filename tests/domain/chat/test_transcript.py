from __future__ import annotations

import json

import pytest

from fttui.domain.chat.conversation import Conversation, Delta, Ending, Speaker, Turn, Usage
from fttui.domain.chat.transcript import NotATranscriptError, Transcript, decode, encode, title_of

TALK = (
    Conversation("ft:base:org:name:1", "Be brief.")
    .ask("What is this?\nTell me.")
    .receive(Delta("A test", usage=Usage(12, 3)))
    .finish(Ending.STOP, 2.5, 0.5)
    .ask("And\x1b[31m now?")
)


def test_a_transcript_comes_back_as_it_was_written() -> None:
    transcript = Transcript("chat-1", "openai", TALK, 10.0, 20.5)

    assert decode(json.loads(json.dumps(encode(transcript)))) == transcript


def test_the_title_is_the_first_question_in_one_short_line() -> None:
    assert title_of(TALK) == "What is this? Tell me."
    assert title_of(Conversation("m")) == ""
    assert len(title_of(Conversation("m").ask("long " * 100))) == 60


@pytest.mark.parametrize(
    ("value", "place"),
    [
        pytest.param([], "the file", id="a list"),
        pytest.param({"version": 2}, "version", id="another version"),
        pytest.param({"version": 1, "turns": 3}, "turns", id="no turns"),
        pytest.param({"version": 1, "turns": [], "model": 3}, "model", id="a model that is no text"),
        pytest.param(
            {"version": 1, "model": "m", "system": "", "turns": [{"speaker": "robot", "text": ""}]},
            r"turns\[0\]",
            id="an unknown speaker",
        ),
        pytest.param(
            {"version": 1, "model": "m", "system": "", "turns": [{"speaker": "user", "text": "", "seconds": "x"}]},
            r"turns\[0\].*seconds",
            id="a time that is no number",
        ),
    ],
)
def test_what_is_no_transcript_is_refused_with_the_place(value: object, place: str) -> None:
    with pytest.raises(NotATranscriptError, match=place):
        decode(value)


def test_a_turn_without_an_answer_yet_is_kept() -> None:
    assert TALK.turns[-1] == Turn(Speaker.ASSISTANT, "")
