"""Which kind of provider an address belongs to, and what each kind is called."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from fttui.domain.profiles.profile import Dialect

KIND_WORDS: Mapping[Dialect, str] = {
    Dialect.ENGINE: "the embedded engine: trains a small model on this computer",
    Dialect.OPENAI: "OpenAI",
    Dialect.AZURE: "Azure OpenAI / Microsoft Foundry",
    Dialect.NEBIUS: "Nebius Token Factory",
    Dialect.COMPATIBLE: "a server that speaks the OpenAI protocol",
}

ADDABLE = tuple(dialect for dialect in Dialect if dialect is not Dialect.ENGINE)
"""The kinds a person's own profile can be of."""

# Hosts of Azure OpenAI, of Azure AI services and of Foundry (Microsoft's pages, 2026-10); of Nebius Token Factory and
# of its former name (Nebius' documentation, 2026-11-20).
_HOSTS: Mapping[str, Dialect] = {
    "api.openai.com": Dialect.OPENAI,
    "openai.azure.com": Dialect.AZURE,
    "cognitiveservices.azure.com": Dialect.AZURE,
    "services.ai.azure.com": Dialect.AZURE,
    "tokenfactory.nebius.com": Dialect.NEBIUS,
    "studio.nebius.com": Dialect.NEBIUS,
    "studio.nebius.ai": Dialect.NEBIUS,
}


def kind_of_address(base_url: str) -> Dialect:
    """The kind of provider that answers at an address, as far as its host tells."""
    try:
        host = urlsplit(base_url).hostname or ""
    except ValueError:
        return Dialect.COMPATIBLE
    for known, dialect in _HOSTS.items():
        if host == known or host.endswith(f".{known}"):
            return dialect
    return Dialect.COMPATIBLE


def usual_key_variable(base_url: str) -> str:
    """The environment variable that a provider's own pages put its key into, for its own addresses alone.

    Azure's is left out: its key belongs to one resource of many.
    """
    return "NEBIUS_API_KEY" if kind_of_address(base_url) is Dialect.NEBIUS else ""
