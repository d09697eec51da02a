"""The client goes where the profile says, with that profile's key, and with nothing else from this computer."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from fakes import FakeClock
from fault_server import KEY, FaultServer
from fttui.domain.errors import FttuiError, KeyRefusedError, ProviderError, SettingsError, UnreachableError
from fttui.domain.profiles.profile import Credential, Dialect, Endpoint, KeySource, Profile
from fttui.domain.profiles.secret import Secret
from fttui.services.openai_api.client import is_loopback
from fttui.services.openai_api.provider import OpenAiProvider


def endpoint_at(base_url: str, key: str | None = KEY, *, key_optional: bool = False) -> Endpoint:
    profile = Profile("own", Dialect.COMPATIBLE, base_url, key_optional=key_optional)
    return Endpoint(profile, base_url, Credential(Secret(key) if key is not None else None, KeySource.SESSION))


async def failure_at(endpoint: Endpoint) -> FttuiError:
    provider = OpenAiProvider(endpoint, FakeClock())
    with pytest.raises(FttuiError) as raised:
        await provider.list_models()
    await provider.close()
    return raised.value


async def test_proxies_do_not_stand_between_us_and_this_computer(
    server: FaultServer, provider: OpenAiProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert await provider.list_models() == []


async def test_headers_meant_for_openai_go_to_nobody_else(server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-secret")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-secret")
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "sk-admin-secret")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-other-secret")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Team: secret\nAuthorization: Bearer secret")
    provider = OpenAiProvider(server.endpoint())

    await provider.list_models()
    await provider.close()

    sent = server.requests[0].headers
    assert sent["authorization"] == f"Bearer {KEY}"
    assert not [name for name, value in sent.items() if "secret" in value]


async def test_a_profile_without_a_key_sends_none(server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-other-secret")
    endpoint = endpoint_at(server.base_url, None, key_optional=True)

    assert isinstance(await failure_at(endpoint), KeyRefusedError)
    assert "authorization" not in server.requests[0].headers


async def test_a_missing_key_is_told_before_anything_is_sent(server: FaultServer) -> None:
    failure = await failure_at(endpoint_at(server.base_url, None))

    assert isinstance(failure, KeyRefusedError)
    assert "no key" in failure.message
    assert server.requests == []


@pytest.mark.parametrize("key", ["sk-line\nbreak", "sk-schlüssel", "two words", ""])
async def test_a_key_that_cannot_be_sent_is_told_without_showing_it(server: FaultServer, key: str) -> None:
    failure = await failure_at(endpoint_at(server.base_url, key))

    assert isinstance(failure, SettingsError)
    assert not key or key not in repr(failure)
    assert server.requests == []


async def test_a_bad_certificate_file_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/ca.pem")

    failure = await failure_at(endpoint_at("https://example.test/v1"))

    assert isinstance(failure, ProviderError)
    assert "SSL_CERT_FILE" in failure.hint


async def test_nobody_listening_is_told_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    failure = await failure_at(endpoint_at(f"http://127.0.0.1:{port}/v1"))

    assert isinstance(failure, UnreachableError)
    assert failure.message == f"127.0.0.1:{port}: nothing answers there; the connection was refused"


async def test_an_unknown_host_is_told_in_words() -> None:
    failure = await failure_at(endpoint_at("https://user:word@does-not-exist.invalid/v1"))

    assert isinstance(failure, UnreachableError)
    assert failure.message.startswith("does-not-exist.invalid: there is no such host")


async def test_https_spoken_to_a_plain_server_is_told_in_words(server: FaultServer) -> None:
    failure = await failure_at(replace(server.endpoint(), base_url=server.base_url.replace("http:", "https:")))

    assert isinstance(failure, UnreachableError)
    assert "secure connection" in failure.message


async def test_an_address_that_is_none_is_told_in_words() -> None:
    assert isinstance(await failure_at(endpoint_at("ftp://example.test/v1")), SettingsError)


@pytest.mark.parametrize(
    ("base_url", "expected"),
    [
        ("http://127.0.0.1:8000/v1", True),
        ("http://127.8.8.8/v1", True),
        ("http://[::1]:1/v1", True),
        ("http://localhost/v1", True),
        ("https://api.openai.com/v1", False),
        ("http://127.0.0.1.example.com/v1", False),
        ("http://10.0.0.1/v1", False),
    ],
)
def test_only_this_computer_counts_as_loopback(base_url: str, expected: bool) -> None:
    assert is_loopback(base_url) is expected
