"""A server that misbehaves on request, and somebody who uses it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from fault_server import KEY, FaultServer, running_fault_server


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with running_fault_server() as running:
        yield running


@pytest.fixture
def remote(server: FaultServer) -> Mapping[str, str]:
    """The environment of a user whose OpenAI profile points to that server."""
    return {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": server.base_url, "FTTUI_PROFILE": "openai"}
