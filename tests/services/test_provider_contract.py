"""One behaviour of every provider: the stand-in of the tests, the adapter before the real engine, and before a server
that speaks as OpenAI, Azure in both styles, Nebius and a compatible one. Where a kind lacks something, it says so."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from dialects import AzureMemory, speak
from engine_server import running_engine
from fakes import FakeClock, FakeProvider
from fault_server import FaultServer, running_fault_server
from fttui.domain.chat.conversation import Ending, SamplingSettings, Speaker, Turn
from fttui.domain.errors import KeyRefusedError, NotFoundError, RefusedError
from fttui.domain.jobs.job import Method
from fttui.domain.jobs.results import as_objects, decode_results
from fttui.domain.jobs.spec import JobSpec, NumberField, Value
from fttui.domain.jobs.transfer import Part
from fttui.domain.profiles.capabilities import Capabilities, capabilities_of
from fttui.domain.profiles.profile import LOCAL, Credential, Dialect, Endpoint, KeySource
from fttui.domain.profiles.secret import Secret
from fttui.domain.remote import RemoteModel
from fttui.services.jobs.source_file import SourceFile
from fttui.services.openai_api.provider import OpenAiProvider
from fttui.services.ports import ProviderApi

DIALECTS = {
    "compatible": (Dialect.COMPATIBLE, ""),
    "openai": (Dialect.OPENAI, ""),
    "azure": (Dialect.AZURE, ""),
    "azure-older": (Dialect.AZURE, "2024-10-21"),
    "nebius": (Dialect.NEBIUS, ""),
}
KINDS = ("stand-in", "engine", *DIALECTS)
MODEL = "local-nano"
REPLY = b'data: {"choices": [{"delta": {"content": "hi"}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n'


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """One engine for all of these tests; it keeps its jobs and files between them."""
    with running_engine(tmp_path_factory.mktemp("engine")) as address:
        yield Endpoint(LOCAL, address.base_url, Credential(Secret(address.api_key), KeySource.ENGINE))


@pytest.fixture
def behind() -> list[FaultServer]:
    """The fault server behind the provider, where it is one."""
    return []


@pytest.fixture(params=KINDS)
async def provider(request: pytest.FixtureRequest, behind: list[FaultServer]) -> AsyncIterator[ProviderApi]:
    match request.param:
        case "stand-in":
            yield FakeProvider(models=[RemoteModel(MODEL, 0, "fttui")])
        case "engine":
            connected = OpenAiProvider(request.getfixturevalue("engine"))
            yield connected
            await connected.close()
        case kind:
            with running_fault_server() as server:
                behind.append(server)
                endpoint = speaking(server, *DIALECTS[kind])
                server.memory.knows_files = True
                server.memory.models[MODEL] = {"id": MODEL}
                server.memory.reply = REPLY
                connected = OpenAiProvider(endpoint, FakeClock())
                yield connected
                await connected.close()


def speaking(server: FaultServer, dialect: Dialect, api_version: str) -> Endpoint:
    """Let a server speak as a kind of provider; at Azure the deployment of the model is known."""
    endpoint = speak(server, dialect, api_version=api_version)
    if dialect is not Dialect.AZURE:
        return endpoint
    return replace(endpoint, profile=endpoint.profile.with_deployment(MODEL, AzureMemory.deployment))


def can(provider: ProviderApi) -> Capabilities:
    """What the kind of a provider is declared to do."""
    return capabilities_of(provider.endpoint.profile) if isinstance(provider, OpenAiProvider) else Capabilities()


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    turns = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]
    path.write_text((json.dumps({"messages": turns}) + "\n") * 12)
    return path


def quiet(_sent: int) -> None:
    """Hear nothing of how far it is."""


async def started(provider: ProviderApi, rows: Path, tag: str) -> tuple[str, str]:
    """A job that takes long, and its file."""
    with SourceFile(rows) as opened:
        file = await provider.upload(opened.whole(), size=opened.size, stored_name="rows.jsonl")
    job = await provider.create_job(JobSpec(MODEL, file.id, hyperparameters={"n_epochs": 50}, metadata={"tag": tag}))
    return job.id, file.id


async def test_a_file_that_was_sent_is_listed_described_read_and_deleted(provider: ProviderApi, rows: Path) -> None:
    told: list[int] = []
    with SourceFile(rows) as file:
        sent = await provider.upload(file.whole(told.append), size=file.size, stored_name="rows.jsonl")

    assert (sent.name, sent.size, sent.purpose) == ("rows.jsonl", file.size, "fine-tune")
    assert told[-1] == file.size
    assert (await provider.retrieve_file(sent.id)).id == sent.id
    assert sent.id in [file.id for file in await provider.list_files()]
    assert await provider.file_content(sent.id) == rows.read_bytes()  # noqa: ASYNC240 - as above
    await provider.delete_file(sent.id)
    assert sent.id not in [file.id for file in await provider.list_files()]


async def test_a_file_in_parts_becomes_one_file_once(provider: ProviderApi, rows: Path) -> None:
    content = await asyncio.to_thread(rows.read_bytes)
    if not can(provider).uploads_in_parts:
        with pytest.raises(NotFoundError):
            await provider.begin_upload(size=len(content), stored_name="parts.jsonl")
        return
    upload = await provider.begin_upload(size=len(content), stored_name="parts.jsonl")
    with SourceFile(rows) as file:
        last = await provider.send_part(upload.id, file.piece(Part(100, file.size - 100), quiet), seconds=30)
        first = await provider.send_part(upload.id, file.piece(Part(0, 100), quiet), seconds=30)
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()

    with pytest.raises(RefusedError):
        await provider.complete_upload(upload.id, [first, last], md5="0" * 32, size=len(content))
    sent = await provider.complete_upload(upload.id, [first, last], md5=md5, size=len(content))

    assert await provider.file_content(sent.id) == content
    with pytest.raises(RefusedError):
        await provider.complete_upload(upload.id, [first, last], md5=md5, size=len(content))


async def test_an_upload_that_was_called_off_takes_no_more_parts(provider: ProviderApi, rows: Path) -> None:
    if not can(provider).uploads_in_parts:
        return
    upload = await provider.begin_upload(size=100, stored_name="off.jsonl")
    await provider.cancel_upload(upload.id)

    with SourceFile(rows) as file, pytest.raises(RefusedError):
        await provider.send_part(upload.id, file.piece(Part(0, 100), quiet), seconds=30)


async def test_a_job_carries_what_was_asked_for(provider: ProviderApi, rows: Path) -> None:
    job_id, file_id = await started(provider, rows, "carries")

    job = await provider.retrieve_job(job_id)

    assert (job.id, job.model, job.training_file) == (job_id, MODEL, file_id)
    assert job.metadata == ({"tag": "carries"} if can(provider).metadata else {})
    assert job.hyperparameters["n_epochs"] == 50
    assert not job.is_final
    await provider.cancel_job(job_id)


async def test_jobs_are_listed_newest_first_and_found_by_their_metadata(provider: ProviderApi, rows: Path) -> None:
    first, _ = await started(provider, rows, "one")
    second, _ = await started(provider, rows, "two")

    listed = [job.id for job in await provider.list_jobs()]
    found = [job.id for job in await provider.list_jobs(metadata={"tag": "one"})]

    assert {first, second} <= set(listed)
    assert (first in found) is bool(can(provider).metadata)
    assert second not in found
    assert len(await provider.list_jobs(limit=1)) == 1
    for job_id in (first, second):
        await provider.cancel_job(job_id)


async def test_a_cancelled_job_is_over(provider: ProviderApi, rows: Path) -> None:
    job_id, _ = await started(provider, rows, "cancel")

    assert (await provider.cancel_job(job_id)).status == "cancelled"
    assert (await provider.retrieve_job(job_id)).is_final


async def test_events_come_after_the_one_that_is_known(provider: ProviderApi, rows: Path) -> None:
    job_id, _ = await started(provider, rows, "events")

    events = await provider.events_since(job_id, None)
    newer = await provider.events_since(job_id, events[0].id)

    assert "Created fine-tuning job" in events[0].message
    assert events[0].id not in [event.id for event in newer]
    assert [event.id for event in newer][: len(events) - 1] == [event.id for event in events[1:]]
    assert not await provider.checkpoints(job_id)
    await provider.cancel_job(job_id)


async def test_models_are_listed_by_name(provider: ProviderApi) -> None:
    assert MODEL in [model.id for model in await provider.list_models()]


async def test_a_reply_ends_with_how_it_ended(provider: ProviderApi) -> None:
    turns = (Turn(Speaker.USER, "Hello"),)

    deltas = [delta async for delta in provider.reply(MODEL, turns, SamplingSettings(max_tokens=4))]

    assert [delta.ending for delta in deltas[:-1]] == [None] * (len(deltas) - 1)
    assert deltas[-1].ending in (Ending.STOP, Ending.LENGTH)


async def test_what_is_not_there_is_told(provider: ProviderApi) -> None:
    with pytest.raises(NotFoundError):
        await provider.retrieve_file("file-none")
    with pytest.raises(NotFoundError):
        await provider.retrieve_job("ftjob-none")
    with pytest.raises(NotFoundError):
        await provider.cancel_job("ftjob-none")


async def test_a_job_that_is_over_cannot_be_cancelled(provider: ProviderApi, rows: Path) -> None:
    job_id, _ = await started(provider, rows, "over")
    await provider.cancel_job(job_id)

    with pytest.raises(RefusedError) as raised:
        await provider.cancel_job(job_id)
    assert raised.value.status == 400


async def test_a_job_is_paused_and_goes_on_where_that_is_offered(provider: ProviderApi, rows: Path) -> None:
    job_id, _ = await started(provider, rows, "pause")

    if can(provider).pause:
        await provider.pause_job(job_id)
        while (paused := await provider.retrieve_job(job_id)).status != "paused":
            assert not paused.is_final
            await asyncio.sleep(0.01)
        assert (await provider.resume_job(job_id)).status != "paused"
    else:
        with pytest.raises(NotFoundError):
            await provider.pause_job(job_id)
    await provider.cancel_job(job_id)


async def test_what_one_kind_alone_takes_reaches_it(provider: ProviderApi, rows: Path) -> None:
    with SourceFile(rows) as file:
        sent = await provider.upload(file.whole(quiet), size=file.size, stored_name="rows.jsonl")
    chosen: dict[str, Value] = {}
    for field in can(provider).hyperparameters:
        if Method.SUPERVISED in field.methods:
            chosen[field.name] = 1 if isinstance(field, NumberField) else field.choices[0]

    job = await provider.create_job(JobSpec(MODEL, sent.id, hyperparameters=chosen, suffix="demo", seed=7))

    assert chosen.items() <= dict(job.hyperparameters).items()
    await provider.cancel_job(job.id)


EXACT: dict[str, object] = {
    "type": "string_check", "name": "exact", "operation": "eq",
    "input": "{{sample.output_text}}", "reference": "{{item.answer}}",
}  # fmt: skip
WRONG: dict[str, object] = {**EXACT, "reference": ""}


async def test_graders_are_looked_at_and_run_where_that_is_offered(provider: ProviderApi) -> None:
    if not can(provider).graders:
        with pytest.raises(NotFoundError):
            await provider.validate_grader(EXACT)
        with pytest.raises(NotFoundError):
            await provider.run_grader(EXACT, sample="4", item={"answer": "4"})
        return
    await provider.validate_grader(EXACT)
    run = await provider.run_grader(EXACT, sample="4", item={"answer": "4"})

    assert run.reward == 1.0
    if isinstance(provider, OpenAiProvider):
        with pytest.raises(RefusedError, match="missing reference"):
            await provider.validate_grader(WRONG)


async def test_a_wrong_key_is_refused_in_words(provider: ProviderApi) -> None:
    if not isinstance(provider, OpenAiProvider):
        return
    wrong = replace(provider.endpoint, credential=Credential(Secret("wrong-key-0000"), KeySource.SESSION))
    other = OpenAiProvider(wrong, FakeClock())

    for ask in (other.list_jobs(), other.list_files(), other.list_models(), other.create_job(JobSpec(MODEL, "file-1"))):
        with pytest.raises(KeyRefusedError) as raised:
            await ask
        assert raised.value.status == 401
        assert "fttui keys set" in raised.value.hint
        assert "wrong-key" not in raised.value.message
    await other.close()


async def test_a_job_on_a_file_that_is_not_there_is_refused_and_not_made(provider: ProviderApi) -> None:
    if not isinstance(provider, OpenAiProvider):
        return
    before = [job.id for job in await provider.list_jobs()]

    with pytest.raises(RefusedError) as raised:
        await provider.create_job(JobSpec(MODEL, "file-none"))

    assert "file-none" in raised.value.message
    assert [job.id for job in await provider.list_jobs()] == before


async def test_a_job_that_ended_left_a_model_checkpoints_results_and_all_its_events(
    provider: ProviderApi, rows: Path, behind: list[FaultServer]
) -> None:
    if not isinstance(provider, OpenAiProvider):
        return
    with SourceFile(rows) as opened:
        file = await provider.upload(opened.whole(quiet), size=opened.size, stored_name="rows.jsonl")
    job = await provider.create_job(JobSpec(MODEL, file.id, hyperparameters={"n_epochs": 2, "batch_size": 4}))
    for server in behind:
        server.memory.finish(job.id, steps=6)
    while not (job := await provider.retrieve_job(job.id)).is_final:
        assert not behind
        await asyncio.sleep(0.05)

    events = await provider.events_since(job.id, None)
    checkpoints = await provider.checkpoints(job.id)
    results = await provider.file_content(job.result_files[0])

    assert job.status == "succeeded"
    assert job.fine_tuned_model in [model.id for model in await provider.list_models()]
    assert (job.trained_tokens or 0) > 0
    steps = [event.step or 0 for event in events if "train_loss" in event.metrics]
    assert steps == sorted(steps)
    assert [one.step for one in checkpoints] == sorted(one.step for one in checkpoints)
    assert checkpoints[-1].step == steps[-1]
    assert all(event.created_at <= later.created_at for event, later in pairwise(events))
    assert as_objects(decode_results(results))[-1]["step"] == steps[-1]
