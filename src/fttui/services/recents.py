"""What was open last, kept between runs. Nothing depends on it: a file that cannot be read is put aside, and where
none can be written the memory lasts as long as the run.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from fttui.services.atomic import keep_aside, write_json

VERSION = 1
FILES_KEPT = 20


@dataclass(frozen=True, slots=True)
class _Memory:
    files: tuple[str, ...] = ()
    last_job: tuple[str, str] | None = None
    last_chat: str | None = None
    bases: tuple[tuple[str, str], ...] = ()


class Recents:
    """The last files, job and conversation, and the bases in hand.

    Args:
        path: the JSON file; it is read when first asked and written at every change.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.put_aside: Path | None = None
        """Where a file that could not be read was put."""
        self._unwritten: _Memory | None = None
        self._trouble: str | None = None

    def files(self) -> tuple[Path, ...]:
        """Files opened lately, newest first; those that are gone are left out."""
        return tuple(path for path in map(Path, self._load().files) if path.exists())

    def add_file(self, path: Path) -> None:
        """Remember a file as the one opened last."""
        memory = self._load()
        name = str(path.absolute())
        others = [other for other in memory.files if other != name]
        self._save(replace(memory, files=(name, *others)[:FILES_KEPT]))

    @property
    def last_file(self) -> Path | None:
        """The file opened last."""
        return next(iter(self.files()), None)

    @property
    def last_job(self) -> tuple[str, str] | None:
        """Profile and id of the job looked at last."""
        return self._load().last_job

    @last_job.setter
    def last_job(self, job: tuple[str, str] | None) -> None:
        self._save(replace(self._load(), last_job=job))

    @property
    def last_chat(self) -> str | None:
        """Id of the transcript opened last."""
        return self._load().last_chat

    @last_chat.setter
    def last_chat(self, transcript: str | None) -> None:
        self._save(replace(self._load(), last_chat=transcript))

    def base_at(self, profile: str) -> str:
        """The base that was taken in hand last at a profile; empty for none."""
        return dict(self._load().bases).get(profile, "")

    def take_base(self, profile: str, model: str) -> None:
        """Remember the base in hand at a profile; an empty name forgets it."""
        memory = self._load()
        bases = {**dict(memory.bases), profile: model}
        self._save(replace(memory, bases=tuple((name, base) for name, base in bases.items() if base)))

    def take_trouble(self) -> str:
        """Why things are remembered for this run alone: words the first time that it is so, then nothing."""
        trouble, self._trouble = self._trouble, "" if self._trouble is not None else None
        return trouble or ""

    def _load(self) -> _Memory:
        if self._unwritten is not None:
            return self._unwritten
        try:
            decoded = json.loads(self._path.read_bytes())
            return _decode(decoded)
        except FileNotFoundError:
            return _Memory()
        except (ValueError, RecursionError):
            self.put_aside = keep_aside(self._path)
            return _Memory()
        except OSError:
            # Nothing may depend on recents: a folder that cannot be read is like an empty one.
            return _Memory()

    def _save(self, memory: _Memory) -> None:
        try:
            write_json(self._path, {"version": VERSION, **asdict(memory)})
        except OSError as error:
            self._unwritten = memory
            if self._trouble is None:
                self._trouble = error.strerror or str(error)
        else:
            self._unwritten = None


def _decode(decoded: object) -> _Memory:
    if not isinstance(decoded, dict) or decoded.get("version") != VERSION:
        raise ValueError("not a recents file of this version")
    files, job, chat = decoded.get("files"), decoded.get("last_job"), decoded.get("last_chat")
    bases = decoded.get("bases")
    return _Memory(
        files=tuple(name for name in files if isinstance(name, str)) if isinstance(files, list) else (),
        last_job=_pair(job),
        last_chat=chat if isinstance(chat, str) else None,
        bases=tuple(filter(None, map(_pair, bases))) if isinstance(bases, list) else (),
    )


def _pair(value: object) -> tuple[str, str] | None:
    if isinstance(value, list) and len(value) == 2 and all(isinstance(part, str) for part in value):
        return (value[0], value[1])
    return None
