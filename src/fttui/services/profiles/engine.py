"""The embedded engine as seen from outside: found where it runs, started where it does not, stopped on request."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from fttui.domain.errors import EngineError
from fttui.domain.profiles.secret import Secret
from fttui.domain.profiles.states import EnginePhase, EngineState
from fttui.domain.text import safe_line
from fttui.services.paths import Paths, ensure_private
from fttui.services.profiles.child import without_keys
from fttui.services.profiles.engine_users import EngineUsers
from fttui.services.profiles.loopback import get_status

# -P: a file in the folder where the person happens to be must not shadow a module of ours.
COMMAND = (sys.executable, "-P", "-m", "fttui.engine")
START_SECONDS = 30.0
STOP_SECONDS = 10.0
_HEALTH_SECONDS = 5.0
_LAST_WORDS_SECONDS = 0.5
_SILENT_SECONDS = 10.0
_POLL_SECONDS = 0.05
_LOG_LIMIT = 1 << 20
_QUOTED = 300
_LEAST_ROOM = 1 << 20


@dataclass(frozen=True, slots=True)
class Server:
    """A running engine, in its own words."""

    base_url: str
    key: Secret
    pid: int


class Engine:
    """Starts and finds the embedded engine; all running instances of the program share one.

    Args:
        paths: where the engine's home and log are.
        environ: the environment; keys in it are kept from the engine.
        command: what runs the engine.
        start_seconds: how long it may take to be ready.
    """

    def __init__(
        self,
        paths: Paths,
        environ: Mapping[str, str] | None = None,
        *,
        command: Sequence[str] = COMMAND,
        start_seconds: float = START_SECONDS,
    ) -> None:
        self.home = paths.engine
        self.log = paths.logs / "engine.log"
        self._environ = os.environ if environ is None else environ
        self._command = tuple(command)
        self._start_seconds = start_seconds
        self._starting = asyncio.Lock()
        self._users = EngineUsers(self.home / "users.lock")

    def serve_command(self, *, port: int = 0) -> tuple[str, ...]:
        """The words that run the engine."""
        place = ("--home", str(self.home))
        return (*self._command, "serve", *place, *(("--port", str(port)) if port else ()))

    def child_environ(self) -> dict[str, str]:
        """The environment the engine gets: no keys of other providers."""
        return without_keys(self._environ)

    async def address(self) -> tuple[str, Secret]:
        """Base URL and key of the engine, which is started where it does not run.

        Raises:
            EngineError: it could not be started.
        """
        async with self._starting:
            server = await self.running() or await self._answering(await self._start())
        self._users.join()
        return server.base_url, server.key

    async def running(self) -> Server | None:
        """The engine, where it runs and answers."""
        server = await asyncio.to_thread(self._noted)
        return server if server is not None and _is_alive(server.pid) and await _answers(server) else None

    async def state(self) -> EngineState:
        """What the engine is doing, without starting it."""
        if self._starting.locked():
            return EngineState(EnginePhase.STARTING)
        server = await self.running()
        if server is None:
            return EngineState(EnginePhase.STOPPED)
        return EngineState(EnginePhase.RUNNING, server.pid, server.base_url)

    async def stop(self) -> None:
        """Stop the engine; jobs that train go on from their last checkpoint when it runs again.

        Raises:
            EngineError: it did not stop.
        """
        server = await self.running()
        self._users.leave()
        if server is None:
            return
        for sign in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.kill(server.pid, sign)
            if await asyncio.to_thread(_is_gone_within, server.pid, STOP_SECONDS):
                return
        raise EngineError(f"The embedded engine (process {server.pid}) did not stop")

    async def leave(self, *, stop: bool) -> None:
        """Use the engine no more; `stop` ends it, unless another instance of the program still uses it."""
        last = self._users.leave()
        if stop and last:
            await self.stop()

    async def _start(self) -> Server:
        process = await asyncio.to_thread(self._spawn)
        # The engine outlives this object; someone must still take note when it ends.
        threading.Thread(target=process.wait, name="engine.wait", daemon=True).start()
        server = None
        try:
            server = _read_server(await asyncio.wait_for(_first_line(process), self._start_seconds))
        except TimeoutError:
            raise EngineError(
                f"The embedded engine was not ready within {self._start_seconds:g} s{self._last_words()}",
                hint=self._where(),
            ) from None
        finally:
            if server is None:
                await asyncio.to_thread(_end, process)
        if server is None:
            raise EngineError(f"The embedded engine did not start{self._last_words()}", hint=self._where())
        return server

    async def _answering(self, named: Server) -> Server:
        """The server just named; where it does not answer, its note was damaged, and it soon writes another."""
        server: Server | None = named if await _answers(named) else None
        deadline = time.monotonic() + _SILENT_SECONDS
        while server is None:
            if time.monotonic() > deadline:
                raise EngineError(f"The embedded engine (process {named.pid}) does not answer", hint=self._where())
            await asyncio.sleep(_POLL_SECONDS)
            server = await self.running()
        return server

    def _spawn(self) -> subprocess.Popen[bytes]:
        try:
            ensure_private(self.home)
            ensure_private(self.log.parent)
            if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
                self.log.replace(self.log.with_name(f"{self.log.name}.1"))
            with self.log.open("ab") as log:
                self.log.chmod(0o600)
                return subprocess.Popen(
                    self.serve_command(),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    env=self.child_environ(),
                    cwd=self.home,
                    start_new_session=True,
                )
        except OSError as error:
            reason = safe_line(error.strerror or type(error).__name__)
            raise EngineError(f"The embedded engine could not be started: {reason}", hint=self._where()) from error

    def _noted(self) -> Server | None:
        try:
            server = _read_server((self.home / "server.json").read_bytes())
        except OSError:
            return None
        with suppress(OSError, ValueError):
            # A note whose process is not the one that signed the lock is damaged: that process must not be touched.
            if server is not None and (self.home / "server.lock").read_text("ascii") != str(server.pid):
                return None
        return server

    def _last_words(self) -> str:
        try:
            lines = self.log.read_bytes()[-4096:].decode(errors="replace").strip().splitlines()
        except OSError:
            lines = []
        if lines:
            return f": {safe_line(lines[-1].strip(), _QUOTED)}"
        # On a full disk not even the log takes a word.
        full = shutil.disk_usage(self.home).free < _LEAST_ROOM
        return f": there is no room left on the disk that holds {safe_line(str(self.home))}" if full else ""

    def _where(self) -> str:
        return f"Its log is {safe_line(str(self.log))}"


async def _first_line(process: subprocess.Popen[bytes]) -> bytes:
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), process.stdout
    )
    try:
        return await reader.readline()
    finally:
        transport.close()


async def _answers(server: Server) -> bool:
    return await get_status(f"{server.base_url}/models", server.key, seconds=_HEALTH_SECONDS) == 200


def _read_server(text: bytes) -> Server | None:
    try:
        noted = json.loads(text)
        base_url, key, pid = noted["base_url"], noted["api_key"], noted["pid"]
    except (ValueError, TypeError, KeyError):
        return None
    if not isinstance(base_url, str) or not isinstance(key, str) or not isinstance(pid, int) or pid <= 1:
        return None
    return Server(base_url, Secret(key), pid) if base_url.startswith("http://127.0.0.1:") else None


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_gone_within(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while _is_alive(pid) and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
    return not _is_alive(pid)


def _end(process: subprocess.Popen[bytes]) -> None:
    """A process that closed its output gets a moment for its last words; then its whole group ends."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=_LAST_WORDS_SECONDS)
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
