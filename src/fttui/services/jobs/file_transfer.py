"""Sends one local file to the provider: in one request or in parts, taken up where it stopped, never made twice."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

from fttui.domain.errors import ProviderError, RefusedError, UnreachableError, UnreadableFileError
from fttui.domain.jobs.transfer import SOON_SECONDS, Cutting, Part, Transfer, TransferState
from fttui.domain.remote import RemoteFile
from fttui.services.jobs.fingerprint import Fingerprint
from fttui.services.jobs.part_sender import PartSender
from fttui.services.jobs.sent_file import look_for_sent
from fttui.services.jobs.source_file import SourceFile
from fttui.services.jobs.transfer_meter import TransferMeter
from fttui.services.jobs.transfer_record import TransferRecord
from fttui.services.ports import Clock, ProviderApi

COMPLETIONS = 3
_NO_UPLOADS = frozenset({404, 405, 501})
_GONE = re.compile(r"expire|cancelled|no such upload", re.IGNORECASE)


class _GoneError(Exception):
    """The provider no longer knows the upload; why, in words."""


class FileTransfer:
    """Sends one file.

    Args:
        provider: who receives it.
        record: where its way is written down.
        profile: whose provider it is.
        source: the file.
        fingerprint: its content, as it was read just now.
        meter: counts and tells.
        clock: time.
        cutting: how large parts are.
    """

    def __init__(
        self,
        provider: ProviderApi,
        record: TransferRecord,
        profile: str,
        source: SourceFile,
        fingerprint: Fingerprint,
        meter: TransferMeter,
        clock: Clock,
        cutting: Cutting,
    ) -> None:
        self._provider, self._record, self._profile = provider, record, profile
        self._source, self._fingerprint, self._meter = source, fingerprint, meter
        self._clock, self._cutting = clock, cutting

    async def run(self) -> RemoteFile:
        """Send it, or what is missing of it; return the file at the provider.

        Raises:
            UnreadableFileError: it changed; what had been begun is called off.
            ProviderError: any of its kinds. After a lost line the parts that arrived are kept for the next time.
            JournalError: its way cannot be written down.
        """
        earlier = await asyncio.to_thread(self._record.find, self._profile, self._fingerprint.sha256)
        if self._source.size < self._cutting.parts_from:
            return await self._at_once(earlier)
        note = ""
        for _ in range(2):
            transfer = await self._take_up(earlier, note)
            if transfer is None:
                return await self._at_once(None)
            try:
                return await self._in_parts(transfer)
            except _GoneError as error:
                earlier, note = None, f"{error} It is sent anew"
        raise UnreachableError(
            f"The provider dropped the unfinished upload of {self._source.name} twice",
            hint="The line may be too slow for a file of this size: an upload must be done within an hour.",
        )

    def _new(self, upload_id: str, expires_at: float | None, state: TransferState) -> Transfer:
        return Transfer(
            self._profile,
            self._fingerprint.sha256,
            self._fingerprint.md5,
            self._fingerprint.stored_name,
            self._source.size,
            self._clock.now(),
            str(self._source.path),
            upload_id,
            expires_at,
            state,
        )

    # In one request

    async def _at_once(self, earlier: Transfer | None) -> RemoteFile:
        if earlier is not None and not earlier.in_parts:
            found = await look_for_sent(self._provider, earlier, self._clock)
            if found is not None:
                return found
        transfer = self._new("", None, TransferState.COMPLETING)
        await asyncio.to_thread(self._record.begin, transfer)
        self._meter.start(0, None, "")
        whole = Part(0, self._source.size)
        try:
            await self._source.check_unchanged()
            return await self._provider.upload(
                self._source.piece(whole, lambda sent: self._meter.leaves(whole, sent)),
                size=transfer.size,
                stored_name=transfer.stored_name,
            )
        except ProviderError as error:
            if isinstance(error, RefusedError) and not error.may_be_done:
                await asyncio.to_thread(self._record.forget, transfer)
                raise
            found = await self._look_for(transfer, error)
            if found is None:
                raise
            return found
        except UnreadableFileError:
            await asyncio.to_thread(self._record.forget, transfer)
            raise

    async def _look_for(self, transfer: Transfer, lost: ProviderError) -> RemoteFile | None:
        self._meter.say("No answer came; looking whether the file arrived")
        try:
            return await look_for_sent(self._provider, transfer, self._clock)
        except ProviderError:
            raise lost from None

    # In parts

    async def _take_up(self, earlier: Transfer | None, note: str) -> Transfer | None:
        """The transfer to go on with: the earlier one where that can be done, else a new one.

        None where the server knows no uploads, and takes files in one request only.
        """
        if earlier is not None and earlier.may_go_on(self._clock.now()):
            transfer = replace(earlier, setbacks=earlier.setbacks + 1)
            await asyncio.to_thread(self._record.mark, transfer, transfer.state)
            note = "Taken up where it stopped"
        else:
            if earlier is not None and earlier.in_parts:
                note = note or "The earlier try is too old to be taken up: it is sent anew"
            try:
                begun = await self._provider.begin_upload(
                    size=self._source.size, stored_name=self._fingerprint.stored_name
                )
            except RefusedError as error:
                if error.status in _NO_UPLOADS:
                    return None
                raise
            transfer = self._new(begun.id, self._clock.now() + begun.lifetime, TransferState.SENDING)
            await asyncio.to_thread(self._record.begin, transfer)
        self._meter.start(transfer.sent, transfer.ends_at, note)
        return transfer

    async def _in_parts(self, transfer: Transfer) -> RemoteFile:
        try:
            if transfer.state is not TransferState.COMPLETING:
                parts = PartSender(
                    self._provider, self._record, transfer, self._source, self._meter, self._clock, self._cutting
                )
                transfer = await parts.run()
            await self._source.check_unchanged()
            return await self._complete(transfer)
        except RefusedError as error:
            if self._is_gone(error, transfer):
                await asyncio.to_thread(self._record.forget, transfer)
                raise _GoneError("The provider no longer has the unfinished upload.") from error
            await self._call_off(transfer)
            raise
        except (asyncio.CancelledError, UnreadableFileError):
            await self._call_off(transfer)
            raise
        except ProviderError as error:
            error.hint = error.hint or self._what_is_kept()
            raise

    def _is_gone(self, error: RefusedError, transfer: Transfer) -> bool:
        if error.status not in (400, 404, 409, 410):
            return False
        old = self._clock.now() >= transfer.ends_at - SOON_SECONDS
        return old or error.status in (404, 410) or _GONE.search(error.message) is not None

    def _what_is_kept(self) -> str:
        return "What has arrived is kept there for up to an hour: launch again, and only the rest is sent."

    async def _complete(self, transfer: Transfer) -> RemoteFile:
        """Have the file made; a reply that is lost is looked for, and only an upload without a file is completed again.

        An upload becomes a file once, so that asking again never makes a second one.
        """
        lost: ProviderError | None = None
        refused: RefusedError | None = None
        if transfer.state is TransferState.COMPLETING:
            lost = UnreachableError("The reply to the last part was lost")
            if (found := await self._look_for(transfer, lost)) is not None:
                return found
        await asyncio.to_thread(self._record.mark, transfer, TransferState.COMPLETING)
        for _ in range(COMPLETIONS):
            try:
                return await self._provider.complete_upload(
                    transfer.upload_id,
                    [part.id for part in transfer.parts],
                    md5=transfer.md5,
                    size=transfer.size,
                )
            except RefusedError as error:
                if lost is None and not error.may_be_done and error.status != 429:
                    raise
                lost = lost or error
                refused = error
            except ProviderError as error:
                lost, refused = error, None
            if (found := await self._look_for(transfer, lost)) is not None:
                return found
            if refused is not None and not refused.may_be_done and refused.status != 429:
                raise refused
        raise lost or UnreachableError("The upload was not confirmed")

    async def _call_off(self, transfer: Transfer) -> None:
        """Have the provider forget it, even while we are cancelled; where that fails, at the next start."""

        async def cancel() -> None:
            await asyncio.to_thread(self._record.mark, transfer, TransferState.CANCELLING)
            try:
                await self._provider.cancel_upload(transfer.upload_id)
            except ProviderError:
                # Written down; it is told again at the next start.
                return
            await asyncio.to_thread(self._record.forget, transfer)

        await asyncio.shield(asyncio.ensure_future(cancel()))
