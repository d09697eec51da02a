"""A probe finds out what a server answers, harmlessly, and places know it afterwards."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dialects import ChatOnlyMemory, speak
from fault_server import Fault, FaultServer, error
from fttui.domain.jobs.job import Method
from fttui.domain.profiles.capabilities import Support, capabilities_of, missing_words
from fttui.domain.profiles.probed import Finding, Subject
from fttui.domain.profiles.profile import Dialect
from fttui.services.profiles.probe import Probes

NOW = 1_790_000_000.0


@pytest.fixture
def probes(tmp_path: Path) -> Probes:
    return Probes(tmp_path / "probes.json")


async def test_a_whole_provider_answers_every_question(server: FaultServer, probes: Probes) -> None:
    endpoint = server.endpoint()
    server.memory.models["m"] = {"id": "m"}
    server.memory.start_job({"model": "m", "training_file": "file-1"})

    found = await probes.ask(endpoint, NOW)

    assert found.findings == dict.fromkeys(Subject, Finding.ANSWERS)
    assert found.models == 1
    assert capabilities_of(endpoint.profile, found).jobs is Support.YES


async def test_a_probe_only_asks_and_never_changes_anything(server: FaultServer, probes: Probes) -> None:
    await probes.ask(server.endpoint(), NOW)

    assert {request.method for request in server.requests} == {"GET"}
    assert len(server.requests) <= 5


async def test_a_server_that_only_chats_is_known_for_what_it_is(server: FaultServer, probes: Probes) -> None:
    server.memory = ChatOnlyMemory(models={"llama": {"id": "llama"}})
    endpoint = server.endpoint()

    can = capabilities_of(endpoint.profile, await probes.ask(endpoint, NOW))

    assert can.chat_only
    assert (can.models, can.methods, can.hyperparameters) == (Support.YES, (), ())
    assert missing_words(endpoint.profile, can, Subject.FILES) == (
        "fault answers chats only: it keeps no files and trains nothing."
    )
    assert missing_words(endpoint.profile, can, Subject.MODELS) == ""


PAGE = Fault(200, b"<html>hello</html>", {"content-type": "text/html"})


async def test_a_page_for_people_is_no_list(server: FaultServer, probes: Probes) -> None:
    server.fail("GET", "/files", PAGE)

    found = await probes.ask(server.endpoint(), NOW)

    assert found.findings[Subject.FILES] is Finding.MISSING
    assert found.findings[Subject.JOBS] is Finding.ANSWERS


@pytest.mark.parametrize(
    ("fault", "finding"),
    [
        (error(403, "Not with this key"), Finding.REFUSED),
        (error(401, "Who are you?"), Finding.REFUSED),
        (error(400, "limit is not known"), Finding.REFUSED),
        (error(500, "Broken"), Finding.SILENT),
        (error(429, "Slow down"), Finding.SILENT),
        (error(405, "Not so"), Finding.MISSING),
    ],
)
async def test_only_a_clear_no_counts_as_missing(
    server: FaultServer, probes: Probes, fault: Fault, finding: Finding
) -> None:
    server.fail("GET", "/fine_tuning/jobs", fault)
    endpoint = server.endpoint()

    found = await probes.ask(endpoint, NOW)

    assert found.findings[Subject.JOBS] is finding
    assert bool(capabilities_of(endpoint.profile, found).jobs) is (finding is not Finding.MISSING)


async def test_what_was_found_is_remembered_for_the_address(
    server: FaultServer, probes: Probes, tmp_path: Path
) -> None:
    endpoint = server.endpoint()
    found = await probes.ask(endpoint, NOW)

    again = Probes(tmp_path / "probes.json")
    assert again.of(endpoint.profile) == found
    assert again.of(replace(endpoint.profile, base_url="http://elsewhere.test/v1")) is None


async def test_where_there_are_only_pages_nothing_is_learnt(server: FaultServer, probes: Probes) -> None:
    for path in ("/models", "/files", "/fine_tuning/jobs"):
        server.fail("GET", path, PAGE, forever=True)

    found = await probes.ask(server.endpoint(), NOW)

    assert set(found.findings.values()) == {Finding.SILENT}
    assert not found.tells
    assert probes.of(server.endpoint().profile) is None


async def test_silence_is_not_remembered(server: FaultServer, probes: Probes) -> None:
    endpoint = server.endpoint()
    for path in ("/models", "/files", "/fine_tuning/jobs"):
        server.fail("GET", path, Fault(close=True), forever=True)

    found = await probes.ask(endpoint, NOW)

    assert set(found.findings.values()) == {Finding.SILENT}
    assert probes.of(endpoint.profile) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 9}', '{"version": 1, "probes": {"fault": {"at": "x"}}}'])
def test_a_file_that_cannot_be_read_means_that_nothing_is_known(tmp_path: Path, text: str) -> None:
    path = tmp_path / "probes.json"
    path.write_text(text)

    assert Probes(path).of(FaultServer().endpoint().profile) is None


@pytest.mark.parametrize("dialect", [Dialect.OPENAI, Dialect.AZURE, Dialect.NEBIUS])
async def test_every_kind_of_provider_can_be_probed(server: FaultServer, probes: Probes, dialect: Dialect) -> None:
    found = await probes.ask(speak(server, dialect), NOW)

    assert found.findings[Subject.JOBS] is Finding.ANSWERS


def test_kinds_declare_what_they_take() -> None:
    server = FaultServer()
    nebius = capabilities_of(replace(server.endpoint().profile, dialect=Dialect.NEBIUS))
    azure = capabilities_of(replace(server.endpoint().profile, dialect=Dialect.AZURE))
    engine = capabilities_of(replace(server.endpoint().profile, dialect=Dialect.ENGINE))

    assert {"learning_rate", "lora_r"} <= {field.name for field in nebius.hyperparameters}
    assert "learning_rate_multiplier" not in {field.name for field in nebius.hyperparameters}
    assert not nebius.pause
    assert azure.needs_deployment
    assert azure.training_tiers == ("Standard", "GlobalStandard", "Developer")
    assert azure.limits.suffix_problem("no spaces please") != ""
    assert azure.limits.suffix_problem("support-bot_2") == ""
    assert engine.methods == (Method.SUPERVISED,)
    assert "512,000,000" in azure.limits.size_problem(600_000_000, in_parts=False)
