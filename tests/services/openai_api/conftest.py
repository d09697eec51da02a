"""A server that misbehaves on request, and a provider that talks to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from fakes import FakeClock
from fault_server import FaultServer, running_fault_server
from fttui.services.openai_api.provider import OpenAiProvider


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with running_fault_server() as running:
        yield running


@pytest.fixture
async def provider(server: FaultServer) -> AsyncIterator[OpenAiProvider]:
    """Its waits between repeated questions take no time."""
    connected = OpenAiProvider(server.endpoint(), FakeClock())
    yield connected
    await connected.close()
