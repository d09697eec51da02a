"""Whether a profile holds together, and whether what was typed can be a key."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from fttui.domain.profiles.azure import TRAINING_TIERS, deployment_problem, is_api_version
from fttui.domain.profiles.profile import Dialect, Profile
from fttui.domain.profiles.secret import Secret

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
KEY_LIMIT = 4096
"""Characters; the longest tokens in use (Entra) have about 3,000."""


def profile_problem(profile: Profile) -> str:
    """Say what is wrong with a profile in one sentence; empty when nothing is."""
    if not _NAME.fullmatch(profile.name):
        return "A profile's name has 1 to 40 letters, digits, - or _, and begins with a letter or digit"
    if profile.key_variable and not _VARIABLE.fullmatch(profile.key_variable):
        return f"The key variable of {profile.name} is not the name of an environment variable"
    if any("\0" in word for word in profile.key_command):
        return f"The key command of {profile.name} holds a NUL character"
    if profile.dialect is Dialect.ENGINE:
        return "" if not profile.base_url else f"{profile.name} is the embedded engine and takes no base URL"
    return _address_problem(profile) or _azure_problem(profile)


def _azure_problem(profile: Profile) -> str:
    if profile.dialect is not Dialect.AZURE:
        if profile.api_version or profile.training_tier or profile.deployments:
            return f"{profile.name} is not Azure: it takes no api_version, training_tier or deployments"
        return ""
    if profile.api_version and not is_api_version(profile.api_version):
        return f"The api_version of {profile.name} must read like 2024-10-21 or 2025-04-01-preview"
    if profile.training_tier and profile.training_tier not in TRAINING_TIERS:
        return f"The training_tier of {profile.name} must be one of {', '.join(TRAINING_TIERS)}"
    wrong = (deployment_problem(deployment) for _, deployment in profile.deployments)
    return next((sentence for sentence in wrong if sentence), "")


def _address_problem(profile: Profile) -> str:
    try:
        address = urlsplit(profile.base_url)
        host, port = address.hostname, address.port
    except ValueError:
        return f"The base URL of {profile.name} cannot be read"
    if address.scheme not in ("http", "https") or not host:
        return f"The base URL of {profile.name} must read like https://host/v1"
    if address.username is not None or address.password is not None:
        return f"The base URL of {profile.name} must not hold a user name or password"
    if address.query or address.fragment:
        return f"The base URL of {profile.name} must not hold a query"
    if not profile.base_url.isascii() or not profile.base_url.isprintable() or " " in profile.base_url or port == 0:
        return f"The base URL of {profile.name} cannot be read"
    return ""


def sends_key_in_the_clear(profile: Profile) -> bool:
    """Whether a key for this profile would cross a network without TLS."""
    address = urlsplit(profile.base_url)
    return address.scheme == "http" and address.hostname not in _LOOPBACK


def read_key(typed: str) -> Secret:
    """Take what was typed, pasted or printed by a command as a key.

    Raises:
        ValueError: with a sentence that says what is wrong and never shows the key.
    """
    key = typed.strip()
    if not key:
        raise ValueError("The key is empty")
    if len(key) > KEY_LIMIT:
        raise ValueError(f"A key has at most {KEY_LIMIT} characters; this has {len(key)}")
    if not key.isascii():
        raise ValueError("A key has only ASCII characters; this holds others")
    if not key.isprintable() or " " in key:
        raise ValueError("A key holds no spaces, line breaks or control characters")
    return Secret(key)


def key_variable(name: str) -> str:
    """The environment variable that may hold the key of the profile of a name."""
    return "FTTUI_API_KEY_" + re.sub(r"[^A-Z0-9]", "_", name.upper())
