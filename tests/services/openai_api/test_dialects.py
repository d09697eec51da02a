"""Each kind of provider is sent what it takes, under its own addresses, with its own kind of key."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from dialects import TOKEN, AzureMemory, ChatOnlyMemory, speak
from fakes import FakeClock
from fault_server import KEY, FaultServer, error
from fttui.domain.chat.conversation import Ending, SamplingSettings, Speaker, Turn
from fttui.domain.errors import FttuiError, NotFoundError, RefusedError
from fttui.domain.jobs.job import Method
from fttui.domain.jobs.spec import JobSpec, Value
from fttui.domain.profiles.profile import Dialect, Endpoint
from fttui.services.openai_api.provider import OpenAiProvider

OLDER = "2024-10-21"
TUNED = "gpt-4.1-2025-04-14.ft-0123abcd"
TURNS = (Turn(Speaker.USER, "Hello"),)
REPLY = b'data: {"choices": [{"delta": {"content": "hi"}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n'


@asynccontextmanager
async def connected(endpoint: Endpoint) -> AsyncIterator[OpenAiProvider]:
    provider = OpenAiProvider(endpoint, FakeClock())
    try:
        yield provider
    finally:
        await provider.close()


@pytest.mark.parametrize(
    ("api_version", "key", "header", "path"),
    [
        ("", KEY, ("authorization", f"Bearer {KEY}"), "/openai/v1"),
        ("", TOKEN, ("authorization", f"Bearer {TOKEN}"), "/openai/v1"),
        (OLDER, KEY, ("api-key", KEY), "/openai"),
        (OLDER, TOKEN, ("authorization", f"Bearer {TOKEN}"), "/openai"),
    ],
)
async def test_azure_is_reached_in_both_styles_with_a_key_or_a_token(
    server: FaultServer, api_version: str, key: str, header: tuple[str, str], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_OPENAI_AD_TOKEN", "other-token")
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "other-key")
    monkeypatch.setenv("OPENAI_API_VERSION", "1999-01-01")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-secret")

    async with connected(speak(server, Dialect.AZURE, api_version=api_version, key=key)) as provider:
        await provider.list_jobs()

    sent = server.requests[0]
    assert server.prefix == path
    assert sent.headers[header[0]] == header[1]
    assert sent.query.get("api-version", "") == api_version
    assert not [name for name, value in sent.headers.items() if "other" in value or "secret" in value]
    assert len({"authorization", "api-key"} & sent.headers.keys()) == 1


async def test_azure_is_told_the_training_tier(server: FaultServer) -> None:
    async with connected(speak(server, Dialect.AZURE)) as provider:
        await provider.create_job(JobSpec("gpt-4.1", "file-1", hyperparameters={"n_epochs": 2}))

    body = server.requests[0].json
    assert body["trainingType"] == "GlobalStandard"
    assert body["method"] == {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 2}}}


async def test_older_azure_takes_hyperparameters_by_themselves(server: FaultServer) -> None:
    async with connected(speak(server, Dialect.AZURE, api_version=OLDER)) as provider:
        job = await provider.create_job(JobSpec("gpt-35-turbo", "file-1", hyperparameters={"n_epochs": 2}))

    assert server.requests[0].json["hyperparameters"] == {"n_epochs": 2}
    assert job.hyperparameters == {"n_epochs": 2}


@pytest.mark.parametrize(
    ("api_version", "path"),
    [("", "/chat/completions"), (OLDER, "/deployments/support-bot/chat/completions")],
)
async def test_azure_answers_under_the_name_of_the_deployment(server: FaultServer, api_version: str, path: str) -> None:
    endpoint = speak(server, Dialect.AZURE, api_version=api_version)
    server.memory.reply = REPLY
    told = replace(endpoint, profile=endpoint.profile.with_deployment(TUNED, "support-bot"))

    async with connected(told) as provider:
        deltas = [delta async for delta in provider.reply(TUNED, TURNS, SamplingSettings(max_tokens=3))]

    assert deltas[-1].ending is Ending.STOP
    assert server.requests[0].path == path
    assert server.requests[0].json["model"] == "support-bot"


async def test_a_deployment_that_was_not_told_is_asked_for_in_words(server: FaultServer) -> None:
    async with connected(speak(server, Dialect.AZURE)) as provider:
        with pytest.raises(NotFoundError) as raised:
            [delta async for delta in provider.reply(TUNED, TURNS, SamplingSettings())]

    assert "fttui profiles deployment" in raised.value.hint


async def test_azure_says_until_when_a_model_is_trained_and_used(server: FaultServer) -> None:
    endpoint = speak(server, Dialect.AZURE)
    server.memory.models = {"gpt-4.1-2025-04-14": {"id": "gpt-4.1-2025-04-14"}, TUNED: {"id": TUNED}}

    async with connected(endpoint) as provider:
        base, tuned = sorted(await provider.list_models(), key=lambda model: model.id)

    assert (base.training_ends, base.shutdown_date, base.trainable) == ("2027-01-15", "2027-12-28", True)
    assert base.created_at == 1_750_000_000
    assert (base.is_tuned, tuned.is_tuned) == (False, True)


async def test_azures_checkpoints_are_known_by_their_ids(server: FaultServer) -> None:
    endpoint = speak(server, Dialect.AZURE)
    job = server.memory.start_job({"model": "gpt-4.1", "training_file": "file-1"})
    server.memory.checkpoints[str(job["id"])] = [
        {"id": "ftchkpt-0a", "fine_tuned_model_checkpoint": TUNED, "step_number": 5, "metrics": {}, "created_at": 1}
    ]

    async with connected(endpoint) as provider:
        checkpoints = await provider.checkpoints(str(job["id"]))

    assert [checkpoint.model for checkpoint in checkpoints] == ["ftchkpt-0a"]


@pytest.mark.parametrize(("said", "status"), [("canceled", "cancelled"), ("notRunning", "queued")])
async def test_azures_older_words_for_a_status_are_understood(server: FaultServer, said: str, status: str) -> None:
    endpoint = speak(server, Dialect.AZURE, api_version=OLDER)
    job = server.memory.start_job({"model": "gpt-4.1", "training_file": "file-1"})
    job["status"] = said

    async with connected(endpoint) as provider:
        assert (await provider.retrieve_job(str(job["id"]))).status == status


async def test_azures_own_event_texts_change_nothing(server: FaultServer) -> None:
    endpoint = speak(server, Dialect.AZURE)
    job_id = str(server.memory.start_job({"model": "gpt-4.1", "training_file": "file-1"})["id"])
    for words in ("Job enqueued. Waiting for jobs ahead to complete.", "Job started.", "Job succeeded."):
        server.memory.tell(job_id, words)

    async with connected(endpoint) as provider:
        events = await provider.events_since(job_id, None)
        job = await provider.retrieve_job(job_id)

    assert events[-1].message == "Job succeeded."
    assert job.status == "queued"


async def test_nebius_takes_its_own_fields_and_no_metadata(server: FaultServer) -> None:
    chosen: dict[str, Value] = {"learning_rate": 2e-5, "lora": "yes", "lora_r": 16, "packing": "no"}
    async with connected(speak(server, Dialect.NEBIUS)) as provider:
        job = await provider.create_job(
            JobSpec("meta-llama/Llama-3.3-70B-Instruct", "file-1", hyperparameters=chosen, metadata={"fttui_op": "1"})
        )

    body = server.requests[0].json
    assert body["method"] == {
        "type": "supervised",
        "supervised": {"hyperparameters": {"learning_rate": 2e-5, "lora": True, "lora_r": 16, "packing": False}},
    }
    assert "metadata" not in body
    assert job.hyperparameters["lora"] == "yes"


async def test_what_nebius_does_not_take_is_told_in_its_words(server: FaultServer) -> None:
    async with connected(speak(server, Dialect.NEBIUS)) as provider:
        with pytest.raises(RefusedError) as raised:
            await provider.create_job(JobSpec("m", "file-1", hyperparameters={"learning_rate_multiplier": 2}))

    assert raised.value.message == "learning_rate_multiplier is not taken"


async def test_servers_of_open_models_know_the_limit_by_its_older_name(server: FaultServer) -> None:
    endpoint = speak(server, Dialect.NEBIUS)
    server.memory.reply = REPLY
    async with connected(endpoint) as provider:
        assert [delta async for delta in provider.reply("m", TURNS, SamplingSettings(max_tokens=9))]

    assert server.requests[0].json["max_tokens"] == 9


async def test_old_versions_of_azure_are_not_asked_for_the_usage(server: FaultServer) -> None:
    for api_version, asked in (("2024-02-01", False), (OLDER, True)):
        endpoint = speak(server, Dialect.AZURE, api_version=api_version)
        server.memory.reply = REPLY
        told = replace(endpoint, profile=endpoint.profile.with_deployment(TUNED, AzureMemory.deployment))
        async with connected(told) as provider:
            assert [delta async for delta in provider.reply(TUNED, TURNS, SamplingSettings())]
        assert ("stream_options" in server.requests[-1].json) is asked


async def test_closed_training_offers_another_profile(server: FaultServer) -> None:
    async with connected(speak(server, Dialect.OPENAI)) as provider:
        server.fail("POST", "/fine_tuning/jobs$", error(403, "Winding down", "training_not_available"))
        with pytest.raises(FttuiError) as raised:
            await provider.create_job(JobSpec("gpt-4.1", "file-1", method=Method.SUPERVISED))

    assert raised.value.title == "Training is closed here"
    assert "takes no more training jobs from this organisation" in raised.value.message
    assert "--profile local" in raised.value.hint


async def test_a_server_that_only_chats_says_so_in_words(server: FaultServer) -> None:
    server.memory = ChatOnlyMemory(models={"llama": {"id": "llama"}})
    server.memory.reply = REPLY

    async with connected(server.endpoint()) as provider:
        assert [model.id for model in await provider.list_models()] == ["llama"]
        assert [delta async for delta in provider.reply("llama", TURNS, SamplingSettings())][-1].ending is Ending.STOP
        with pytest.raises(NotFoundError) as no_files:
            await provider.list_files()
        with pytest.raises(NotFoundError) as no_jobs:
            await provider.create_job(JobSpec("llama", "file-1"))

    assert "keeps no files. It says: Not Found" in no_files.value.message
    assert "trains nothing" in no_jobs.value.message
    assert "fttui profiles test" in no_jobs.value.hint
