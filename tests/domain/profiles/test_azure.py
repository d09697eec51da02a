from __future__ import annotations

import base64
import json

import pytest

from fttui.domain.profiles.azure import (
    is_entra_token,
    needs_deployment,
    request_address,
    resource_address,
    token_has_ended,
)
from fttui.domain.profiles.kinds import kind_of_address, usual_key_variable
from fttui.domain.profiles.profile import Dialect, Profile

RESOURCE = "https://team.openai.azure.com"


def token(**claims: object) -> str:
    middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJub25lIn0.{middle}.c2lnbmVk"


@pytest.mark.parametrize("typed", ["", "/", "/openai", "/openai/v1", "/openai/v1/"])
def test_an_address_may_be_typed_with_or_without_its_path(typed: str) -> None:
    assert resource_address(RESOURCE + typed) == RESOURCE
    assert request_address(Profile("a", Dialect.AZURE, RESOURCE + typed)) == f"{RESOURCE}/openai/v1"
    older = Profile("a", Dialect.AZURE, RESOURCE + typed, api_version="2024-10-21")
    assert request_address(older) == f"{RESOURCE}/openai"


def test_a_token_is_told_from_a_key() -> None:
    assert is_entra_token(token(exp=1))
    assert not is_entra_token("0123456789abcdef0123456789abcdef")


@pytest.mark.parametrize(
    ("key", "ended"),
    [
        (token(exp=2000), False),
        (token(exp=1100), True),
        (token(exp="soon"), False),
        (token(), False),
        ("eyJ.###.x", False),
        ("0123456789abcdef", False),
    ],
)
def test_a_token_that_has_ended_is_fetched_anew(key: str, ended: bool) -> None:
    assert token_has_ended(key, 1000.0) is ended


def test_a_deployment_is_asked_for_once() -> None:
    profile = Profile("a", Dialect.AZURE, RESOURCE)
    told = profile.with_deployment("m", "bot").with_deployment("m", "bot-2")

    assert needs_deployment(profile, "m")
    assert not needs_deployment(told, "m")
    assert not needs_deployment(told, "bot-2")
    assert told.deployments == (("m", "bot-2"),)
    assert not needs_deployment(Profile("b", Dialect.COMPATIBLE, "http://127.0.0.1/v1"), "m")


@pytest.mark.parametrize(
    ("address", "kind", "variable"),
    [
        ("https://api.openai.com/v1", Dialect.OPENAI, ""),
        (RESOURCE, Dialect.AZURE, ""),
        ("https://team.services.ai.azure.com/openai/v1", Dialect.AZURE, ""),
        ("https://api.tokenfactory.nebius.com/v1/", Dialect.NEBIUS, "NEBIUS_API_KEY"),
        ("http://127.0.0.1:8000/v1", Dialect.COMPATIBLE, ""),
        ("https://openai.azure.com.evil.example/v1", Dialect.COMPATIBLE, ""),
        ("https://[broken", Dialect.COMPATIBLE, ""),
    ],
)
def test_the_kind_is_known_by_the_host(address: str, kind: Dialect, variable: str) -> None:
    assert kind_of_address(address) is kind
    assert usual_key_variable(address) == variable
