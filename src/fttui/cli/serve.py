"""The embedded engine in the foreground, for scripts and for other programs that speak the protocol."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

import click

from fttui.cli.frame import ExitCode, emit_json, json_option, say, talk
from fttui.domain.errors import EngineError
from fttui.domain.text import safe_line

if TYPE_CHECKING:
    from fttui.services.profiles.engine import Engine

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_KILLED = 128
"""Added to the number of the signal that ended a process, as shells do."""


@click.command("serve")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port; any free one if absent.")
@json_option
def command(port: int, as_json: bool) -> int:
    """Run the embedded engine until Ctrl+C.

    With --json, one line says where it is and with which key: base_url, api_key, pid.
    """
    from fttui.services.container import Services

    engine = Services.open().engine
    with _started(engine, port) as process, _passing_signals_to(process) as received:
        assert process.stdout is not None  # noqa: S101 - asked for above
        line = process.stdout.readline()
        if line:
            _announce(json.loads(line), engine, process.pid, as_json=as_json)
        code = process.wait()
    if received:
        return ExitCode.INTERRUPTED if received[0] == signal.SIGINT else _KILLED + received[0]
    if code != 0 or not line:
        raise EngineError(f"The embedded engine ended with exit code {code}")
    return ExitCode.GOOD


@contextmanager
def _started(engine: Engine, port: int) -> Iterator[subprocess.Popen[bytes]]:
    # A session of its own: Ctrl+C reaches the engine once, through us, and it saves what it trains.
    process = subprocess.Popen(
        (*engine.serve_command(port=port), "--exit-with-parent"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        env=engine.child_environ(),
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


@contextmanager
def _passing_signals_to(process: subprocess.Popen[bytes]) -> Iterator[list[int]]:
    received: list[int] = []

    def pass_on(number: int, frame: FrameType | None) -> None:
        del frame
        received.append(number)
        process.terminate()

    before = {number: signal.signal(number, pass_on) for number in _SIGNALS}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _announce(server: dict[str, object], engine: Engine, pid: int, *, as_json: bool) -> None:
    if as_json:
        emit_json(server, one_line=True)
    else:
        say(f"The embedded engine serves the API at {server['base_url']}")
        talk(f"Its key stands in {safe_line(str(engine.home / 'server.json'))}. Ctrl+C ends it.")
    if server.get("pid") != pid:
        talk(f"It ran already, as process {server.get('pid')}.")
