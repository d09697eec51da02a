"""Connections to providers, each kept until its key, its address or its settings change."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fttui.domain.errors import KeyStoreError
from fttui.domain.profiles.azure import token_has_ended
from fttui.domain.profiles.profile import Credential, Dialect, Endpoint, KeySource, Profile
from fttui.services.crash import redact
from fttui.services.profiles.engine import Engine
from fttui.services.profiles.keys import Keys

if TYPE_CHECKING:
    from fttui.services.ports import ProviderApi


@dataclass(frozen=True, slots=True)
class _Connection:
    provider: ProviderApi
    endpoint: Endpoint
    keys_version: int


class Connections:
    """The connections of one running program.

    Args:
        keys: finds the keys that providers want.
        engine: the embedded engine, started where a connection to it is wanted.
    """

    def __init__(self, keys: Keys, engine: Engine) -> None:
        self._keys = keys
        self._engine = engine
        self._kept: dict[str, _Connection] = {}
        self._retired: list[_Connection] = []
        self._connecting = asyncio.Lock()

    async def endpoint(self, profile: Profile) -> Endpoint:
        """Address and key of a profile.

        Raises:
            EngineError: the embedded engine could not be started.
        """
        if profile.dialect is Dialect.ENGINE:
            base_url, key = await self._engine.address()
            redact.learn(key)
            return Endpoint(profile, base_url, Credential(key, KeySource.ENGINE))
        return Endpoint(profile, profile.base_url, await self._keys.find(profile))

    async def provider(self, profile: Profile, now: float) -> ProviderApi:
        """The connection to a profile.

        Args:
            profile: as the settings have it now.
            now: unix seconds, by which a token of a key command may have ended.

        Raises:
            KeyStoreError: the profile needs a key and none was found.
            EngineError: as for `endpoint`.
        """
        async with self._connecting:
            known = self._kept.get(profile.name)
            if known is not None and await self._still_holds(known, profile, now):
                return known.provider
            version = self._keys.version
            endpoint = await self.endpoint(profile)
            if endpoint.credential.key is None and not profile.key_optional:
                note = endpoint.credential.note
                raise KeyStoreError(
                    f"No key was found for the profile {profile.name}" + (f": {note}" if note else ""),
                    hint=await self._keys.where_to_put(profile),
                )
            from fttui.services.openai_api.provider import OpenAiProvider

            provider: ProviderApi = OpenAiProvider(endpoint)
            self._kept[profile.name] = _Connection(provider, endpoint, version)
            if known is not None:
                # Someone may be in the middle of a call; it is closed with everything else.
                self._retired.append(known)
        return provider

    async def close(self) -> None:
        """Let go of all of them."""
        connections = (*self._kept.values(), *self._retired)
        self._kept, self._retired = {}, []
        for connection in connections:
            await connection.provider.close()

    async def _still_holds(self, known: _Connection, profile: Profile, now: float) -> bool:
        if known.endpoint.profile != profile or known.keys_version != self._keys.version:
            return False
        if profile.dialect is not Dialect.ENGINE:
            key = known.endpoint.credential.key
            return key is None or not token_has_ended(key.reveal(), now)
        return await self._engine.address() == (known.endpoint.base_url, known.endpoint.credential.key)
