"""The key store of the operating system, reached through a child process that can be killed."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fttui.domain.errors import KeyStoreError
from fttui.domain.profiles.secret import Secret
from fttui.domain.profiles.states import KeyStoreState
from fttui.domain.settings import KeyStore
from fttui.domain.text import safe_line
from fttui.services.profiles.child import ask, without_keys

SECONDS = 5.0
"""How long the store may take to answer."""
UNLOCK_SECONDS = 60.0
"""How long a person has to answer the system's own question."""

# -P keeps the current folder off the import path; -E takes no PYTHON* variable's word. Unlike -I, packages
# that a person installed for themselves alone are still found.
HELPER = (sys.executable, "-E", "-P", "-m", "fttui.services.profiles.keyring_child")

_WAYS_OUT = "Use a key command, an environment variable, or a key for this session only."


@dataclass(frozen=True, slots=True)
class StoredKey:
    """What asking the store for a key gave: how the store is, and the key where there is one."""

    state: KeyStoreState
    key: str | None = None

    def __repr__(self) -> str:
        return f"StoredKey({self.state}, {'with' if self.key else 'without'} a key)"


class SystemKeyStore:
    """Reads and keeps keys.

    Args:
        environ: the environment; keys in it are kept from the child.
        choice: which store may be used.
        helper: the command that talks to the store.
        seconds: how long it may take.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        choice: KeyStore = KeyStore.SYSTEM,
        helper: Sequence[str] = HELPER,
        seconds: float = SECONDS,
    ) -> None:
        self._environ = environ
        self._choice = choice
        self._helper = tuple(helper)
        self._seconds = seconds

    async def state(self) -> KeyStoreState:
        """How the store is, without a prompt."""
        return (await self._ask("state")).state

    async def get(self, username: str) -> StoredKey:
        """Look a key up; a store that is locked, absent or silent is told in the state."""
        return await self._ask("get", username)

    async def set(self, username: str, key: Secret) -> None:
        """Keep a key, and read it back.

        Raises:
            KeyStoreError: it was not kept.
        """
        found, done = await self._try("set", username, key)
        if not done:
            reason = found.state.reason or "the key store did not keep the key"
            raise KeyStoreError(f"The key was not kept: {reason}", hint=_WAYS_OUT)

    async def delete(self, username: str) -> bool:
        """Remove a key; return whether there was one.

        Raises:
            KeyStoreError: the store is locked, absent or silent.
        """
        found, done = await self._try("delete", username)
        if not found.state.usable:
            raise KeyStoreError(f"No key was deleted: {found.state.reason}")
        return done

    async def unlock(self) -> KeyStoreState:
        """Ask the system to ask the person; waits up to a minute and can be cancelled."""
        found, _ = await self._try("unlock", seconds=max(UNLOCK_SECONDS, self._seconds))
        return found.state

    async def _ask(self, operation: str, username: str = "") -> StoredKey:
        return (await self._try(operation, username))[0]

    async def _try(
        self, operation: str, username: str = "", key: Secret | None = None, *, seconds: float | None = None
    ) -> tuple[StoredKey, bool]:
        if self._choice is KeyStore.OFF:
            return _absent("switched off in the settings"), False
        request: dict[str, str | bool] = {
            "operation": operation,
            "username": username,
            "allow_pass": self._choice is KeyStore.PASS,
        }
        if key is not None:
            request["key"] = key.reveal()
        limit = seconds or self._seconds
        try:
            answer = await ask(
                self._helper, environ=without_keys(self._environ), limit=limit, request=json.dumps(request).encode()
            )
        except TimeoutError:
            return _absent(f"the key store did not answer within {limit:g} s"), False
        except OSError as error:
            return _absent(f"the helper could not be started: {error.strerror}"), False
        return _read(answer.output)


def _read(output: bytes) -> tuple[StoredKey, bool]:
    try:
        reply = json.loads(output)
        state = KeyStoreState(
            backend=safe_line(str(reply["backend"]), 80),
            available=reply["available"] is True,
            locked=reply["locked"] is True,
            reason=safe_line(str(reply["reason"]), 200),
        )
    except (ValueError, TypeError, KeyError):
        return _absent("the key store failed"), False
    key = reply.get("key")
    return StoredKey(state, key if isinstance(key, str) else None), reply.get("done") is True


def _absent(reason: str) -> StoredKey:
    return StoredKey(KeyStoreState("none", available=False, reason=reason))
