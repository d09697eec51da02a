"""Gets the files of a launch to the provider: each content once, unchanged, and ready to be trained on."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from fttui.domain.errors import NotFoundError, RefusedLaunchError
from fttui.domain.jobs.transfer import Cutting, TransferState
from fttui.domain.text import safe_line
from fttui.services.jobs.file_transfer import FileTransfer
from fttui.services.jobs.fingerprint import Fingerprint, fingerprint_of, sha256_of
from fttui.services.jobs.journal import Journal
from fttui.services.jobs.launch_plan import LaunchPlan, LaunchProgress, Stage, TellProgress
from fttui.services.jobs.poll_turn import PollTurn
from fttui.services.jobs.source_file import SourceFile
from fttui.services.jobs.transfer_meter import TransferMeter
from fttui.services.ports import Clock, ProviderApi

PROCESSING_LIMIT = 1800.0
_READY = frozenset({"processed", "uploaded", ""})


def shown_name(source: Path | str | None) -> str:
    """What to call a source in one line."""
    return safe_line(source.name if isinstance(source, Path) else source or "", 60)


def sending_turn(journal: Journal, profile: str, sha256: str) -> PollTurn:
    """The turn to send some content, so that of several programs one does."""
    return PollTurn(journal.path.parent / "sends", profile, sha256)


@dataclass(frozen=True, slots=True)
class FileDelivery:
    """Gets the files of one launch to the provider."""

    provider: ProviderApi
    journal: Journal
    profile: str
    plan: LaunchPlan
    progress: TellProgress
    clock: Clock
    cutting: Cutting = Cutting()  # noqa: RUF009 - a value

    async def prepare(self, source: Path | str) -> str:
        """The id of a file at the provider, sent there if it is not yet."""
        if isinstance(source, str):
            return source
        name = shown_name(source)
        self.progress(LaunchProgress(Stage.HASHING, name))
        fingerprint = await fingerprint_of(source, marked=self.plan.marked)
        expected = self.plan.hashes.get(source)
        if expected is not None and expected != fingerprint.sha256:
            raise RefusedLaunchError(
                f"{name} has changed since it was checked", hint="Check it again; nothing was sent."
            )
        turn = sending_turn(self.journal, self.profile, fingerprint.sha256)
        try:
            while not turn.take():
                self.progress(LaunchProgress(Stage.UPLOADING, name, note="Another fttui is sending this file"))
                await self.clock.sleep(1)
            file_id = await self._sent_before(fingerprint.sha256)
            if file_id is None:
                file_id = await self._send(source, fingerprint)
            await asyncio.to_thread(
                self.journal.remember_upload,
                self.profile,
                fingerprint.sha256,
                file_id,
                at=self.clock.now(),
                path=source,
            )
        finally:
            turn.give_up()
        return file_id

    async def _send(self, source: Path, fingerprint: Fingerprint) -> str:
        name = shown_name(source)
        await self._drop_older(source, fingerprint.sha256)
        with SourceFile(source, fingerprint.mark) as file:
            meter = TransferMeter(name, file.size, self.progress, self.clock)
            if file.identity != fingerprint.identity:
                raise RefusedLaunchError(f"{name} has changed just now", hint="Check it again; nothing was sent.")
            transfer = FileTransfer(
                self.provider, self.journal.transfers, self.profile, file, fingerprint, meter, self.clock, self.cutting
            )
            sent = await transfer.run()
        if await sha256_of(source) != fingerprint.sha256:
            raise RefusedLaunchError(
                f"{name} changed while it was sent, as the file {sent.id}",
                hint="Delete that file at the provider, then check and launch again.",
            )
        return sent.id

    async def _drop_older(self, source: Path, sha256: str) -> None:
        """What was begun of this path with another content is called off when loose ends are next tied up."""
        path = str(await asyncio.to_thread(source.absolute))
        record = self.journal.transfers
        for transfer in await asyncio.to_thread(record.all, self.profile):
            turn = sending_turn(self.journal, self.profile, transfer.sha256)
            if transfer.path == path and transfer.sha256 != sha256 and transfer.in_parts and turn.take():
                await asyncio.to_thread(record.mark, transfer, TransferState.CANCELLING)
                turn.give_up()

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
