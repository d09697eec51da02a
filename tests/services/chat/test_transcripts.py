from __future__ import annotations

import stat
from pathlib import Path

import pytest

from fttui.domain.chat.conversation import Conversation, Delta, Ending
from fttui.domain.errors import UnreadableFileError, UsageError
from fttui.services.chat.transcripts import Transcripts

TALK = Conversation("ft:base:org:name:1").ask("Why?").receive(Delta("Because.")).finish(Ending.STOP, 1.0, 0.5)


def test_a_conversation_is_found_and_read_again(tmp_path: Path) -> None:
    transcripts = Transcripts(tmp_path / "transcripts")

    saved = transcripts.save(TALK, "openai")

    assert transcripts.load(saved).conversation == TALK
    assert [(entry.id, entry.title, entry.profile, entry.turns) for entry in transcripts.list()] == [
        (saved, "Why?", "openai", 2)
    ]
    path = tmp_path / "transcripts" / f"{saved}.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_saving_again_replaces_the_same_conversation(tmp_path: Path) -> None:
    transcripts = Transcripts(tmp_path)
    saved = transcripts.save(TALK, "openai")
    began = transcripts.load(saved).created_at

    assert transcripts.save(TALK.ask("And?"), "openai", saved) == saved

    again = transcripts.load(saved)
    assert (len(again.conversation.turns), again.created_at) == (4, began)
    assert len(transcripts.list()) == 1


def test_the_conversation_used_last_comes_first(tmp_path: Path) -> None:
    transcripts = Transcripts(tmp_path)
    older = transcripts.save(TALK, "openai")
    newer = transcripts.save(TALK, "openai")
    assert [entry.id for entry in transcripts.list()] == [newer, older]

    transcripts.save(TALK, "openai", older)
    assert [entry.id for entry in transcripts.list()] == [older, newer]


def test_files_that_are_no_transcripts_are_left_out_of_the_list_and_refused_by_name(tmp_path: Path) -> None:
    transcripts = Transcripts(tmp_path)
    good = transcripts.save(TALK, "openai")
    (tmp_path / "chat-20260101-000000-abcdef.json").write_text("{", "utf-8")
    (tmp_path / "notes.json").write_text("{}", "utf-8")

    assert [entry.id for entry in transcripts.list()] == [good]
    with pytest.raises(UnreadableFileError, match=r"chat-20260101-000000-abcdef\.json is not a transcript"):
        transcripts.load("chat-20260101-000000-abcdef")


@pytest.mark.parametrize("name", ["../../etc/passwd", "chat-x", "", "/etc/passwd", "chat-20260101-000000-abcdef\n"])
def test_an_id_never_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableFileError, match="is not the id"):
        Transcripts(tmp_path).load(name)


def test_a_deleted_conversation_is_gone_and_may_be_deleted_again(tmp_path: Path) -> None:
    transcripts = Transcripts(tmp_path)
    saved = transcripts.save(TALK, "openai")

    transcripts.delete(saved)
    transcripts.delete(saved)

    assert transcripts.list() == []


def test_a_folder_that_cannot_be_written_is_told_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "transcripts").touch()

    with pytest.raises(UsageError, match="cannot be saved"):
        Transcripts(tmp_path / "transcripts").save(TALK, "openai")
