"""Remembers which ends of models each provider has announced, so that they are told without asking it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from fttui.domain.jobs.announced import Announced, announced_document, read_announced
from fttui.domain.profiles.profile import Profile
from fttui.domain.remote import RemoteModel
from fttui.services.profiles.by_profile import ByProfile


class Announcements:
    """The ends in the last list of each profile's provider.

    Args:
        path: where they are kept.
    """

    def __init__(self, path: Path) -> None:
        self._known = ByProfile(path, "announced", read_announced, announced_document)

    def of(self, profile: Profile) -> Announced | None:
        """What the provider of a profile said at its present address, when it was last heard."""
        return self._known.of(profile)

    async def learn(self, profile: Profile, models: Sequence[RemoteModel], day: date) -> None:
        """Remember what a list says in place of what the one before said; a list without ends leaves no trace.

        Args:
            profile: whose provider listed them.
            models: all of them.
            day: when it did.
        """
        said, before = Announced.in_list(profile.base_url, day, models), self._known.of(profile)
        if said != before and (said.ends or (before is not None and before.ends)):
            await asyncio.to_thread(self._known.keep, profile.name, said)
