"""What is particular about Azure OpenAI and Microsoft Foundry: addresses, tokens, deployments, training tiers."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

from fttui.domain.profiles.profile import Dialect, Profile

TRAINING_TIERS = ("Standard", "GlobalStandard", "Developer")
"""Values of ``trainingType`` in a create request (Microsoft's fine-tuning pages, 2026-10)."""

_API_VERSION = r"\d{4}-\d{2}-\d{2}(-preview)?"
_DEPLOYMENT = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}"

_TOKEN_MARGIN = 120.0
"""Seconds before its end from which a token is not used any more."""


def resource_address(base_url: str) -> str:
    """The address of a resource without the path of either style: ``https://name.openai.azure.com``."""
    parts = urlsplit(base_url)
    path = parts.path.rstrip("/")
    for ending in ("/openai/v1", "/openai"):
        path = path.removesuffix(ending)
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def request_address(profile: Profile) -> str:
    """Where requests of a profile go: under ``/openai/v1``, or under ``/openai`` where it names an api-version."""
    return resource_address(profile.base_url) + ("/openai" if profile.api_version else "/openai/v1")


def is_entra_token(key: str) -> bool:
    """Whether a key is an Entra token, a JWT in three parts; keys of a resource hold no dots."""
    return key.startswith("ey") and key.count(".") == 2


def token_has_ended(key: str, now: float) -> bool:
    """Whether a key is an Entra token that has ended or is about to.

    Args:
        key: the key or token.
        now: unix seconds.
    """
    if not is_entra_token(key):
        return False
    # Only who has a token pays for reading it: this module is loaded at every start.
    import base64
    import json

    claims = key.split(".")[1]
    try:
        decoded = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    except (ValueError, RecursionError):
        return False
    ends = decoded.get("exp") if isinstance(decoded, dict) else None
    return isinstance(ends, (int, float)) and now >= ends - _TOKEN_MARGIN


def needs_deployment(profile: Profile, model: str) -> bool:
    """Whether it must be asked which deployment serves a model before anyone can talk to it."""
    return (
        profile.dialect is Dialect.AZURE
        and profile.deployment_of(model) is None
        and model not in {deployment for _, deployment in profile.deployments}
    )


def is_api_version(text: str) -> bool:
    """Whether a text reads like an api-version."""
    return re.fullmatch(_API_VERSION, text) is not None


def deployment_problem(name: str) -> str:
    """Say what is wrong with the name of a deployment in one sentence; empty when nothing is."""
    if re.fullmatch(_DEPLOYMENT, name):
        return ""
    return "A deployment's name has 1 to 64 letters, digits, -, _ or ., and begins with a letter or digit"
