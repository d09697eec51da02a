"""Keys on the command line, with a real key store and real providers."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from fttui_program import PROGRAM, fttui
from loopback_provider import LoopbackProvider, loopback_provider
from secret_service import AVAILABLE, SecretService, secret_service

CANARY = "sk-canary-000000000000-7777"


@pytest.fixture
def provider() -> Iterator[LoopbackProvider]:
    """A provider that remembers which keys it was shown."""
    with loopback_provider() as running:
        yield running


@pytest.fixture
def service(fresh_user: Path) -> Iterator[SecretService]:
    """An unlocked Secret Service of a fresh user."""
    if not AVAILABLE:
        pytest.skip("gnome-keyring-daemon or dbus-run-session is not installed")
    with secret_service(fresh_user) as running:
        yield running


def files_with(folder: Path, text: str) -> list[str]:
    """Names of files below a folder that hold a text."""
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and text.encode() in path.read_bytes()
    ]


@pytest.mark.secretservice
def test_a_key_is_set_shown_tested_and_deleted_and_seen_nowhere(
    service: SecretService, provider: LoopbackProvider
) -> None:
    environ = {"DBUS_SESSION_BUS_ADDRESS": service.environ["DBUS_SESSION_BUS_ADDRESS"]}
    fttui("profiles", "add", "box", provider.base_url)

    ran = [
        fttui("keys", "set", "box", "--stdin", environ=environ, given=f"{CANARY}\n"),
        fttui("keys", "show", "box", environ=environ),
        fttui("keys", "show", "box", "--json", environ=environ),
        fttui("keys", "test", "box", environ=environ),
        fttui("doctor", "--profile", "box", "--json", environ=environ),
        fttui("chat", "--profile", "box", "--model", "m-1", "Hi", environ=environ),
        fttui("keys", "delete", "box", environ=environ),
        fttui("keys", "delete", "box", environ=environ),
        fttui("keys", "show", "box", environ=environ),
    ]

    assert [run.returncode for run in ran] == [0, 0, 0, 0, 0, 0, 0, 0, 1]
    assert ran[0].stderr == f"The key of box for 127.0.0.1:{provider.port} is kept.\n"
    assert ran[1].stdout == "box: key …7777 from keyring (Secret Service)\n"
    assert json.loads(ran[2].stdout)["source"] == "keyring"
    assert ran[3].stdout == "box: accepted; 1 models are offered\n"
    assert json.loads(ran[4].stdout)["key store"]["backend"] == "Secret Service"
    assert "was deleted" in ran[6].stderr
    assert "was not in the key store" in ran[7].stderr
    assert provider.shown_keys == [f"Bearer {CANARY}"] * 2
    assert CANARY not in "".join(run.stdout + run.stderr for run in ran)
    assert files_with(service.home, CANARY) == []


@pytest.mark.secretservice
def test_a_locked_store_is_told_with_a_way_out(service: SecretService) -> None:
    environ = {"DBUS_SESSION_BUS_ADDRESS": service.environ["DBUS_SESSION_BUS_ADDRESS"]}
    service.lock()

    refused = fttui("keys", "set", "openai", "--stdin", environ=environ, given=CANARY)

    assert refused.returncode == 2
    assert "the key store is locked" in refused.stderr
    assert "environment variable" in refused.stderr
    assert CANARY not in refused.stderr


def test_without_a_key_store_a_key_is_kept_nowhere(fresh_user: Path) -> None:
    refused = fttui("keys", "set", "openai", "--stdin", given=CANARY)

    assert refused.returncode == 2
    assert "there is no key store on this system" in refused.stderr
    assert files_with(fresh_user, CANARY) == []


def test_a_key_is_never_an_argument() -> None:
    refused = fttui("keys", "set", "openai", CANARY)

    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr


def test_without_a_terminal_nobody_is_asked() -> None:
    refused = fttui("keys", "set", "openai")

    assert (refused.returncode, refused.stdout) == (2, "")
    assert "--stdin" in refused.stderr


@pytest.mark.terminal
def test_a_typed_key_is_not_echoed() -> None:
    child = pexpect.spawn(PROGRAM[0], [*PROGRAM[1:], "keys", "set", "openai"], encoding="utf-8", timeout=60)
    child.expect("Key of openai for api.openai.com: ")
    child.waitnoecho()
    child.sendline(CANARY)
    child.expect(pexpect.EOF)
    child.close()

    assert child.exitstatus == 2
    assert "there is no key store" in child.before
    assert CANARY not in child.before


@pytest.mark.parametrize(
    "typed", [pytest.param("sk-half\x1b[2Jkey", id="an escape"), pytest.param("sk-ключ", id="not ASCII")]
)
def test_what_cannot_be_a_key_is_refused_unseen(typed: str) -> None:
    refused = fttui("keys", "set", "openai", "--stdin", given=typed)

    assert refused.returncode == 2
    assert "A key" in refused.stderr
    assert "sk-" not in refused.stderr


def test_a_key_that_would_travel_unprotected_is_warned_of() -> None:
    fttui("profiles", "add", "far", "http://llm.example.org/v1")

    assert "has no TLS" in fttui("keys", "set", "far", "--stdin", given=CANARY).stderr


def test_the_key_of_the_environment_is_told_by_its_variable_and_last_four() -> None:
    shown = fttui("keys", "show", "openai", environ={"OPENAI_API_KEY": CANARY})

    assert (shown.returncode, shown.stdout) == (0, "openai: key …7777 from environment (OPENAI_API_KEY)\n")


def test_a_key_goes_to_its_own_provider_and_no_other(provider: LoopbackProvider) -> None:
    with loopback_provider() as other:
        fttui("profiles", "add", "box", provider.base_url)
        fttui("profiles", "add", "other", other.base_url, "--key-optional")
        environ = {"FTTUI_API_KEY_BOX": CANARY, "OPENAI_API_KEY": CANARY}

        assert fttui("keys", "test", "box", environ=environ).returncode == 0
        assert fttui("keys", "test", "other", environ=environ).returncode == 0
        provider.redirect_to = f"http://127.0.0.1:{other.port}"
        redirected = fttui("keys", "test", "box", environ=environ)

    assert redirected.returncode == 3
    assert set(provider.shown_keys) == {f"Bearer {CANARY}"}
    assert (other.shown_keys, other.paths) == ([""], ["/v1/models"])


def test_the_usual_key_follows_the_base_url_of_the_same_shell(provider: LoopbackProvider) -> None:
    environ = {"OPENAI_API_KEY": CANARY, "OPENAI_BASE_URL": provider.base_url}

    assert fttui("keys", "test", "openai", environ=environ).returncode == 0
    assert provider.shown_keys == [f"Bearer {CANARY}"]


def test_a_crash_shows_no_key(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import fttui.services.profiles.keys as keys\n"
        "def broken(*_):\n"
        "    raise RuntimeError('broken with ' + repr(_[1].get('FTTUI_API_KEY_OPENAI')))\n"
        "keys._variables = broken\n",
        "utf-8",
    )
    environ = {"FTTUI_API_KEY_OPENAI": CANARY, "PYTHONPATH": str(tmp_path)}

    crashed = fttui("keys", "show", "openai", environ=environ)

    assert crashed.returncode == 1
    assert "RuntimeError: broken with '[key removed]'" in crashed.stderr
    assert CANARY not in crashed.stdout + crashed.stderr


def test_the_program_shows_no_key_in_its_own_arguments_or_its_childrens(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    settings = Path(os.environ["XDG_CONFIG_HOME"]) / "fttui" / "settings.toml"
    settings.parent.mkdir(parents=True)
    script = f"for p in /proc/[0-9]*; do tr '\\\\0' ' ' <$p/cmdline 2>/dev/null; echo; done >{seen}; echo {CANARY[:9]}"
    settings.write_text(f'[profiles.openai]\nkey_command = ["sh", "-c", "{script}"]\n', "utf-8")
    settings.chmod(0o600)

    shown = fttui("keys", "show", "openai", environ={"FTTUI_API_KEY_OPENAI": CANARY})

    assert "from key command (sh)" in shown.stdout
    assert "fttui keys show openai" in seen.read_text("utf-8")
    assert CANARY not in seen.read_text("utf-8")


def test_the_profile_may_be_named_by_the_option_that_every_command_has() -> None:
    as_argument, as_option = fttui("keys", "show", "openai"), fttui("keys", "show", "--profile", "openai")

    assert as_argument.returncode == as_option.returncode
    assert "openai" in as_option.stdout
    assert as_option.stdout == as_argument.stdout
