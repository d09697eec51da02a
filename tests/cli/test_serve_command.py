"""The engine in the foreground, as a script sees it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from fttui.domain.profiles.secret import Secret
from fttui.services.profiles.loopback import get_status
from fttui_program import PROGRAM, fttui


@contextmanager
def serving(*words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run `fttui serve` until its first line; end it afterwards."""
    process = subprocess.Popen(
        [*PROGRAM, "serve", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        yield process, process.stdout.readline()
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=60)
        process.stdout.close()
        process.stderr.close()


def status_of(base_url: str, key: str) -> int | None:
    """The HTTP status of asking for the models."""
    return asyncio.run(get_status(f"{base_url}/models", Secret(key), seconds=60))


def wait_until_gone(pid: int) -> bool:
    """Whether a process ends within a minute."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def test_one_line_of_json_says_where_and_with_which_key() -> None:
    with serving("--json") as (process, line):
        server = json.loads(line)

        assert {"base_url", "api_key", "pid"} <= server.keys()
        assert status_of(server["base_url"], server["api_key"]) == 200
        assert status_of(server["base_url"], "another-key") == 401
        assert process.poll() is None


@pytest.mark.parametrize(
    ("sign", "code"), [pytest.param(signal.SIGINT, 130, id="Ctrl+C"), pytest.param(signal.SIGTERM, 143, id="SIGTERM")]
)
def test_a_signal_ends_the_engine_as_well(sign: signal.Signals, code: int) -> None:
    with serving("--json") as (process, line):
        process.send_signal(sign)

        assert process.wait(timeout=60) == code
        assert wait_until_gone(json.loads(line)["pid"])


def test_the_engine_does_not_outlive_a_killed_command() -> None:
    with serving("--json") as (process, line):
        process.kill()

        assert wait_until_gone(json.loads(line)["pid"])


def test_a_second_one_names_the_first_and_ends() -> None:
    with serving("--json") as (_, line):
        second = fttui("serve", "--json")

        assert second.returncode == 0
        assert json.loads(second.stdout) == json.loads(line)
        assert "It ran already" in second.stderr


def test_without_json_the_key_is_not_printed() -> None:
    with serving() as (process, line):
        key = json.loads(fttui("serve", "--json").stdout)["api_key"]
        process.terminate()
        told = line + process.communicate(timeout=60)[1]

    assert "http://127.0.0.1:" in told
    assert "server.json" in told
    assert key not in told
