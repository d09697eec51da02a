"""What a chat begins with when nobody chose: the conversation held last, else the model trained last."""

from __future__ import annotations

from fttui.domain.chat.transcript import Transcript
from fttui.domain.errors import UnreadableFileError
from fttui.services.chat.transcripts import Transcripts
from fttui.services.jobs.journal import Journal
from fttui.services.recents import Recents


def last_conversation(transcripts: Transcripts, recents: Recents) -> Transcript | None:
    """The conversation held last, where it can still be read."""
    if recents.last_chat is None:
        return None
    try:
        return transcripts.load(recents.last_chat)
    except UnreadableFileError:
        # It went; nobody asked for it.
        return None


def last_model(journal: Journal, recents: Recents, profile: str) -> str:
    """The tuned model of the job looked at last with a profile; empty where there is none.

    Raises:
        JournalError: the journal cannot be read.
    """
    if recents.last_job is None or recents.last_job[0] != profile:
        return ""
    job = journal.feed(*recents.last_job).job
    return (job.fine_tuned_model or "") if job is not None else ""


def beginning(transcripts: Transcripts, journal: Journal, recents: Recents, profile: str) -> Transcript | str:
    """The conversation held last; else the name of the model trained last, or nothing.

    Raises:
        JournalError: the journal cannot be read.
    """
    return last_conversation(transcripts, recents) or last_model(journal, recents, profile)
