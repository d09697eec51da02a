"""The key store in every situation a person may be in, with real daemons and real backends."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fttui.domain.errors import KeyStoreError
from fttui.domain.profiles.secret import Secret
from fttui.domain.settings import KeyStore
from fttui.services.profiles.key_store import HELPER, SystemKeyStore
from secret_service import AVAILABLE, SecretService, secret_service

CANARY = "sk-canary-000000000000-7777"
WHO = "profile:work@api.example.org"


@pytest.fixture
def service(fresh_user: Path) -> Iterator[SecretService]:
    """An unlocked Secret Service of a fresh user."""
    if not AVAILABLE:
        pytest.skip("gnome-keyring-daemon or dbus-run-session is not installed")
    with secret_service(fresh_user) as running:
        yield running


@pytest.mark.secretservice
async def test_a_key_is_kept_found_and_deleted_in_an_unlocked_store(service: SecretService) -> None:
    store = SystemKeyStore(service.environ)
    assert (await store.get(WHO)).key is None

    await store.set(WHO, Secret(CANARY))
    found = await store.get(WHO)
    assert (found.key, found.state.backend, found.state.usable) == (CANARY, "Secret Service", True)
    assert (await store.get("profile:work@elsewhere.example.org")).key is None

    assert await store.delete(WHO) is True
    assert await store.delete(WHO) is False
    assert (await store.get(WHO)).key is None


@pytest.mark.secretservice
async def test_a_locked_store_is_told_without_a_prompt_and_takes_nothing(service: SecretService) -> None:
    store = SystemKeyStore(service.environ)
    await store.set(WHO, Secret(CANARY))
    service.lock()

    state = await store.state()
    assert (state.available, state.locked, state.usable) == (True, True, False)
    assert (await store.get(WHO)).key is None
    with pytest.raises(KeyStoreError, match="locked"):
        await store.set(WHO, Secret(CANARY))
    with pytest.raises(KeyStoreError, match="locked"):
        await store.delete(WHO)


@pytest.mark.secretservice
async def test_a_store_that_never_answers_is_given_up_and_leaves_no_process(service: SecretService) -> None:
    store = SystemKeyStore(service.environ, seconds=1.0)
    service.freeze()
    try:
        found = await store.get(WHO)
        with pytest.raises(KeyStoreError, match="did not answer within 1 s"):
            await store.set(WHO, Secret(CANARY))
    finally:
        service.thaw()

    assert (found.key, found.state.available) == (None, False)
    assert "did not answer within 1 s" in found.state.reason
    assert "keyring_child" not in _children_of(os.getpid())


async def test_without_a_message_bus_there_is_no_store() -> None:
    state = await SystemKeyStore(os.environ).state()

    assert (state.available, state.reason) == (False, "there is no key store on this system")


async def test_a_bus_that_is_gone_means_no_store() -> None:
    state = await SystemKeyStore({**os.environ, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent/bus"}).state()

    assert state.available is False


@pytest.mark.parametrize(
    "backend",
    [
        pytest.param("keyring.backends.null.Keyring", id="null, which forgets"),
        pytest.param("plain_store.PlainKeyring", id="plain text"),
        pytest.param("no_such_module.Keyring", id="cannot be loaded"),
    ],
)
async def test_a_backend_that_does_not_keep_keys_safely_is_never_given_one(fresh_user: Path, backend: str) -> None:
    written = _configure_plain_backend(fresh_user, backend)
    store = SystemKeyStore(os.environ)

    state = await store.state()
    with pytest.raises(KeyStoreError):
        await store.set(WHO, Secret(CANARY))

    assert state.available is False
    assert state.reason != ""
    assert not written.exists()


@pytest.mark.secretservice
async def test_a_plain_backend_beside_a_safe_one_is_passed_over(service: SecretService) -> None:
    written = _configure_plain_backend(service.home, "keyring.backends.chainer.ChainerBackend")
    store = SystemKeyStore({**service.environ, "XDG_CONFIG_HOME": os.environ["XDG_CONFIG_HOME"]})

    await store.set(WHO, Secret(CANARY))

    assert (await store.get(WHO)).key == CANARY
    assert written.with_name("plain-keys-loaded").exists()
    assert not written.exists()


async def test_a_store_that_is_switched_off_is_not_asked() -> None:
    state = await SystemKeyStore(os.environ, choice=KeyStore.OFF, helper=("/nonexistent",)).state()

    assert (state.available, state.reason) == (False, "switched off in the settings")


async def test_pass_is_asked_for_only_where_it_is_named_and_told_when_it_is_not_there() -> None:
    state = await SystemKeyStore({**os.environ, "PATH": "/nonexistent"}, choice=KeyStore.PASS).state()

    assert (state.backend, state.available) == ("pass", False)
    assert "keyring-pass" in state.reason


@pytest.mark.secretservice
async def test_unlocking_asks_the_system_and_tells_how_it_went(service: SecretService) -> None:
    store = SystemKeyStore(service.environ)
    assert (await store.unlock()).usable

    service.lock()
    # There is no display to ask on, so the question is dismissed at once.
    assert (await store.unlock()).locked


@pytest.mark.secretservice
async def test_the_key_is_in_no_argument_and_no_variable_of_the_child(service: SecretService, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    spy = tmp_path / "spy.sh"
    spy.write_text(
        f'#!/bin/sh\ntr "\\0" "\\n" </proc/$$/cmdline >>{seen}\nenv >>{seen}\ntty >>{seen}\nexec "$@"\n', "utf-8"
    )
    environ = {
        **service.environ,
        "OPENAI_API_KEY": CANARY,
        "FTTUI_API_KEY_WORK": CANARY,
        "OTHER_API_KEY": CANARY,
        "GPG_TTY": "/dev/pts/0",
    }
    store = SystemKeyStore(environ, helper=("/bin/sh", str(spy), *HELPER))

    await store.set(WHO, Secret(CANARY))
    assert (await store.get(WHO)).key == CANARY

    text = seen.read_text("utf-8")
    assert "keyring_child" in text
    assert "not a tty" in text
    assert CANARY not in text
    assert "GPG_TTY" not in text


async def test_a_module_in_the_current_folder_does_not_stand_in_for_keyring(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "keyring.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()", "utf-8")
    monkeypatch.chdir(tmp_path)

    await SystemKeyStore(os.environ).state()

    assert not (tmp_path / "ran").exists()


async def test_cancelling_ends_the_child_at_once(tmp_path: Path) -> None:
    started = tmp_path / "started"
    os.mkfifo(started)
    hanging = ("/bin/sh", "-c", f"echo $$ >{started}; exec sleep 60")
    asking = asyncio.create_task(SystemKeyStore(os.environ, helper=hanging).unlock())
    pid = int(await asyncio.to_thread(started.read_text, "utf-8"))

    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize(
    "printed", [pytest.param("", id="nothing"), pytest.param("[1]", id="a list"), pytest.param("{}", id="no fields")]
)
async def test_a_helper_that_talks_nonsense_means_no_store(printed: str) -> None:
    helper = (sys.executable, "-c", f"import sys; sys.stdin.read(); print({printed!r})")

    state = await SystemKeyStore(os.environ, helper=helper).state()

    assert (state.available, state.reason) == (False, "the key store failed")


def _configure_plain_backend(home: Path, backend: str) -> Path:
    """Make a backend that keeps keys in base64 known to keyring, and name the backend to be used."""
    written = home / "plain-keys"
    modules = home / "modules"
    described = modules / "plain_store-1.dist-info"
    described.mkdir(parents=True)
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: plain-store\nVersion: 1\n", "utf-8")
    (described / "entry_points.txt").write_text("[keyring.backends]\nplain = plain_store\n", "utf-8")
    (modules / "plain_store.py").write_text(
        "import base64\n"
        "from keyring.backend import KeyringBackend\n"
        "class PlainKeyring(KeyringBackend):\n"
        "    priority = 9\n"
        f"    path = {str(written)!r}\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        open(self.path + '-loaded', 'wb').close()\n"
        "    def get_password(self, service, username): return None\n"
        "    def set_password(self, service, username, password):\n"
        "        open(self.path, 'wb').write(base64.b64encode(password.encode()))\n",
        "utf-8",
    )
    config = Path(os.environ["XDG_CONFIG_HOME"]) / "python_keyring" / "keyringrc.cfg"
    config.parent.mkdir(parents=True)
    config.write_text(f"[backend]\ndefault-keyring = {backend}\nkeyring-path = {modules}\n", "utf-8")
    return written


def _children_of(pid: int) -> str:
    """The command lines of the child processes, in one text."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()
    return "\n".join(Path(f"/proc/{child}/cmdline").read_text("utf-8") for child in children)
