"""Gets the files of a launch to the provider: each content once, unchanged, and ready to be trained on."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from fttui.domain.errors import NotFoundError, RefusedLaunchError
from fttui.domain.text import safe_line
from fttui.services.jobs.fingerprint import sha256_of
from fttui.services.jobs.journal import Journal
from fttui.services.jobs.launch_plan import LaunchPlan, LaunchProgress, Stage, TellProgress
from fttui.services.ports import Clock, ProviderApi

PROCESSING_LIMIT = 1800.0
_READY = frozenset({"processed", "uploaded", ""})


def shown_name(source: Path | str | None) -> str:
    """What to call a source in one line."""
    return safe_line(source.name if isinstance(source, Path) else source or "", 60)


@dataclass(frozen=True, slots=True)
class FileDelivery:
    """Gets the files of one launch to the provider."""

    provider: ProviderApi
    journal: Journal
    profile: str
    plan: LaunchPlan
    progress: TellProgress
    clock: Clock

    async def prepare(self, source: Path | str) -> str:
        """The id of a file at the provider, sent there if it is not yet."""
        if isinstance(source, str):
            return source
        name = shown_name(source)
        self.progress(LaunchProgress(Stage.HASHING, name))
        digest = await sha256_of(source)
        expected = self.plan.hashes.get(source)
        if expected is not None and expected != digest:
            raise RefusedLaunchError(
                f"{name} has changed since it was checked", hint="Check it again; nothing was sent."
            )
        known = await self._sent_before(digest)
        if known is not None:
            await self._remember(digest, known, source)
            return known
        sent = await self.provider.upload(
            source,
            stored_name=f"fttui-{digest[:16]}.jsonl",
            progress=lambda done, total: self.progress(LaunchProgress(Stage.UPLOADING, name, done, total)),
        )
        if await sha256_of(source) != digest:
            raise RefusedLaunchError(
                f"{name} changed while it was sent, as the file {sent.id}",
                hint="Delete that file at the provider, then check and launch again.",
            )
        await self._remember(digest, sent.id, source)
        return sent.id

    async def _remember(self, digest: str, file_id: str, source: Path) -> None:
        await asyncio.to_thread(
            self.journal.remember_upload, self.profile, digest, file_id, at=self.clock.now(), path=source
        )

    async def _sent_before(self, digest: str) -> str | None:
        """The id of the same content at the provider, if it was sent before and is still there."""
        known = await asyncio.to_thread(self.journal.uploaded, self.profile, digest)
        if known is None:
            return None
        try:
            file = await self.provider.retrieve_file(known)
        except NotFoundError:
            return None
        return None if file.status in ("error", "deleted") else file.id

    async def wait_until_processed(self, file_id: str, name: str) -> None:
        """Wait until the provider has looked at a file.

        Raises:
            RefusedLaunchError: the provider cannot use it, or takes longer than half an hour.
        """
        give_up_at = self.clock.now() + PROCESSING_LIMIT
        wait = 1.0
        while True:
            file = await self.provider.retrieve_file(file_id)
            if file.status == "error":
                raise RefusedLaunchError(f"The provider cannot use {name or file_id}")
            if file.status in _READY:
                return
            if self.clock.now() > give_up_at:
                raise RefusedLaunchError(
                    f"The provider has not processed {name or file_id} within half an hour",
                    hint="No job was asked for. Launch again later with the file that is there.",
                )
            self.progress(LaunchProgress(Stage.PROCESSING, name or file_id))
            await self.clock.sleep(wait)
            wait = min(wait * 1.5, 10.0)
