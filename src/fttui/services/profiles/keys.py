"""Finds the key of a profile: its own command, the environment, the key store, this session; in this order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping

from fttui.domain.errors import KeyStoreError
from fttui.domain.profiles.checks import key_variable, read_key
from fttui.domain.profiles.profile import OPENAI, OPENAI_BASE_URL, Credential, Dialect, KeySource, Profile
from fttui.domain.profiles.secret import Secret
from fttui.domain.profiles.states import KeyStoreState
from fttui.domain.text import safe_line
from fttui.services.profiles.child import ask, without_keys
from fttui.services.profiles.key_store import StoredKey, SystemKeyStore

COMMAND_SECONDS = 5.0
HEAD_START_SECONDS = 0.5
"""How long a key command goes alone; after that the key store is asked beside it, so that both together hang no longer
than one of them."""

Learn = Callable[[Secret], None]


class Keys:
    """The keys of all profiles. A key belongs to a profile at an address and goes nowhere else.

    Args:
        environ: the environment of the person who started the program.
        store: the key store of the system.
        learn: told every key that comes by, so that it can be kept out of logs and crash reports.
        command_seconds: how long a key command may take.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        store: SystemKeyStore | None = None,
        *,
        learn: Learn | None = None,
        command_seconds: float = COMMAND_SECONDS,
    ) -> None:
        self._environ = environ
        self._store = store or SystemKeyStore(environ)
        self._learn = learn
        self._command_seconds = command_seconds
        self._session: dict[str, Secret] = {}
        self.version = 0
        """Grows whenever a key was set or deleted here, so that who holds a key can ask again."""

    async def find(self, profile: Profile) -> Credential:
        """Look for the key of a profile; what went wrong on the way is in the note.

        Without a key, `key` is None and the note says why.
        """
        if profile.dialect is Dialect.ENGINE:
            return Credential(None, KeySource.ENGINE)
        notes: list[str] = []
        # What is asked beside the command hangs beside it.
        beside = _Later(lambda: self._store.get(_username(profile)))
        try:
            found = await beside.while_waiting(self._from_command(profile, notes)) if profile.key_command else None
            found = found or self._from_environment(profile, notes)
            if found is None:
                found = _from_store(await beside.result(), notes)
        finally:
            await beside.drop()
        session = self._session.get(_username(profile))
        if found is None and session is not None:
            found = Credential(session, KeySource.SESSION)
        if found is None:
            return Credential(None, KeySource.NONE, "; ".join(notes))
        if self._learn and found.key:
            self._learn(found.key)
        return Credential(found.key, found.source, "; ".join(part for part in (found.note, *notes) if part))

    async def set(self, profile: Profile, key: Secret) -> None:
        """Keep a key in the key store, for this profile at this address.

        Raises:
            KeyStoreError: it was not kept, or the profile takes no key.
        """
        _refuse_engine(profile)
        if self._learn:
            self._learn(key)
        await self._store.set(_username(profile), key)
        self._session.pop(_username(profile), None)
        self.version += 1

    async def delete(self, profile: Profile) -> bool:
        """Forget the key of a profile, in the key store and for this session; return whether there was one.

        Raises:
            KeyStoreError: the store is locked, absent or silent.
        """
        _refuse_engine(profile)
        had_session_key = self._session.pop(_username(profile), None) is not None
        self.version += 1
        return await self._store.delete(_username(profile)) or had_session_key

    def use_for_session(self, profile: Profile, key: Secret) -> None:
        """Keep a key in memory until the program ends."""
        _refuse_engine(profile)
        if self._learn:
            self._learn(key)
        self._session[_username(profile)] = key
        self.version += 1

    async def state(self) -> KeyStoreState:
        """How the key store is, without a prompt."""
        return await self._store.state()

    async def where_to_put(self, profile: Profile) -> str:
        """What a person can do who has a key for a profile, as far as it works here."""
        variable = f"the environment variable {_variables(profile, self._environ)[-1]}"
        if (await self.state()).available:
            return f"Keep one with fttui keys set {profile.name}, or put it into {variable}."
        return f"Put it into {variable}, or type it for this run: s in Profiles."

    async def unlock(self) -> KeyStoreState:
        """Let the system ask the person to unlock the key store; can be cancelled."""
        self.version += 1
        return await self._store.unlock()

    async def hides_stored_key(self, profile: Profile, found: Credential) -> bool:
        """Whether a key of a higher source stands in front of one in the key store."""
        if found.source not in (KeySource.COMMAND, KeySource.ENVIRONMENT):
            return False
        return (await self._store.get(_username(profile))).key is not None

    async def _from_command(self, profile: Profile, notes: list[str]) -> Credential | None:
        if not profile.key_command:
            return None
        program = safe_line(profile.key_command[0], 60)
        try:
            answer = await ask(profile.key_command, environ=without_keys(self._environ), limit=self._command_seconds)
            if answer.exit_code != 0:
                notes.append(f"the key command {program} failed with exit code {answer.exit_code}")
                return None
            first_line = answer.output.split(b"\n", 1)[0].decode(errors="replace")
            return Credential(read_key(first_line), KeySource.COMMAND, program)
        except TimeoutError:
            notes.append(f"the key command {program} did not end within {self._command_seconds:g} s")
        except OSError as error:
            notes.append(f"the key command {program} could not be started: {error.strerror}")
        except ValueError as error:
            notes.append(f"the key command {program}: {error}")
        return None

    def _from_environment(self, profile: Profile, notes: list[str]) -> Credential | None:
        for name in _variables(profile, self._environ):
            value = self._environ.get(name, "")
            if not value.strip():
                continue
            try:
                return Credential(read_key(value), KeySource.ENVIRONMENT, name)
            except ValueError as error:
                notes.append(f"{name}: {error}")
        return None


