"""Where a key comes from, and where it never goes."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from fttui.domain.errors import KeyStoreError
from fttui.domain.profiles.profile import LOCAL, OPENAI, Credential, Dialect, KeySource, Profile
from fttui.domain.profiles.secret import Secret
from fttui.domain.profiles.states import KeyStoreState
from fttui.services.crash import Redactor, crash_text
from fttui.services.profiles.key_store import StoredKey, SystemKeyStore
from fttui.services.profiles.keys import Keys

CANARY = "sk-canary-000000000000-7777"
WORK = Profile("work", Dialect.COMPATIBLE, "https://llm.example.org/v1")


class MemoryStore(SystemKeyStore):
    """A store without a process behind it."""

    def __init__(self, kept: Mapping[str, str] | None = None, reason: str = "") -> None:
        super().__init__({})
        self.kept = dict(kept or {})
        self.now = KeyStoreState("memory", available=not reason, reason=reason)

    async def state(self) -> KeyStoreState:
        return self.now

    async def get(self, username: str) -> StoredKey:
        return StoredKey(self.now, self.kept.get(username))

    async def set(self, username: str, key: Secret) -> None:
        self.kept[username] = key.reveal()

    async def delete(self, username: str) -> bool:
        return self.kept.pop(username, None) is not None


def keys(
    environ: Mapping[str, str] | None = None, store: SystemKeyStore | None = None, *, command_seconds: float = 30
) -> Keys:
    return Keys(
        {"PATH": os.environ["PATH"], **(environ or {})}, store or MemoryStore(), command_seconds=command_seconds
    )


def with_command(*words: str) -> Profile:
    return Profile("work", Dialect.COMPATIBLE, "https://llm.example.org/v1", words)


def told(credential: Credential) -> tuple[str | None, KeySource]:
    return (credential.key.reveal() if credential.key else None, credential.source)


async def test_the_order_is_command_environment_store_session() -> None:
    store = MemoryStore({"profile:work@llm.example.org": "from-the-store-1"})
    environ = {"FTTUI_API_KEY_WORK": "from-environment-1"}
    profile = with_command("echo", "from-the-command-1")
    everything = keys(environ, store)
    everything.use_for_session(WORK, Secret("from-session-1"))
    without_store = keys()
    without_store.use_for_session(WORK, Secret("from-session-1"))

    assert told(await everything.find(profile)) == ("from-the-command-1", KeySource.COMMAND)
    assert told(await everything.find(WORK)) == ("from-environment-1", KeySource.ENVIRONMENT)
    assert told(await keys({}, store).find(WORK)) == ("from-the-store-1", KeySource.KEYRING)
    assert told(await without_store.find(WORK)) == ("from-session-1", KeySource.SESSION)
    assert told(await keys().find(WORK)) == (None, KeySource.NONE)


class TellingStore(MemoryStore):
    """A store that leaves a file when it is asked, and may never answer."""

    def __init__(self, asked: Path, kept: Mapping[str, str] | None = None, *, hangs: bool = False) -> None:
        super().__init__(kept)
        self.asked, self.hangs, self.given_up = asked, hangs, False

    async def get(self, username: str) -> StoredKey:
        self.asked.touch()
        try:
            if self.hangs:
                await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.given_up = True
            raise
        return await super().get(username)


@pytest.mark.parametrize("answers", [True, False], ids=["the command answers late", "the store answers"])
async def test_a_command_that_takes_long_does_not_keep_the_store_waiting(tmp_path: Path, answers: bool) -> None:
    asked = tmp_path / "asked"
    then = "echo from-the-command-1" if answers else "exit 1"
    waits = with_command("sh", "-c", f"until [ -e {asked} ]; do sleep 0.01; done; {then}")
    store = TellingStore(asked, {"profile:work@llm.example.org": "from-the-store-1"}, hangs=answers)

    found = await keys({}, store).find(waits)

    if answers:
        assert told(found) == ("from-the-command-1", KeySource.COMMAND)
        assert store.given_up
    else:
        assert told(found) == ("from-the-store-1", KeySource.KEYRING)
        assert "the key command sh failed with exit code 1" in found.note


async def test_a_command_gives_its_first_line() -> None:
    found = await keys().find(with_command("printf", "%s\n", f" {CANARY} ", "user: me"))

    assert told(found) == (CANARY, KeySource.COMMAND)
    assert found.note == "printf"


@pytest.mark.parametrize(
    ("command", "note"),
    [
        pytest.param(("sleep", "60"), "the key command sleep did not end within 0.5 s", id="hangs"),
        pytest.param(
            ("sh", "-c", "echo sk-half-a-key; exec sleep 60"), "the key command sh did not end", id="prints and hangs"
        ),
        pytest.param(("sh", "-c", "echo sk-wrong-key-1; exit 3"), "failed with exit code 3", id="fails"),
        pytest.param(("no-such-program",), "could not be started: No such file or directory", id="is not there"),
        pytest.param(("true",), "the key command true: The key is empty", id="prints nothing"),
        pytest.param(("printf", "sk-a\x1bb"), "no spaces, line breaks or control characters", id="prints an escape"),
        pytest.param(("tty",), "failed with exit code 1", id="looks for a terminal"),
    ],
)
async def test_a_command_that_gives_no_key_is_told_in_the_note(command: tuple[str, ...], note: str) -> None:
    hangs = "sleep 60" in " ".join(command)

    found = await keys(command_seconds=0.5 if hangs else 30).find(with_command(*command))

    assert told(found) == (None, KeySource.NONE)
    assert note in found.note
    assert "sk-" not in found.note


async def test_a_command_that_leaves_a_child_behind_still_answers() -> None:
    found = await keys().find(with_command("sh", "-c", "sleep 20 & echo sk-with-a-child-1"))

    assert told(found) == ("sk-with-a-child-1", KeySource.COMMAND)


async def test_after_a_failed_command_the_next_source_counts_and_the_failure_is_told() -> None:
    found = await keys({"FTTUI_API_KEY_WORK": CANARY}).find(with_command("false"))

    assert told(found) == (CANARY, KeySource.ENVIRONMENT)
    assert found.note == "FTTUI_API_KEY_WORK; the key command false failed with exit code 1"


async def test_a_command_does_not_see_the_keys_of_other_profiles() -> None:
    environ = {"OPENAI_API_KEY": CANARY, "FTTUI_API_KEY_OTHER": CANARY, "GPG_TTY": "/dev/pts/0"}
    profile = with_command("sh", "-c", "env | grep -c -e canary -e GPG_TTY | sed 's/^/seen-these-many-/'")

    found = await keys(environ).find(profile)

    assert told(found) == ("seen-these-many-0", KeySource.COMMAND)


async def test_the_built_in_profile_takes_the_usual_variable() -> None:
    assert told(await keys({"OPENAI_API_KEY": CANARY}).find(OPENAI)) == (CANARY, KeySource.ENVIRONMENT)


@pytest.mark.parametrize(
    "profile",
    [
        pytest.param(WORK, id="another profile"),
        pytest.param(
            Profile("openai", Dialect.OPENAI, "https://elsewhere.example.org/v1", key_variable="OPENAI_API_KEY"),
            id="the same name at another address",
        ),
    ],
)
async def test_the_usual_variable_goes_to_no_other_address(profile: Profile) -> None:
    assert told(await keys({"OPENAI_API_KEY": CANARY}).find(profile)) == (None, KeySource.NONE)


async def test_beside_a_base_url_of_the_same_shell_the_key_is_meant_for_that_address_alone() -> None:
    environ = {"OPENAI_API_KEY": CANARY, "OPENAI_BASE_URL": "https://proxy.example.org/v1"}
    there = Profile("openai", Dialect.OPENAI, "https://proxy.example.org/v1", key_variable="OPENAI_API_KEY")

    assert told(await keys(environ).find(there)) == (CANARY, KeySource.ENVIRONMENT)
    assert told(await keys(environ).find(OPENAI)) == (None, KeySource.NONE)


async def test_a_kept_key_does_not_follow_a_profile_to_another_host() -> None:
    store = MemoryStore()
    mine = keys(store=store)
    await mine.set(WORK, Secret(CANARY))
    mine.use_for_session(Profile("box", Dialect.COMPATIBLE, "http://127.0.0.1:1/v1"), Secret(CANARY))

    assert list(store.kept) == ["profile:work@llm.example.org"]
    assert told(await mine.find(Profile("work", Dialect.COMPATIBLE, "https://evil.example.org/v1")))[0] is None
    assert told(await mine.find(Profile("box", Dialect.COMPATIBLE, "http://127.0.0.1:2/v1")))[0] is None


async def test_why_the_store_gave_no_key_is_told() -> None:
    found = await keys(store=MemoryStore(reason="the key store is locked")).find(WORK)

    assert (found.key, found.note) == (None, "the key store is locked")


async def test_deleting_forgets_the_key_of_this_session_as_well() -> None:
    mine = keys()
    mine.use_for_session(WORK, Secret(CANARY))

    assert await mine.delete(WORK) is True
    assert (await mine.find(WORK)).key is None


async def test_a_key_in_front_of_a_kept_one_is_noticed() -> None:
    mine = keys({"FTTUI_API_KEY_WORK": CANARY}, MemoryStore({"profile:work@llm.example.org": "kept-key-000001"}))

    assert await mine.hides_stored_key(WORK, await mine.find(WORK)) is True
    assert await mine.hides_stored_key(OPENAI, Credential(None, KeySource.NONE)) is False


async def test_the_embedded_engine_takes_no_key() -> None:
    with pytest.raises(KeyStoreError, match="takes no key"):
        await keys().set(LOCAL, Secret(CANARY))


async def test_every_change_is_counted_so_that_connections_ask_again() -> None:
    mine = keys()
    versions = [mine.version]
    await mine.set(WORK, Secret(CANARY))
    versions.append(mine.version)
    await mine.delete(WORK)
    versions.append(mine.version)
    mine.use_for_session(WORK, Secret(CANARY))
    versions.append(mine.version)

    assert versions == sorted(set(versions))


async def test_a_found_key_is_cut_out_of_tracebacks_and_shown_by_no_representation() -> None:
    redactor = Redactor()
    secret = "unusual-key-9876543210"
    found = await Keys({"FTTUI_API_KEY_WORK": secret}, MemoryStore(), learn=redactor.learn).find(WORK)

    assert secret not in redactor(f"Illegal header value b'Bearer {secret}'")
    assert secret not in f"{found!r} {found} {StoredKey(KeyStoreState('x', available=True), secret)!r}"


async def test_a_failure_on_the_way_holds_no_key() -> None:
    store = SystemKeyStore(os.environ, helper=("sh", "-c", "cat >/dev/null; exit 1"))
    with pytest.raises(KeyStoreError) as caught:
        await store.set("profile:work@x", Secret(CANARY))

    assert CANARY not in crash_text(caught.value)
    assert CANARY not in str(caught.value.__cause__) + str(caught.value.__context__)


async def test_where_to_put_a_key_names_the_key_store_only_where_there_is_one() -> None:
    there = await Keys({}, MemoryStore()).where_to_put(WORK)
    absent = await Keys({}, MemoryStore(reason="there is no key store")).where_to_put(WORK)

    assert there == "Keep one with fttui keys set work, or put it into the environment variable FTTUI_API_KEY_WORK."
    assert "keys set" not in absent
    assert "FTTUI_API_KEY_WORK" in absent
