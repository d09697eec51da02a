"""What is remembered of each profile's server, in a file that may be lost."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from fttui.domain.profiles.profile import Profile
from fttui.services.atomic import write_json

_VERSION = 1
_SIZE_LIMIT = 1 << 20


class _AtAddress(Protocol):
    @property
    def address(self) -> str: ...


T = TypeVar("T", bound=_AtAddress)


class ByProfile(Generic[T]):
    """A value for each profile, kept in a file; a file that cannot be read means that nothing is known.

    Args:
        path: where they are kept.
        what: the name they have in the file.
        read: a value from plain ones, None where they are none.
        document: a value as plain ones.
    """

    def __init__(
        self, path: Path, what: str, read: Callable[[object], T | None], document: Callable[[T], dict[str, object]]
    ) -> None:
        self._path, self._what, self._read_one, self._document = path, what, read, document
        self._known: dict[str, T] | None = None
        self._writing = threading.Lock()

    def of(self, profile: Profile) -> T | None:
        """What is known of a profile at its present address; the first question reads the file."""
        if self._known is None:
            self._known = self._read()
        found = self._known.get(profile.name)
        return found if found is not None and found.address == profile.base_url else None

    def keep(self, name: str, value: T) -> None:
        """Keep what was found at a profile's server, beside what other programs have kept. Blocks."""
        with self._writing:
            known = {**(self._known or {}), **self._read(), name: value}
            self._known = known
            document = {"version": _VERSION, self._what: {key: self._document(one) for key, one in known.items()}}
            try:
                write_json(self._path, document)
            except OSError:
                # A disk that takes nothing costs a question at the next start, no more.
                return

    def _read(self) -> dict[str, T]:
        try:
            if self._path.stat().st_size > _SIZE_LIMIT:
                return {}
            document = json.loads(self._path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        if not isinstance(document, Mapping) or document.get("version") != _VERSION:
            return {}
        entries = document.get(self._what)
        read = {str(name): self._read_one(one) for name, one in (entries if isinstance(entries, dict) else {}).items()}
        return {name: value for name, value in read.items() if value is not None}
