"""Where a provider wants a byte-order mark files arrive with one; the file on this computer stays as it is."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from deliveries import CONTENT, SMALL_PARTS
from fakes import FakeClock
from fault_server import FaultServer
from fttui.domain.jobs.spec import JobSpec
from fttui.domain.jobs.transfer import Cutting
from fttui.services.jobs.file_delivery import FileDelivery
from fttui.services.jobs.journal import Journal
from fttui.services.jobs.launch_plan import LaunchPlan, LaunchProgress
from fttui.services.openai_api.provider import OpenAiProvider


@pytest.mark.parametrize("cutting", [SMALL_PARTS, Cutting()], ids=["in parts", "at once"])
@pytest.mark.parametrize("own", [b"", codecs.BOM_UTF8], ids=["without", "with its own"])
async def test_a_file_arrives_with_one_mark(
    server: FaultServer,
    provider: OpenAiProvider,
    journal: Journal,
    clock: FakeClock,
    tmp_path: Path,
    own: bytes,
    cutting: Cutting,
) -> None:
    file = tmp_path / "marked.jsonl"
    file.write_bytes(own + CONTENT)
    told: list[LaunchProgress] = []
    plan = LaunchPlan(JobSpec("base", ""), file, marked=True)

    sent = await FileDelivery(provider, journal, "p", plan, told.append, clock, cutting).prepare(file)
    again = await FileDelivery(provider, journal, "p", plan, told.append, clock, cutting).prepare(file)

    assert server.memory.contents[sent] == codecs.BOM_UTF8 + CONTENT
    assert again == sent
    assert told[-1].total in (0, len(CONTENT) + 3)
    assert file.read_bytes() == own + CONTENT
