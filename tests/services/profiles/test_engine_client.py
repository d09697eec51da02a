"""The engine as it is found, started, shared, stopped, and as it fails."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fttui.domain.errors import EngineError
from fttui.domain.profiles.states import EnginePhase
from fttui.services.paths import Paths, user_paths
from fttui.services.profiles.engine import Engine

CANARY = "sk-canary-000000000000-7777"


def paths_in(folder: Path) -> Paths:
    return Paths(folder / "config", folder / "state", folder / "cache", folder / "data")


def seen_by_others(pid: int) -> tuple[str, str]:
    """The arguments and the environment of a process."""
    process = Path("/proc") / str(pid)
    return (process / "cmdline").read_text("utf-8"), (process / "environ").read_text("utf-8")


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    """The real engine of a fresh user, stopped at the end."""
    real = Engine(user_paths(), {**os.environ, "OPENAI_API_KEY": CANARY, "HTTP_PROXY": "http://127.0.0.1:9"})
    yield real
    await real.stop()


async def test_the_engine_is_started_once_and_shared_by_all_instances(engine: Engine) -> None:
    assert (await engine.state()).phase is EnginePhase.STOPPED

    base_url, key = await engine.address()
    others = await asyncio.gather(*(Engine(user_paths()).address() for _ in range(3)))

    assert others == [(base_url, key)] * 3
    state = await engine.state()
    assert (state.phase, state.base_url) == (EnginePhase.RUNNING, base_url)
    assert state.pid is not None
    words, surroundings = seen_by_others(state.pid)
    assert key.reveal() not in words
    assert CANARY not in surroundings


async def test_two_instances_that_start_at_once_get_one_engine(engine: Engine) -> None:
    addresses = await asyncio.gather(engine.address(), Engine(user_paths()).address())

    assert addresses[0] == addresses[1]


async def test_an_engine_that_was_killed_is_started_again(engine: Engine) -> None:
    first = await engine.address()
    killed = (await engine.state()).pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)

    again = await engine.address()

    assert (await engine.state()).pid != killed
    assert again[1] == first[1]


async def test_an_engine_that_is_stopped_is_gone(engine: Engine) -> None:
    await engine.address()
    pid = (await engine.state()).pid
    assert pid is not None

    await engine.stop()

    assert (await engine.state()).phase is EnginePhase.STOPPED
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_it_ends_with_the_last_instance_that_uses_it(engine: Engine) -> None:
    other = Engine(user_paths())
    await engine.address()
    await other.address()

    await other.leave(stop=True)
    assert (await engine.state()).phase is EnginePhase.RUNNING

    await engine.leave(stop=True)
    assert (await engine.state()).phase is EnginePhase.STOPPED


async def test_it_outlives_an_instance_that_leaves_it_running(engine: Engine) -> None:
    await engine.address()

    await engine.leave(stop=False)

    assert (await engine.state()).phase is EnginePhase.RUNNING


@pytest.mark.parametrize(
    "noted",
    [
        pytest.param("not json", id="garbage"),
        pytest.param('{"base_url": "http://127.0.0.1:1/v1", "api_key": "k", "pid": 1}', id="the pid of init"),
        pytest.param(
            json.dumps({"base_url": "https://evil.example.org/v1", "api_key": "k", "pid": os.getpid()}),
            id="another host",
        ),
        pytest.param(
            json.dumps({"base_url": "http://127.0.0.1:1/v1", "api_key": "k", "pid": os.getpid()}),
            id="a living process that is not the engine",
        ),
        pytest.param(
            json.dumps({"base_url": "http://127.0.0.1:1/v1", "api_key": "k", "pid": 2**22 - 1}), id="a dead process"
        ),
    ],
)
async def test_a_stale_note_of_an_engine_is_not_believed_and_its_process_not_touched(
    tmp_path: Path, noted: str
) -> None:
    engine = Engine(paths_in(tmp_path))
    engine.home.mkdir(parents=True)
    (engine.home / "server.json").write_text(noted, "utf-8")

    assert (await engine.state()).phase is EnginePhase.STOPPED
    await engine.stop()


async def test_a_server_that_refuses_the_key_is_not_taken_for_the_engine(tmp_path: Path) -> None:
    engine = Engine(paths_in(tmp_path))
    engine.home.mkdir(parents=True)

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        note = {"base_url": f"http://127.0.0.1:{port}/v1", "api_key": "k", "pid": os.getpid()}
        (engine.home / "server.json").write_text(json.dumps(note), "utf-8")

        assert await engine.running() is None


async def test_a_server_that_never_answers_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fttui.services.profiles.engine._HEALTH_SECONDS", 0.1)
    engine = Engine(paths_in(tmp_path))
    engine.home.mkdir(parents=True)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        note = {"base_url": f"http://127.0.0.1:{silent.getsockname()[1]}/v1", "api_key": "k", "pid": os.getpid()}
        (engine.home / "server.json").write_text(json.dumps(note), "utf-8")

        assert await engine.running() is None


@pytest.mark.parametrize(
    ("script", "patience", "message"),
    [
        pytest.param(
            "printf 'no numpy\\033[31m here' >&2; exit 1", 60, "did not start: no numpy␛[31m here", id="fails"
        ),
        pytest.param("echo hello", 60, "did not start", id="talks nonsense"),
        pytest.param("echo loading >&2; sleep 60", 1, "was not ready within 1 s: loading", id="hangs"),
    ],
)
async def test_an_engine_that_does_not_start_says_why_in_its_own_last_words(
    tmp_path: Path, script: str, patience: float, message: str
) -> None:
    engine = Engine(paths_in(tmp_path), command=("sh", "-c", script), start_seconds=patience)

    with pytest.raises(EngineError) as caught:
        await engine.address()

    assert message in caught.value.message
    assert str(engine.log) in caught.value.hint
    assert (await engine.state()).phase is EnginePhase.STOPPED


async def test_an_engine_without_room_for_a_word_is_told_from_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Engine(paths_in(tmp_path), command=("sh", "-c", "exit 2"))
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=4096))

    with pytest.raises(EngineError, match="did not start: there is no room left on the disk that holds") as caught:
        await engine.address()

    assert str(engine.home) in caught.value.message


async def test_a_home_that_cannot_be_made_is_told_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "state").touch()

    with pytest.raises(EngineError, match="could not be started: Not a directory"):
        await Engine(paths_in(tmp_path)).address()


async def test_files_where_the_person_stands_do_not_stand_in_for_modules(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "numpy.py").write_text("raise SystemExit('a file of the person was run')", "utf-8")
    monkeypatch.chdir(tmp_path)

    await engine.address()

    assert (await engine.state()).phase is EnginePhase.RUNNING
