"""How the programs of one user find the one server of an engine's home."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from fttui.engine.home import EngineHome, write_atomically
from fttui.engine.locks import FileLock

_PATIENCE_SECONDS = 25.0
_LOOK_EVERY_SECONDS = 0.05
KEEP_EVERY_SECONDS = 1.0
"""How often a server looks whether it can still be found."""


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where a server answers, and the token it wants; `started_at` is in unix seconds."""

    base_url: str
    api_key: str
    pid: int
    started_at: int
    version: str

    def to_json(self) -> str:
        """Return the address as one line of JSON."""
        return json.dumps(asdict(self))


class ServerPlace:
    """The one place for a server in a home: taken, announced and left."""

    def __init__(self, home: EngineHome) -> None:
        self._home = home
        self._lock = FileLock(home.server_lock)

    def take(self) -> ServerAddress | None:
        """Take the place, or return the address of the server that has it.

        Raises:
            TimeoutError: another process has the place but never says where it answers.
        """
        patience_ends = time.monotonic() + _PATIENCE_SECONDS
        while not self._lock.acquire():
            address = self._holder()
            if address is not None:
                return address
            if time.monotonic() > patience_ends:
                raise TimeoutError(f"a server holds {self._home.server_lock}, but does not say where it answers")
            time.sleep(_LOOK_EVERY_SECONDS)
        self._lock.sign(str(os.getpid()))
        self._home.server_file.unlink(missing_ok=True)
        return None

    def announce(self, address: ServerAddress) -> None:
        """Say where the server answers."""
        write_atomically(self._home.server_file, address.to_json().encode())

    def keep(self, address: ServerAddress) -> bool:
        """Say anew where the server answers if that was damaged or removed.

        Returns:
            whether the place is still the server's own: False once its folder or its lock file was removed, for
            then another server may have taken it.

        Raises:
            OSError: it could not be written, on a full disk above all.
        """
        if not self._lock.is_in_place:
            return False
        self._lock.sign(str(address.pid))
        if read_address(self._home.server_file) != address:
            self.announce(address)
        return True

    def leave(self) -> None:
        """Give the place up."""
        if self._lock.is_in_place:
            self._home.server_file.unlink(missing_ok=True)
        self._lock.release()

    def _holder(self) -> ServerAddress | None:
        """Return the address the holder of the lock has announced; an older server's address does not count."""
        address = read_address(self._home.server_file)
        try:
            holder = self._home.server_lock.read_text(encoding="ascii")
        except (OSError, ValueError):
            return None
        return address if address is not None and str(address.pid) == holder else None


def read_address(path: Path) -> ServerAddress | None:
    """Return the address in a file, if there is a whole one."""
    try:
        return ServerAddress(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
