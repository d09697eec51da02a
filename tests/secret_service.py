"""A real Secret Service for tests: gnome-keyring-daemon on a message bus of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

AVAILABLE = all(shutil.which(program) for program in ("gnome-keyring-daemon", "dbus-run-session"))

_SCRIPT = """
printf test-password | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
echo "$DBUS_SESSION_BUS_ADDRESS"
exec cat >/dev/null
"""


@dataclass(frozen=True)
class SecretService:
    """A running service; `environ` is what reaches it."""

    environ: Mapping[str, str]
    home: Path

    def lock(self) -> None:
        """Lock the collection that keys are kept in."""
        subprocess.run(
            [
                "dbus-send",
                "--session",
                "--print-reply",
                "--dest=org.freedesktop.secrets",
                "/org/freedesktop/secrets",
                "org.freedesktop.Secret.Service.Lock",
                "array:objpath:/org/freedesktop/secrets/aliases/default",
            ],
            env=dict(self.environ),
            check=True,
            capture_output=True,
        )

    def freeze(self) -> None:
        """Stop the daemon in its tracks: calls reach it and are never answered."""
        os.kill(self._daemon(), signal.SIGSTOP)

    def thaw(self) -> None:
        """Let the daemon go on."""
        os.kill(self._daemon(), signal.SIGCONT)

    def end(self) -> None:
        """End every daemon of this home; they do not always notice that their bus has gone."""
        for pid in self._daemons():
            os.kill(pid, signal.SIGKILL)

    def _daemon(self) -> int:
        return self._daemons()[0]

    def _daemons(self) -> list[int]:
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                program = (entry / "cmdline").read_bytes().split(b"\0")[0]
                surroundings = (entry / "environ").read_bytes()
            except OSError:
                continue
            if program.endswith(b"gnome-keyring-daemon") and f"HOME={self.home}\0".encode() in surroundings:
                found.append(int(entry.name))
        return sorted(found)


@contextmanager
def secret_service(home: Path) -> Iterator[SecretService]:
    """Run a fresh, unlocked Secret Service whose files lie in `home`."""
    runtime = home / "bus"
    runtime.mkdir(mode=0o700)
    environ = {
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(runtime),
        "XDG_DATA_HOME": str(home / ".local" / "share"),
        "PATH": os.environ["PATH"],
    }
    process = subprocess.Popen(
        ["dbus-run-session", "--", "sh", "-c", _SCRIPT],
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        address = process.stdout.readline().strip()
        assert address, "the message bus did not start"
        service = SecretService({**environ, "DBUS_SESSION_BUS_ADDRESS": address}, home)
        yield service
    finally:
        process.stdin.close()
        process.wait(timeout=60)
        process.stdout.close()
        SecretService(environ, home).end()
