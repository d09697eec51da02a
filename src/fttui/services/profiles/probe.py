"""Remembers what each server was found to answer, so that places open with what it can do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from fttui.domain.profiles.probed import Probed, probed_document, read_probed
from fttui.domain.profiles.profile import Endpoint, Profile
from fttui.services.atomic import write_json

_VERSION = 1
_SIZE_LIMIT = 1 << 20


class Probes:
    """The last probe of each profile, kept in a file; a file that cannot be read means that nothing is known.

    Args:
        path: where they are kept.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, Probed] | None = None

    def of(self, profile: Profile) -> Probed | None:
        """The last probe of a profile at its present address."""
        found = self._all().get(profile.name)
        return found if found is not None and found.address == profile.base_url else None

    async def ask(self, endpoint: Endpoint, now: float) -> Probed:
        """Probe a server now, and remember what it answered; silence and refusals are not remembered.

        Args:
            endpoint: address and key.
            now: unix seconds.

        Raises:
            SettingsError, KeyRefusedError, ProviderError: nothing can be asked at all.
        """
        from fttui.services.openai_api.probing import probe

        found = await probe(endpoint, now)
        if found.tells:
            self.remember(endpoint.profile.name, found)
        return found

    def remember(self, name: str, found: Probed) -> None:
        """Keep what was found at a profile's server."""
        known = {**self._all(), name: found}
        self._known = known
        document = {"version": _VERSION, "probes": {key: probed_document(entry) for key, entry in known.items()}}
        try:
            write_json(self._path, document)
        except OSError:
            # A disk that takes nothing costs a question at the next start, no more.
            return

    def _all(self) -> dict[str, Probed]:
        if self._known is None:
            self._known = _read(self._path)
        return self._known


def _read(path: Path) -> dict[str, Probed]:
    try:
        if path.stat().st_size > _SIZE_LIMIT:
            return {}
        document = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(document, Mapping) or document.get("version") != _VERSION:
        return {}
    entries = document.get("probes")
    read = {str(name): read_probed(entry) for name, entry in (entries if isinstance(entries, dict) else {}).items()}
    return {name: probed for name, probed in read.items() if probed is not None}
