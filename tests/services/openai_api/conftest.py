"""A provider that talks to a server that misbehaves on request."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from fakes import FakeClock
from fault_server import FaultServer
from fttui.services.openai_api.provider import OpenAiProvider


@pytest.fixture
async def provider(server: FaultServer) -> AsyncIterator[OpenAiProvider]:
    """Its waits between repeated questions take no time."""
    connected = OpenAiProvider(server.endpoint(), FakeClock())
    yield connected
    await connected.close()
