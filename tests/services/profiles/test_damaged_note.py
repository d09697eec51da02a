"""Whatever becomes of the file that says where the engine runs, it is found again, and there is one engine only."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from engine_server import eventually
from fttui.domain.profiles.states import EnginePhase
from fttui.services.paths import user_paths
from fttui.services.profiles.engine import Engine


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    """The real engine of a fresh user, running; stopped at the end."""
    real = Engine(user_paths())
    await real.address()
    yield real
    await real.address()
    await real.stop()


def note_of(engine: Engine) -> Path:
    return engine.home / "server.json"


async def pid_of(engine: Engine) -> int:
    pid = (await engine.state()).pid
    assert pid is not None
    return pid


def changed(note: Path, **fields: object) -> None:
    note.write_text(json.dumps({**json.loads(note.read_text("utf-8")), **fields}), "utf-8")


DAMAGE: dict[str, Callable[[Path], object]] = {
    "deleted": lambda note: note.unlink(),
    "empty": lambda note: note.write_bytes(b""),
    "truncated": lambda note: os.truncate(note, note.stat().st_size // 2),
    "not text": lambda note: note.write_bytes(b"\xff\xfe\x00"),
    "the pid of another": lambda note: changed(note, pid=os.getpid()),
    "the pid of nobody": lambda note: changed(note, pid=2**22 - 1),
    "another port": lambda note: changed(note, base_url="http://127.0.0.1:9/v1"),
    "another key": lambda note: changed(note, api_key="wrong"),
    "an unsigned lock": lambda note: (note.write_bytes(b""), (note.parent / "server.lock").write_bytes(b"")),
}


@pytest.mark.parametrize("damage", DAMAGE)
async def test_a_running_engine_with_a_damaged_note_is_found_by_all_who_ask_at_once(
    engine: Engine, damage: str
) -> None:
    pid, address = await pid_of(engine), await engine.address()
    DAMAGE[damage](note_of(engine))

    found = await asyncio.gather(*(Engine(user_paths()).address() for _ in range(2)))

    assert found == [address] * 2
    assert await pid_of(engine) == pid


async def test_a_killed_engine_with_a_damaged_note_is_replaced_once_by_two_who_ask_at_once(engine: Engine) -> None:
    os.kill(await pid_of(engine), signal.SIGKILL)
    os.truncate(note_of(engine), 10)

    first, second = await asyncio.gather(*(Engine(user_paths()).address() for _ in range(2)))

    assert first == second


async def test_an_engine_whose_folder_was_removed_ends_and_makes_room_for_another(engine: Engine) -> None:
    old = await pid_of(engine)
    shutil.rmtree(engine.home)

    await engine.address()

    assert await pid_of(engine) != old
    await asyncio.to_thread(eventually, lambda: has_ended(old), "the end of the old one")
    assert (await engine.state()).phase is EnginePhase.RUNNING


def has_ended(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False
