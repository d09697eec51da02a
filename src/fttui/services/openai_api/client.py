"""Builds the SDK's client: late, guarded, without retries, redirects or surprises from the environment."""

from __future__ import annotations

import os
from dataclasses import replace
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fttui.domain.errors import KeyRefusedError, ProviderError, SettingsError
from fttui.domain.profiles.azure import is_entra_token, request_address, resource_address
from fttui.domain.profiles.profile import Dialect, Endpoint
from fttui.domain.text import safe_line

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI, Omit

CONNECT_SECONDS = 10.0
READ_SECONDS = 30.0
WRITE_SECONDS = 60.0


def build_client(endpoint: Endpoint) -> AsyncOpenAI:
    """A client for one endpoint. Takes half a second the first time; call it off the event loop.

    Raises:
        SettingsError: the address or the key cannot be used.
        KeyRefusedError: a key is needed and none was found.
        ProviderError: the network settings of this computer do not let a client be built.
    """
    key = _checked_key(endpoint)
    host = host_of(endpoint)

    import httpx2
    from openai import AsyncOpenAI, DefaultAsyncHttpxClient, OpenAIError

    try:
        http_client = DefaultAsyncHttpxClient(
            follow_redirects=False,
            trust_env=not is_loopback(endpoint.base_url),
            timeout=httpx2.Timeout(READ_SECONDS, connect=CONNECT_SECONDS, write=WRITE_SECONDS),
            event_hooks={} if key else {"request": [_without_key]},
        )
        if endpoint.profile.dialect is Dialect.AZURE and endpoint.profile.api_version:
            return _older_azure(endpoint, key, http_client)
        return AsyncOpenAI(
            # The SDK wants some key; where we have none, the hook above takes the header out again.
            api_key=key or "none",
            base_url=_address(endpoint),
            max_retries=0,
            http_client=http_client,
            default_headers=_headers(endpoint, key),
        )
    except (OSError, ImportError, ValueError, httpx2.InvalidURL, OpenAIError) as error:
        raise ProviderError(
            f"No connection to {host} can be set up: {safe_line(str(error), 200)}",
            hint="Look at HTTPS_PROXY, ALL_PROXY, SSL_CERT_FILE and SSL_CERT_DIR.",
        ) from error


def _address(endpoint: Endpoint) -> str:
    if endpoint.profile.dialect is not Dialect.AZURE:
        return endpoint.base_url
    return request_address(replace(endpoint.profile, base_url=endpoint.base_url))


def _older_azure(endpoint: Endpoint, key: str, http_client: httpx2.AsyncClient) -> AsyncOpenAI:
    """Azure's older style: an api-version on every request, the key in a header of its own, a token as usual."""
    from openai import AsyncAzureOpenAI

    is_token = is_entra_token(key)
    return AsyncAzureOpenAI(
        azure_endpoint=resource_address(endpoint.base_url),
        api_version=endpoint.profile.api_version,
        api_key=None if is_token else key or "none",
        azure_ad_token=key if is_token else None,
        max_retries=0,
        http_client=http_client,
        default_headers=_foreign_headers(endpoint),
    )


def host_of(endpoint: Endpoint) -> str:
    """Host and port of an endpoint, without any name or password in the address."""
    return safe_line(urlsplit(endpoint.base_url).netloc.rpartition("@")[2] or endpoint.profile.name, 80)


def is_loopback(base_url: str) -> bool:
    """Whether an address is this computer's own."""
    name = urlsplit(base_url).hostname or ""
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def _checked_key(endpoint: Endpoint) -> str:
    profile = endpoint.profile
    scheme = urlsplit(endpoint.base_url).scheme
    if scheme not in ("http", "https"):
        raise SettingsError(
            f"The address of the profile {safe_line(profile.name)} is not a web address",
            hint="It reads like https://host/v1.",
        )
    secret = endpoint.credential.key
    if secret is None:
        if profile.key_optional:
            return ""
        raise KeyRefusedError(
            f"There is no key for the profile {safe_line(profile.name)}",
            status=401,
            hint=f"Set one with: fttui keys set {safe_line(profile.name)}",
        )
    key = secret.reveal()
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise SettingsError(
            f"The key of the profile {safe_line(profile.name)} has characters in it that no key has",
            hint=f"Set it again with: fttui keys set {safe_line(profile.name)}",
        )
    return key


async def _without_key(request: httpx2.Request) -> None:
    for name in ("Authorization", "api-key"):
        request.headers.pop(name, None)


def _headers(endpoint: Endpoint, key: str) -> dict[str, str]:
    return {**_foreign_headers(endpoint), "Authorization": f"Bearer {key or 'none'}"}


def _foreign_headers(endpoint: Endpoint) -> dict[str, str]:
    """What the SDK would add from OPENAI_* variables, struck out: it goes to OpenAI alone."""
    from openai import Omit

    if endpoint.profile.dialect is Dialect.OPENAI:
        return {}
    lines = os.environ.get("OPENAI_CUSTOM_HEADERS", "").splitlines()
    foreign = [line.split(":", 1)[0].strip() for line in lines if ":" in line]
    headers: dict[str, Omit] = dict.fromkeys((*foreign, "OpenAI-Organization", "OpenAI-Project"), Omit())
    return headers  # type: ignore[return-value]  # the SDK takes Omit here, and says so only of its internals
