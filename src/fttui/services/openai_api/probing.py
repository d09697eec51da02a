"""Asks a server for the first entry of each of its lists: questions that change nothing and cost nothing."""

from __future__ import annotations

import asyncio

from fttui.domain.errors import MalformedAnswerError, ProviderError, RefusedError
from fttui.domain.profiles.probed import Finding, Probed, Subject
from fttui.domain.profiles.profile import Endpoint
from fttui.domain.text import safe_line
from fttui.services.openai_api import mapping
from fttui.services.openai_api.connection import Connection, Send

SECONDS = 15.0
"""For each question; a server that takes longer has not answered."""

_NOT_THERE = frozenset({404, 405, 410, 501})


async def probe(endpoint: Endpoint, now: float) -> Probed:
    """What a server answers.

    Args:
        endpoint: address and key.
        now: unix seconds.

    Raises:
        SettingsError, KeyRefusedError, ProviderError: no client can be built for the address or the key.
    """
    connection = Connection(endpoint)
    try:
        await connection.client()
        return await _Questions(connection).ask_all(endpoint.profile.base_url, now)
    finally:
        await connection.close()


class _Questions:
    """The questions, and what came of them so far."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._findings: dict[Subject, Finding] = {}
        self._words: dict[Subject, str] = {}
        self._pages: set[Subject] = set()
        """What was answered with a page for people, or something else that is no list."""

    async def ask_all(self, address: str, now: float) -> Probed:
        models, _files, jobs = await asyncio.gather(
            self._ask(Subject.MODELS, lambda sdk: sdk.models.with_streaming_response.list()),
            self._ask(Subject.FILES, lambda sdk: sdk.files.with_streaming_response.list(limit=1)),
            self._ask(Subject.JOBS, lambda sdk: sdk.fine_tuning.jobs.with_streaming_response.list(limit=1)),
        )
        if jobs and (job := _id_of(jobs[0])):
            await asyncio.gather(
                self._ask(
                    Subject.EVENTS, lambda sdk: sdk.fine_tuning.jobs.with_streaming_response.list_events(job, limit=1)
                ),
                self._ask(
                    Subject.CHECKPOINTS,
                    lambda sdk: sdk.fine_tuning.jobs.checkpoints.with_streaming_response.list(job, limit=1),
                ),
            )
        if Finding.ANSWERS not in self._findings.values():
            # Nothing here speaks the protocol: a login page in between says nothing of what lies behind it.
            self._findings.update(dict.fromkeys(self._pages, Finding.SILENT))
        order = [subject for subject in Subject if subject in self._findings]
        return Probed(
            address, now, {subject: self._findings[subject] for subject in order}, self._words, models=len(models)
        )

    async def _ask(self, subject: Subject, send: Send) -> list[object]:
        """The entries of a list, none where there is no such list; what came of it is noted."""
        try:
            entries = list(mapping.items(await self._connection.ask(send, seconds=SECONDS))[0])
        except ProviderError as error:
            self._findings[subject] = _finding(error)
            if isinstance(error, MalformedAnswerError):
                self._pages.add(subject)
            self._words[subject] = safe_line(error.message, 200)
            return []
        self._findings[subject] = Finding.ANSWERS
        return entries


def _finding(error: ProviderError) -> Finding:
    match error:
        case RefusedError() if error.status in _NOT_THERE:
            return Finding.MISSING
        case RefusedError() if error.status != 429:
            return Finding.REFUSED
        case MalformedAnswerError():
            return Finding.MISSING
        case _:
            return Finding.SILENT


def _id_of(entry: object) -> str | None:
    try:
        return mapping.name_of(entry, "job")
    except MalformedAnswerError:
        return None
