"""Every test is a fresh user: own HOME and XDG folders, no keys, no proxies, no settings of this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says nothing on a machine that others use as well. The same examples every time: what fails
# must not depend on luck. `--hypothesis-profile=exploring` looks further.
settings.register_profile("untimed", deadline=None, derandomize=True)
settings.register_profile("exploring", deadline=None, max_examples=1000)
settings.load_profile("untimed")

# Before anything imports numpy: more threads than one make small matrices several times slower.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

_CLEARED_PREFIXES = ("OPENAI_", "AZURE_OPENAI_", "FTTUI_", "TEXTUAL_", "KEYRING_PROPERTY_")
_KEPT_PREFIX = "TEXTUAL_SNAPSHOT"
"""What the snapshot plugin tells its own processes."""
_CLEARED_NAMES = {
    "ALL_PROXY",
    "DBUS_SESSION_BUS_ADDRESS",
    "DISPLAY",
    "GPG_TTY",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_COLOR",
    "NO_PROXY",
    "PYTHON_KEYRING_BACKEND",
    "SSH_CONNECTION",
    "SSL_CERT_FILE",
    "TEXTUAL",
    "TMUX",
    "WAYLAND_DISPLAY",
}


@pytest.fixture(autouse=True)
def fresh_user(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of its own for each test; returns it."""
    for name in tuple(os.environ):
        if name.startswith(_KEPT_PREFIX):
            continue
        if name.startswith(_CLEARED_PREFIXES) or name.upper() in _CLEARED_NAMES:
            monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for variable, folder in (
        ("XDG_CONFIG_HOME", ".config"),
        ("XDG_STATE_HOME", ".local/state"),
        ("XDG_CACHE_HOME", ".cache"),
        ("XDG_DATA_HOME", ".local/share"),
    ):
        monkeypatch.setenv(variable, str(home / folder))
    runtime = home / "run"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    umask = os.umask(0o077)
    yield home
    os.umask(umask)
