"""Remembers what each server was found to answer, so that places open with what it can do."""

from __future__ import annotations

import asyncio
from pathlib import Path

from fttui.domain.profiles.probed import Probed, probed_document, read_probed
from fttui.domain.profiles.profile import Endpoint, Profile
from fttui.services.profiles.by_profile import ByProfile


class Probes:
    """The last probe of each profile, kept in a file; a file that cannot be read means that nothing is known.

    Args:
        path: where they are kept.
    """

    def __init__(self, path: Path) -> None:
        self._known = ByProfile(path, "probes", read_probed, probed_document)

    def of(self, profile: Profile) -> Probed | None:
        """The last probe of a profile at its present address."""
        return self._known.of(profile)

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
            await asyncio.to_thread(self.remember, endpoint.profile.name, found)
        return found

    def remember(self, name: str, found: Probed) -> None:
        """Keep what was found at a profile's server."""
        self._known.keep(name, found)
