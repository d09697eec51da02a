"""Stand-ins for the outside world, at the program's own ports."""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from fttui.domain.chat.conversation import Delta, Ending, SamplingSettings, Turn, Usage
from fttui.domain.errors import FttuiError, NotFoundError, RefusedError
from fttui.domain.jobs.grader_run import GraderRun
from fttui.domain.jobs.job import Checkpoint, Job, JobEvent
from fttui.domain.jobs.spec import JobSpec
from fttui.domain.jobs.transfer import RemoteUpload
from fttui.domain.profiles.profile import Credential, KeySource, Profile
from fttui.domain.profiles.secret import Secret
from fttui.domain.profiles.states import EnginePhase, EngineState, KeyStoreState
from fttui.domain.remote import RemoteFile, RemoteModel
from fttui.services.ports import ProviderApi

NOON = 1_790_000_000.0
"""The moment at which pictures are taken, in unix seconds."""


@dataclass
class FakeClock:
    """Time that moves only when told to, or when somebody sleeps."""

    time: float = NOON

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += seconds
        await asyncio.sleep(0)


@dataclass
class FakeProvider:
    """A provider in memory.

    Set `failure` to make every call raise it. Clear `gate` to hold every call until the gate is set again,
    for pictures of a screen that waits.
    """

    files: list[RemoteFile] = field(default_factory=list)
    models: list[RemoteModel] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    events: dict[str, list[JobEvent]] = field(default_factory=dict)
    kept: dict[str, list[Checkpoint]] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    uploads: dict[str, dict[str, bytes]] = field(default_factory=dict)
    """The parts of unfinished uploads, and under no name what the file will be called."""
    replies: list[Sequence[str]] = field(default_factory=list)
    """The pieces of each reply, one reply for each question."""
    failure: FttuiError | None = None
    calls: list[tuple[str, ...]] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def _asked(self, *call: str) -> None:
        self.calls.append(call)
        await self.gate.wait()
        if self.failure is not None:
            raise self.failure

    async def upload(self, content: io.RawIOBase, *, size: int, stored_name: str) -> RemoteFile:
        await self._asked("upload", stored_name)
        return self._kept(stored_name, content.readall() or b"")

    def _kept(self, stored_name: str, content: bytes) -> RemoteFile:
        number = len(self.contents) + 1
        file = RemoteFile(f"file-{number}", stored_name, len(content), int(NOON), "fine-tune", "processed")
        self.files.insert(0, file)
        self.contents[file.id] = content
        return file

    async def begin_upload(self, *, size: int, stored_name: str) -> RemoteUpload:
        await self._asked("begin_upload", stored_name)
        self.uploads[f"upload-{len(self.uploads) + 1}"] = {"": stored_name.encode()}
        return RemoteUpload(f"upload-{len(self.uploads)}")

    async def send_part(self, upload_id: str, content: io.RawIOBase, *, seconds: float) -> str:
        await self._asked("send_part", upload_id)
        parts = self._upload(upload_id)
        parts[f"{upload_id}-part-{len(parts)}"] = content.readall() or b""
        return list(parts)[-1]

    async def complete_upload(self, upload_id: str, part_ids: Sequence[str], *, md5: str, size: int) -> RemoteFile:
        await self._asked("complete_upload", upload_id)
        parts = self._upload(upload_id)
        content = b"".join(parts[key] for key in part_ids)
        if len(content) != size or hashlib.md5(content, usedforsecurity=False).hexdigest() != md5:
            raise RefusedError("The parts do not add up", status=400)
        del self.uploads[upload_id]
        return self._kept(parts[""].decode(), content)

    async def cancel_upload(self, upload_id: str) -> None:
        await self._asked("cancel_upload", upload_id)
        self._upload(upload_id)
        del self.uploads[upload_id]

    def _upload(self, upload_id: str) -> dict[str, bytes]:
        if upload_id not in self.uploads:
            raise NotFoundError(f"There is no upload {upload_id}", status=404)
        return self.uploads[upload_id]

    async def list_files(self) -> Sequence[RemoteFile]:
        await self._asked("list_files")
        return tuple(self.files)

    async def retrieve_file(self, file_id: str) -> RemoteFile:
        await self._asked("retrieve_file", file_id)
        for file in self.files:
            if file.id == file_id:
                return file
        raise NotFoundError(f"There is no file {file_id}", status=404)

    async def file_content(self, file_id: str) -> bytes:
        await self._asked("file_content", file_id)
        return self.contents.get(file_id, b"")

    async def delete_file(self, file_id: str) -> None:
        await self._asked("delete_file", file_id)
        self.files = [file for file in self.files if file.id != file_id]

    async def create_job(self, spec: JobSpec) -> Job:
        await self._asked("create_job", spec.model)
        job = Job(
            f"ftjob-{len(self.jobs) + 1}",
            spec.model,
            "queued",
            int(NOON),
            spec.training_file,
            spec.validation_file,
            method=spec.method.value,
            hyperparameters=dict(spec.hyperparameters),
            suffix=spec.suffix,
            seed=spec.seed,
            metadata=dict(spec.metadata),
        )
        self.jobs.insert(0, job)
        created = JobEvent(f"{job.id}-created", int(NOON), "info", f"Created fine-tuning job: {job.id}")
        self.events.setdefault(job.id, []).append(created)
        return job

    async def retrieve_job(self, job_id: str) -> Job:
        await self._asked("retrieve_job", job_id)
        for job in self.jobs:
            if job.id == job_id:
                return job
        raise NotFoundError(f"There is no job {job_id}", status=404)

    async def list_jobs(self, *, limit: int = 100, metadata: Mapping[str, str] | None = None) -> Sequence[Job]:
        await self._asked("list_jobs")
        wanted = (metadata or {}).items()
        return tuple(job for job in self.jobs if wanted <= job.metadata.items())[:limit]

    async def cancel_job(self, job_id: str) -> Job:
        return await self._turned(job_id, "cancelled")

    async def pause_job(self, job_id: str) -> Job:
        return await self._turned(job_id, "paused")

    async def resume_job(self, job_id: str) -> Job:
        return await self._turned(job_id, "running")

    async def _turned(self, job_id: str, status: str) -> Job:
        known = await self.retrieve_job(job_id)
        if known.is_final:
            raise RefusedError(f"The job {job_id} is already {known.status}", status=400)
        job = replace(known, status=status)
        self.jobs = [job if one.id == job_id else one for one in self.jobs]
        return job

    async def events_since(self, job_id: str, known: str | None) -> Sequence[JobEvent]:
        await self._asked("events_since", job_id)
        events = self.events.get(job_id, [])
        seen = next((place + 1 for place, event in enumerate(events) if event.id == known), 0)
        return tuple(events[seen:])

    async def checkpoints(self, job_id: str) -> Sequence[Checkpoint]:
        await self._asked("checkpoints", job_id)
        return tuple(self.kept.get(job_id, ()))

    async def list_models(self) -> Sequence[RemoteModel]:
        await self._asked("list_models")
        return tuple(self.models)

    async def delete_model(self, model_id: str) -> None:
        await self._asked("delete_model", model_id)
        self.models = [model for model in self.models if model.id != model_id]

    async def validate_grader(self, grader: Mapping[str, object]) -> None:
        await self._asked("validate_grader", str(grader.get("type")))

    async def run_grader(self, grader: Mapping[str, object], *, sample: str, item: Mapping[str, object]) -> GraderRun:
        await self._asked("run_grader", sample)
        return GraderRun(1.0 if sample == item.get("answer") else 0.0, seconds=0.1)

    async def reply(self, model: str, turns: Sequence[Turn], sampling: SamplingSettings) -> AsyncIterator[Delta]:
        await self._asked("reply", model, turns[-1].text)
        pieces = self.replies.pop(0) if self.replies else ("Yes.",)
        for piece in pieces:
            await self.gate.wait()
            yield Delta(piece)
        yield Delta(ending=Ending.STOP, usage=Usage(sum(len(turn.text) for turn in turns), len(pieces)))

    async def close(self) -> None:
        await asyncio.sleep(0)


