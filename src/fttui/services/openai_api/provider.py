"""A provider reached through the OpenAI SDK."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Mapping, Sequence

from fttui.domain.chat.conversation import Delta, SamplingSettings, Turn
from fttui.domain.errors import NotFoundError
from fttui.domain.jobs.grader_run import GraderRun
from fttui.domain.jobs.job import Checkpoint, Job, JobEvent
from fttui.domain.jobs.spec import JobSpec
from fttui.domain.jobs.transfer import RemoteUpload
from fttui.domain.profiles.capabilities import capabilities_of
from fttui.domain.profiles.profile import Endpoint
from fttui.domain.remote import RemoteFile, RemoteModel
from fttui.services.openai_api import grading, mapping, paging, replies, uploading
from fttui.services.openai_api.connection import Connection
from fttui.services.openai_api.dialects import create_request
from fttui.services.ports import Clock

CONTENT_BYTES = 1024 * 1024 * 1024
CONTENT_SECONDS = 600.0
PAGE = 100


class OpenAiProvider:
    """Everything the program asks of a provider; answers are checked before they become values of ours.

    Args:
        endpoint: address and key.
        clock: waits between repeated questions.
    """

    def __init__(self, endpoint: Endpoint, clock: Clock | None = None) -> None:
        self.endpoint = endpoint
        self._connection = Connection(endpoint, clock)

    async def close(self) -> None:
        """Let go of connections."""
        await self._connection.close()

    async def upload(self, content: io.RawIOBase, *, size: int, stored_name: str) -> RemoteFile:
        """Send a file for training in one request."""
        return await uploading.send_whole(self._connection, content, size, stored_name)

    async def begin_upload(self, *, size: int, stored_name: str) -> RemoteUpload:
        """Begin a file that is sent in parts."""
        return await uploading.begin(self._connection, size, stored_name)

    async def send_part(self, upload_id: str, content: io.RawIOBase, *, seconds: float) -> str:
        """Send a part; return its id."""
        return await uploading.send_part(self._connection, upload_id, content, seconds)

    async def complete_upload(self, upload_id: str, part_ids: Sequence[str], *, md5: str, size: int) -> RemoteFile:
        """Make a file of parts."""
        return await uploading.complete(self._connection, upload_id, part_ids, md5, size)

    async def cancel_upload(self, upload_id: str) -> None:
        """Let the provider forget an unfinished upload."""
        await uploading.cancel(self._connection, upload_id)

    async def list_files(self) -> Sequence[RemoteFile]:
        """All files, newest first."""

        async def page(after: str | None) -> object:
            query: dict[str, object] = {"after": after} if after else {}
            return await self._connection.fetch(lambda sdk: sdk.files.with_streaming_response.list(extra_query=query))

        files = await paging.walk(page, mapping.remote_file)
        return sorted(files, key=lambda file: file.created_at, reverse=True)

    async def retrieve_file(self, file_id: str) -> RemoteFile:
        """One file's description."""
        return mapping.remote_file(
            await self._connection.fetch(lambda sdk: sdk.files.with_streaming_response.retrieve(file_id))
        )

    async def file_content(self, file_id: str) -> bytes:
        """A file's bytes."""
        return await self._connection.repeat(
            lambda: self._connection.download(
                lambda sdk: sdk.files.with_streaming_response.content(file_id),
                seconds=CONTENT_SECONDS,
                limit=CONTENT_BYTES,
            )
        )

    async def delete_file(self, file_id: str) -> None:
        """Remove a file for good."""
        await self._connection.ask(lambda sdk: sdk.files.with_streaming_response.delete(file_id))

    async def create_job(self, spec: JobSpec) -> Job:
        """Ask for a job, exactly once."""
        body, extra = create_request(spec, self.endpoint.profile)
        return mapping.job(
            await self._connection.ask(
                lambda sdk: sdk.fine_tuning.jobs.with_streaming_response.create(**body, extra_body=extra or None)
            )
        )

    async def retrieve_job(self, job_id: str) -> Job:
        """The state of a job."""
        return mapping.job(
            await self._connection.fetch(lambda sdk: sdk.fine_tuning.jobs.with_streaming_response.retrieve(job_id))
        )

    async def list_jobs(self, *, limit: int = 100, metadata: Mapping[str, str] | None = None) -> Sequence[Job]:
        """Jobs, newest first; the metadata is looked at here too, since some servers ignore the filter."""
        wanted = dict(metadata or {})

        def matches(job: Job) -> bool:
            return wanted.items() <= job.metadata.items()

        async def page(after: str | None) -> object:
            query = {f"metadata[{key}]": value for key, value in wanted.items()}
            return await self._connection.fetch(
                lambda sdk: sdk.fine_tuning.jobs.with_streaming_response.list(
                    limit=min(limit, PAGE), extra_query={**query, **({"after": after} if after else {})}
                )
            )

        jobs = await paging.walk(page, mapping.job, until=lambda found: sum(map(matches, found)) >= limit)
        newest_first = sorted(filter(matches, jobs), key=lambda job: job.created_at, reverse=True)
        return newest_first[:limit]

    async def cancel_job(self, job_id: str) -> Job:
        """Ask a job to stop for good."""
        return mapping.job(
            await self._connection.ask(lambda sdk: sdk.fine_tuning.jobs.with_streaming_response.cancel(job_id))
        )

    async def pause_job(self, job_id: str) -> Job:
        """Ask a job to stop for now."""
        self._insist_on_pause()
        return mapping.job(
            await self._connection.ask(lambda sdk: sdk.fine_tuning.jobs.with_streaming_response.pause(job_id))
        )

    async def resume_job(self, job_id: str) -> Job:
        """Ask a paused job to go on."""
        self._insist_on_pause()
        return mapping.job(
            await self._connection.ask(lambda sdk: sdk.fine_tuning.jobs.with_streaming_response.resume(job_id))
        )

    def _insist_on_pause(self) -> None:
        if not capabilities_of(self.endpoint.profile).pause:
            raise NotFoundError(
                f"{self._connection.host} knows no pause", status=404, hint="A job there can only be cancelled."
            )

    async def events_since(self, job_id: str, known: str | None) -> Sequence[JobEvent]:
        """Events newer than a known event id, oldest first; all of them for None."""

        async def page(after: str | None) -> object:
            return await self._connection.fetch(
                lambda sdk: sdk.fine_tuning.jobs.with_streaming_response.list_events(
                    job_id, limit=PAGE, extra_query={"after": after} if after else None
                )
            )

        return await paging.events_after(page, known)

    async def checkpoints(self, job_id: str) -> Sequence[Checkpoint]:
        """The checkpoints kept so far, by step."""

        async def page(after: str | None) -> object:
            return await self._connection.fetch(
                lambda sdk: sdk.fine_tuning.jobs.checkpoints.with_streaming_response.list(
                    job_id, limit=PAGE, extra_query={"after": after} if after else None
                )
            )

        return sorted(await paging.walk(page, mapping.checkpoint), key=lambda checkpoint: checkpoint.step)

    async def list_models(self) -> Sequence[RemoteModel]:
        """All models, newest first."""
        raw = await self._connection.fetch(lambda sdk: sdk.models.with_streaming_response.list())
        models = [mapping.model(entry) for entry in mapping.items(raw)[0]]
        return sorted(models, key=lambda model: model.created_at, reverse=True)

    async def delete_model(self, model_id: str) -> None:
        """Remove a tuned model for good."""
        await self._connection.ask(lambda sdk: sdk.models.with_streaming_response.delete(model_id))

    async def validate_grader(self, grader: Mapping[str, object]) -> None:
        """Have a grader looked at."""
        await grading.validate_grader(self._connection, grader)

    async def run_grader(self, grader: Mapping[str, object], *, sample: str, item: Mapping[str, object]) -> GraderRun:
        """Have an answer to a row graded."""
        return await grading.run_grader(self._connection, grader, sample=sample, item=item)

    def reply(self, model: str, turns: Sequence[Turn], sampling: SamplingSettings) -> AsyncIterator[Delta]:
        """Stream a reply piece by piece."""
        return replies.stream_reply(self._connection, self.endpoint.profile, model, turns, sampling)
