"""`python -m fttui.engine serve`: one server for one home, on loopback."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sqlite3
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import uvicorn

from fttui import __version__
from fttui.engine.discovery import KEEP_EVERY_SECONDS, ServerAddress, ServerPlace
from fttui.engine.home import EngineHome
from fttui.engine.identifiers import unix_now
from fttui.engine.parent import ParentWatch
from fttui.engine.room import is_no_room, no_room_words
from fttui.engine.server.access import installation_token
from fttui.engine.server.app import build_app
from fttui.engine.server.context import Context
from fttui.engine.server.inference import ModelCache
from fttui.engine.server.scheduler import Scheduler
from fttui.engine.store.database import Database
from fttui.engine.store.files import FileShelf
from fttui.engine.store.jobs import JobShelf
from fttui.engine.store.models import ModelShelf
from fttui.engine.store.uploads import UploadShelf

_log = logging.getLogger("fttui.engine")

_LOOPBACK = "127.0.0.1"
_FAREWELL_SECONDS = 2
# Longer than the pauses of a client that polls, so that it never writes into a connection just closed.
_KEEP_ALIVE_SECONDS = 75
_PARENT_EVERY_SECONDS = 0.5
# Threads that make answers hand over to the event loop this often, so that it stays quick beside them.
_SWITCH_SECONDS = 0.001


EXIT_CANNOT_SERVE = 2
"""The folder or the port cannot be used."""


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """How to serve.

    Args:
        port: the port; 0 lets the system choose.
        slots: how many jobs train at a time.
        exit_with_parent: whether to stop when the starting process ends.
    """

    port: int = 0
    slots: int = 1
    exit_with_parent: bool = False


def serve(home: EngineHome, options: ServeOptions) -> int:
    """Serve until told to stop, or name the server that already does; return the exit status."""
    parent = ParentWatch() if options.exit_with_parent else None
    try:
        home.prepare()
        place = ServerPlace(home)
        running = place.take()
        if running is not None:
            _say(running)
            return 0
        with _leaving(place), _listen(options.port) as listener:
            asyncio.run(_serve(home, options, place, parent, listener))
    except (OSError, sqlite3.Error) as error:
        reason = no_room_words(home.root) if is_no_room(error) else str(error)
        sys.stderr.write(f"The engine cannot serve from {home.root}: {reason}\n")
        return EXIT_CANNOT_SERVE
    return 0


@contextmanager
def _leaving(place: ServerPlace) -> Generator[None]:
    try:
        yield
    finally:
        place.leave()


async def _serve(
    home: EngineHome,
    options: ServeOptions,
    place: ServerPlace,
    parent: ParentWatch | None,
    listener: socket.socket,
) -> None:
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    sys.setswitchinterval(_SWITCH_SECONDS)
    token = installation_token(home)
    context = _context(home, options.slots)
    config = uvicorn.Config(
        build_app(context, token),
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=_FAREWELL_SECONDS,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
    )
    port = listener.getsockname()[1]
    address = ServerAddress(f"http://{_LOOPBACK}:{port}/v1", token, os.getpid(), unix_now(), __version__)
    server = _Server(config, place, address)
    watching = [asyncio.create_task(_keep(place, address, server))]
    if parent is not None:
        watching.append(asyncio.create_task(_stop_with(parent, server)))
    try:
        await server.serve(sockets=[listener])
    finally:
        for task in watching:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        context.database.close()


def _listen(port: int) -> socket.socket:
    # The protocol is named because asyncio switches Nagle's delay of 40 ms off only where it reads TCP.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((_LOOPBACK, port))
    return listener


class _Server(uvicorn.Server):
    """A server that says so once it answers, and that comes back to its caller when a signal ends it."""

    def __init__(self, config: uvicorn.Config, place: ServerPlace, address: ServerAddress) -> None:
        super().__init__(config)
        self._place = place
        self._address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._place.announce(self._address)
        _say(self._address)

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        # Uvicorn's own way sends the signal again at the end, and the home would never be left tidily.
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield


async def _keep(place: ServerPlace, address: ServerAddress, server: uvicorn.Server) -> None:
    """Stay to be found, or leave once the place is lost."""
    while not server.should_exit:
        await asyncio.sleep(KEEP_EVERY_SECONDS)
        if not server.started:
            continue
        try:
            kept = place.keep(address)
        except OSError as error:
            # It may pass; until then the programs that know the address go on.
            _log.warning("where the server answers could not be written: %s", error)
            continue
        if not kept:
            _log.warning("the folder of the engine was removed or taken over; the server ends")
            server.should_exit = True


async def _stop_with(parent: ParentWatch, server: uvicorn.Server) -> None:
    while not parent.is_gone():  # noqa: ASYNC110 (nothing tells of it)
        await asyncio.sleep(_PARENT_EVERY_SECONDS)
    server.should_exit = True


def _context(home: EngineHome, slots: int) -> Context:
    database = Database(home.database)
    jobs = JobShelf(database)
    return Context(
        home=home,
        database=database,
        files=FileShelf(database),
        uploads=UploadShelf(database),
        jobs=jobs,
        models=ModelShelf(database),
        scheduler=Scheduler(home, database, jobs, slots),
        loaded=ModelCache(),
    )


def _say(address: ServerAddress) -> None:
    sys.stdout.write(address.to_json() + "\n")
    sys.stdout.flush()