class _Later:
    """A question to the key store that is asked once: when it is wanted, or when something else takes long."""

    def __init__(self, ask: Callable[[], Coroutine[object, object, StoredKey]]) -> None:
        self._ask = ask
        self._asked: asyncio.Task[StoredKey] | None = None

    async def while_waiting(self, first: Coroutine[object, object, Credential | None]) -> Credential | None:
        """The result of something that comes first; the question is asked as soon as that takes long."""
        going = asyncio.ensure_future(first)
        try:
            await asyncio.wait({going}, timeout=HEAD_START_SECONDS)
            if not going.done():
                self._asked = asyncio.ensure_future(self._ask())
            return await going
        finally:
            going.cancel()

    async def result(self) -> StoredKey:
        """The answer."""
        return await (self._asked or self._ask())

    async def drop(self) -> None:
        """Ask no longer."""
        if self._asked is not None:
            self._asked.cancel()
            await asyncio.wait({self._asked})


def _from_store(found: StoredKey, notes: list[str]) -> Credential | None:
    if found.key is None:
        if found.state.reason:
            notes.append(found.state.reason)
        return None
    try:
        return Credential(read_key(found.key), KeySource.KEYRING, found.state.backend)
    except ValueError as error:
        notes.append(f"the key in {found.state.backend}: {error}")
        return None


def _variables(profile: Profile, environ: Mapping[str, str]) -> tuple[str, ...]:
    own = key_variable(profile.name)
    if not profile.key_variable or profile.key_variable == own:
        return (own,)
    if profile.key_variable == OPENAI.key_variable and profile.name == OPENAI.name:
        # Beside OPENAI_BASE_URL the key is meant for that address, and only for that one.
        meant_for = environ.get("OPENAI_BASE_URL", "").strip() or OPENAI_BASE_URL
        if profile.base_url != meant_for:
            return (own,)
    return (own, profile.key_variable)


def _username(profile: Profile) -> str:
    return f"profile:{profile.name}@{profile.host}"


def _refuse_engine(profile: Profile) -> None:
    if profile.dialect is Dialect.ENGINE:
        raise KeyStoreError(f"The profile {profile.name} is the embedded engine and takes no key")
