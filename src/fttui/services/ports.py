"""What the program asks of the outside world; adapters and test doubles implement these."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Protocol

from fttui.domain.chat.conversation import Delta, SamplingSettings, Turn
from fttui.domain.jobs.grader_run import GraderRun
from fttui.domain.jobs.job import Checkpoint, Job, JobEvent
from fttui.domain.jobs.spec import JobSpec
from fttui.domain.jobs.transfer import RemoteUpload
from fttui.domain.remote import RemoteFile, RemoteModel


class FilesApi(Protocol):
    """Files at a provider."""

    async def upload(self, content: io.RawIOBase, *, size: int, stored_name: str) -> RemoteFile:
        """Send a file for training in one request, streamed; nothing is sent twice.

        Raises:
            RefusedError: the provider said no; there is no file.
            UnreachableError, MalformedAnswerError: there may or may not be a file.
        """
        ...

    async def begin_upload(self, *, size: int, stored_name: str) -> RemoteUpload:
        """Begin a file that is sent in parts.

        Raises:
            NotFoundError: the provider takes files in one request only.
        """
        ...

    async def send_part(self, upload_id: str, content: io.RawIOBase, *, seconds: float) -> str:
        """Send a part within some seconds; return its id. It may be sent again: only parts named at the end count."""
        ...

    async def complete_upload(self, upload_id: str, part_ids: Sequence[str], *, md5: str, size: int) -> RemoteFile:
        """Make a file of parts, in this order.

        Raises:
            RefusedError: the provider said no, perhaps because it was done before.
            UnreachableError, MalformedAnswerError: there may or may not be a file.
        """
        ...

    async def cancel_upload(self, upload_id: str) -> None:
        """Let the provider forget an unfinished upload, within five seconds."""
        ...

    async def list_files(self) -> Sequence[RemoteFile]:
        """All files, newest first."""
        ...

    async def retrieve_file(self, file_id: str) -> RemoteFile:
        """One file's description."""
        ...

    async def file_content(self, file_id: str) -> bytes:
        """A file's bytes."""
        ...

    async def delete_file(self, file_id: str) -> None:
        """Remove a file for good."""
        ...


class JobsApi(Protocol):
    """Fine-tuning jobs at a provider."""

    async def create_job(self, spec: JobSpec) -> Job:
        """Ask for a job, exactly once: no retry whatever happens.

        Raises:
            RefusedError: the provider said no; there is no job.
            UnreachableError, MalformedAnswerError: there may or may not be a job.
        """
        ...

    async def retrieve_job(self, job_id: str) -> Job:
        """The state of a job."""
        ...

    async def list_jobs(self, *, limit: int = 100, metadata: Mapping[str, str] | None = None) -> Sequence[Job]:
        """Jobs, newest first, only those that carry all the metadata given."""
        ...

    async def cancel_job(self, job_id: str) -> Job:
        """Ask a job to stop for good."""
        ...

    async def pause_job(self, job_id: str) -> Job:
        """Ask a job to stop for now."""
        ...

    async def resume_job(self, job_id: str) -> Job:
        """Ask a paused job to go on."""
        ...

    async def events_since(self, job_id: str, known: str | None) -> Sequence[JobEvent]:
        """Events newer than a known event id, oldest first; all of them for None."""
        ...

    async def checkpoints(self, job_id: str) -> Sequence[Checkpoint]:
        """The checkpoints kept so far, by step."""
        ...


class ModelsApi(Protocol):
    """Models at a provider."""

    async def list_models(self) -> Sequence[RemoteModel]:
        """All models, newest first."""
        ...

    async def delete_model(self, model_id: str) -> None:
        """Remove a tuned model for good."""
        ...


class ChatApi(Protocol):
    """Replies of a model."""

    def reply(self, model: str, turns: Sequence[Turn], sampling: SamplingSettings) -> AsyncIterator[Delta]:
        """Stream a reply piece by piece; the last pieces carry the ending and the usage.

        A stream that ends without saying how ends in a delta with `Ending.CUT_OFF`.
        """
        ...


class GradersApi(Protocol):
    """What a provider says of graders; many have nothing to say and answer with NotFoundError."""

    async def validate_grader(self, grader: Mapping[str, object]) -> None:
        """Have a grader looked at.

        Raises:
            RefusedError: it is wrong; the message says how.
        """
        ...

    async def run_grader(self, grader: Mapping[str, object], *, sample: str, item: Mapping[str, object]) -> GraderRun:
        """Have an answer to a row graded; it may cost the tokens of a grading model."""
        ...


class ProviderApi(FilesApi, JobsApi, ModelsApi, ChatApi, GradersApi, Protocol):
    """One provider, all of it."""

    async def close(self) -> None:
        """Let go of connections."""
        ...


class TokenCounter(Protocol):
    """Counts the tokens of texts in one encoding."""

    @property
    def encoding(self) -> str:
        """Name of the encoding."""
        ...

    @property
    def exact(self) -> bool:
        """Whether counts are the provider's own, not an estimate."""
        ...

    def count(self, text: str) -> int:
        """Tokens in a text; any text, special-token look-alikes included, without raising."""
        ...

    def count_each(self, texts: Sequence[str]) -> Sequence[int]:
        """Tokens in each of many texts."""
        ...


class Clock(Protocol):
    """Time, so that tests can set it."""

    def now(self) -> float:
        """Unix seconds."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...
