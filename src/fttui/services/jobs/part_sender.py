"""Sends what is missing of a file in parts, several at a time, and writes each down when it has arrived."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace

from fttui.domain.backoff import full_jitter
from fttui.domain.errors import MalformedAnswerError, ProviderError, RateLimitedError, UnreachableError
from fttui.domain.jobs.transfer import Cutting, Gaps, Part, Transfer
from fttui.services.jobs.source_file import SourceFile
from fttui.services.jobs.transfer_meter import TransferMeter
from fttui.services.jobs.transfer_record import TransferRecord
from fttui.services.ports import Clock, ProviderApi

STREAMS = 3
PATIENCE_SECONDS = 300.0
"""How long nothing may arrive before it is given up for now."""
LONGEST_WAIT_SECONDS = 30.0
SHORTEST_DEADLINE, SLOWEST_BYTES_PER_SECOND = 120.0, 4_000.0
"""For a part: this long, or as long as it takes at this rate."""
_NO_WAITING = ("quota", "billing")


class PartSender:
    """Sends the parts of one transfer.

    Args:
        provider: who receives them.
        record: where parts that arrived are written down.
        transfer: what is sent, with the parts that arrived earlier.
        source: the file.
        meter: counts.
        clock: time.
        cutting: how large parts are.
    """

    def __init__(
        self,
        provider: ProviderApi,
        record: TransferRecord,
        transfer: Transfer,
        source: SourceFile,
        meter: TransferMeter,
        clock: Clock,
        cutting: Cutting,
    ) -> None:
        self._provider, self._record, self._transfer = provider, record, transfer
        self._source, self._meter, self._clock, self._cutting = source, meter, clock, cutting
        self._gaps = Gaps(transfer.size, transfer.parts)
        self._arrived = list(transfer.parts)
        self._setbacks = transfer.setbacks
        self._failures = 0
        self._last_good = clock.now()

    async def run(self) -> Transfer:
        """Send everything that is missing; return the transfer with all its parts.

        Raises:
            UnreadableFileError: the file changed.
            RefusedError: the provider does not want the parts.
            ProviderError: nothing arrived for five minutes.
            JournalError: a part cannot be written down.
        """
        streams = [asyncio.ensure_future(self._stream()) for _ in range(STREAMS)]
        try:
            await asyncio.wait(streams, return_when=asyncio.FIRST_EXCEPTION)
        finally:
            for stream in streams:
                stream.cancel()
            outcomes = await asyncio.gather(*streams, return_exceptions=True)
        failures = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
        if failures:
            raise failures[0]
        return replace(self._transfer, parts=tuple(sorted(self._arrived, key=lambda part: part.offset)))

    async def _stream(self) -> None:
        while (part := self._gaps.take(self._next_length())) is not None:
            try:
                await self._source.check_unchanged()
                arrived = await self._send(part)
            except (UnreachableError, MalformedAnswerError, RateLimitedError) as error:
                self._lose(part)
                await self._wait_out(error)
            except BaseException:
                self._lose(part)
                raise
            else:
                await asyncio.to_thread(self._record.arrived, self._transfer, arrived)
                self._keep(arrived)

    def _next_length(self) -> int:
        rate = self._meter.rate
        return self._cutting.length(self._transfer.size, self._setbacks, rate / STREAMS if rate else None)

    async def _send(self, part: Part) -> Part:
        content = self._source.piece(part, lambda sent: self._meter.leaves(part, sent))
        seconds = max(SHORTEST_DEADLINE, part.length / SLOWEST_BYTES_PER_SECOND)
        return replace(part, id=await self._provider.send_part(self._transfer.upload_id, content, seconds=seconds))

    def _keep(self, part: Part) -> None:
        self._arrived.append(part)
        self._last_good = self._clock.now()
        if self._failures:
            self._failures, self._meter.note = 0, ""
        self._meter.arrives(part)

    def _lose(self, part: Part) -> None:
        self._gaps.give_back(part)
        self._meter.is_lost(part)

    async def _wait_out(self, error: ProviderError) -> None:
        """Wait before the next try; raises the error where waiting does not help, or has lasted too long."""
        asked = error.retry_after if isinstance(error, RateLimitedError) else None
        hopeless = isinstance(error, RateLimitedError) and any(word in (error.code or "") for word in _NO_WAITING)
        if hopeless or self._clock.now() + (asked or 0.0) - self._last_good > PATIENCE_SECONDS:
            raise error
        # Streams fail together when the line is lost: that is one setback.
        self._setbacks += self._failures == 0
        self._failures += 1
        rounds = 1 + (self._failures - 1) // STREAMS
        wait = full_jitter(rounds, random.random(), longest=LONGEST_WAIT_SECONDS)  # noqa: S311 - spreads load
        self._meter.say(f"{error.message}; trying again")
        await self._clock.sleep(max(wait, asked or 0.0))