@dataclass
class FakeKeys:
    """Keys in memory, by profile name."""

    credentials: dict[str, Credential] = field(default_factory=dict)
    store: KeyStoreState = field(default_factory=lambda: KeyStoreState("Secret Service", available=True))
    failure: FttuiError | None = None

    async def find(self, profile: Profile) -> Credential:
        if profile.base_url == "":
            return Credential(None, KeySource.ENGINE)
        return self.credentials.get(profile.name, Credential(None, KeySource.NONE))

    async def set(self, profile: Profile, key: Secret) -> None:
        if self.failure is not None:
            raise self.failure
        self.credentials[profile.name] = Credential(key, KeySource.KEYRING)

    async def delete(self, profile: Profile) -> bool:
        if self.failure is not None:
            raise self.failure
        return self.credentials.pop(profile.name, None) is not None

    def use_for_session(self, profile: Profile, key: Secret) -> None:
        self.credentials[profile.name] = Credential(key, KeySource.SESSION)

    async def state(self) -> KeyStoreState:
        return self.store

    async def unlock(self) -> KeyStoreState:
        return self.store


@dataclass
class FakeEngine:
    """An embedded engine that is said to run."""

    now: EngineState = field(default_factory=lambda: EngineState(EnginePhase.RUNNING, 4242, "http://127.0.0.1:4242/v1"))

    async def state(self) -> EngineState:
        return self.now

    async def address(self) -> tuple[str, Secret]:
        return "http://127.0.0.1:4242/v1", Secret("engine-token-0000")

    async def stop(self) -> None:
        self.now = EngineState(EnginePhase.STOPPED)

    async def leave(self, *, stop: bool) -> None:
        if stop:
            await self.stop()


def fake_provider_fits_its_port(provider: FakeProvider) -> ProviderApi:
    """Checked by mypy."""
    return provider
