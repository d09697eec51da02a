"""Conversations on disk, one private JSON file each."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Sequence
from pathlib import Path

from fttui.domain.chat.conversation import Conversation
from fttui.domain.chat.transcript import Transcript, TranscriptEntry, decode, encode
from fttui.domain.errors import UnreadableFileError, UsageError
from fttui.domain.text import safe_line
from fttui.services.atomic import write_json

_ID = re.compile(r"chat-[0-9]{8}-[0-9]{6}-[0-9a-f]{6}")
_SIZE_LIMIT = 64 << 20
"""Bytes."""


class Transcripts:
    """Saves and finds conversations. All calls are short and synchronous.

    Args:
        folder: where the files lie; it is made when first needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, conversation: Conversation, profile: str, saved_as: str | None = None) -> str:
        """Keep a conversation, over the one saved before where an id is given; return its id.

        Raises:
            UsageError: the file cannot be written.
        """
        now = time.time()
        created_at = now
        if saved_as is None:
            stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(now))
            saved_as = f"chat-{stamp}-{secrets.token_hex(3)}"
        elif self._path(saved_as).exists():
            created_at = self.load(saved_as).created_at
        transcript = Transcript(saved_as, profile, conversation, created_at, now)
        try:
            write_json(self._path(saved_as), encode(transcript))
        except OSError as error:
            raise UsageError(f"The conversation cannot be saved: {error.strerror}") from error
        return saved_as

    def load(self, saved_as: str) -> Transcript:
        """Read one conversation.

        Raises:
            UnreadableFileError: it is not there, or is not a transcript.
        """
        path = self._path(saved_as)
        try:
            if path.stat().st_size > _SIZE_LIMIT:
                raise UnreadableFileError(f"{path.name} is too large for a transcript")
            return decode(json.loads(path.read_bytes()))
        except OSError as error:
            raise UnreadableFileError(f"{path.name}: {error.strerror}") from error
        except (ValueError, RecursionError) as error:
            raise UnreadableFileError(f"{path.name} is not a transcript: {safe_line(str(error), 120)}") from None

    def list(self) -> Sequence[TranscriptEntry]:
        """All conversations, the one used last first; files that cannot be read are left out."""
        entries = [entry for path in self._files() if (entry := self._entry(path)) is not None]
        return sorted(entries, key=lambda entry: entry.updated_at, reverse=True)

    def delete(self, saved_as: str) -> None:
        """Remove one conversation for good; one that is gone is no failure.

        Raises:
            UsageError: the file cannot be removed.
        """
        try:
            self._path(saved_as).unlink(missing_ok=True)
        except OSError as error:
            raise UsageError(f"The conversation cannot be deleted: {error.strerror}") from error

    def _entry(self, path: Path) -> TranscriptEntry | None:
        try:
            found = self.load(path.stem)
        except UnreadableFileError:
            return None
        conversation = found.conversation
        return TranscriptEntry(
            path.stem, found.title, conversation.model, found.profile, len(conversation.turns), found.updated_at
        )

    def _files(self) -> Sequence[Path]:
        return [path for path in self._folder.glob("chat-*.json") if _ID.fullmatch(path.stem)]

    def _path(self, saved_as: str) -> Path:
        if not _ID.fullmatch(saved_as):
            raise UnreadableFileError(f"{safe_line(saved_as, 60)} is not the id of a conversation")
        return self._folder / f"{saved_as}.json"
