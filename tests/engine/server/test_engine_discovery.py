"""One server for one home, found by everyone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine_jobs import client_of
from engine_server import EngineProcess, eventually, running_engine
from fttui.engine.base_models import BASE_MODELS
from fttui.engine.discovery import read_address


def test_a_second_server_names_the_first_and_leaves(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with running_engine(home) as address:
        second = EngineProcess(home)
        assert second.address == address
        assert second.wait() == 0
        assert json.loads((home / "server.json").read_text())["base_url"] == address.base_url
    assert not (home / "server.json").exists()


def test_servers_started_at_once_agree_on_one(tmp_path: Path) -> None:
    home = tmp_path / "home"
    engines = [EngineProcess(home) for _ in range(3)]
    addresses = {engine.address for engine in engines}
    assert len(addresses) == 1
    (address,) = addresses
    os.kill(address.pid, signal.SIGTERM)
    assert [engine.wait() for engine in engines] == [0, 0, 0]


def test_what_a_killed_server_left_behind_is_not_believed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    engine = EngineProcess(home)
    old = engine.address
    engine.kill()
    assert (home / "server.json").exists()
    with running_engine(home) as new, client_of(new) as client:
        assert new.pid != old.pid
        assert new.api_key == old.api_key, "the token belongs to the installation"
        assert client.models.list().data
    assert read_address(home / "server.json") is None


def test_everything_is_private_and_only_loopback_listens(tmp_path: Path) -> None:
    home = tmp_path / "home"
    umask = os.umask(0o000)
    try:
        with running_engine(home) as address:
            assert address.base_url.startswith("http://127.0.0.1:")
            assert address.base_url.endswith("/v1")
            for path in (home, *home.rglob("*")):
                assert path.stat().st_mode & 0o077 == 0, path
            port = address.base_url.rsplit(":", 1)[1].removesuffix("/v1")
            listening = Path(f"/proc/{address.pid}/net/tcp").read_text().splitlines()
            locals_ = [line.split()[1] for line in listening if line.split()[1].endswith(f":{int(port):04X}")]
            assert set(locals_) == {f"0100007F:{int(port):04X}"}
    finally:
        os.umask(umask)


@pytest.mark.skipif(sys.platform != "linux", reason="the test reads /proc")
def test_a_server_can_end_with_the_process_that_started_it(tmp_path: Path) -> None:
    starter = subprocess.run(
        [
            sys.executable,
            "-c",
            (
                "import subprocess, sys\n"
                "server = subprocess.Popen([sys.executable, '-m', 'fttui.engine', 'serve', '--exit-with-parent',"
                " '--home', sys.argv[1]], stdout=subprocess.PIPE)\n"
                "sys.stdout.write(server.stdout.readline().decode())\n"
            ),
            str(tmp_path / "home"),
        ],
        capture_output=True,
        check=True,
        timeout=60,
    )
    pid = json.loads(starter.stdout)["pid"]

    assert eventually(lambda: not Path(f"/proc/{pid}").exists() or is_zombie(pid), "the end of the server")


def is_zombie(pid: int) -> bool:
    """Whether a process has ended and only waits to be noticed."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def test_the_names_of_the_base_models_are_those_of_the_model_room() -> None:
    code = "from fttui.engine.nano.model import BASE_NAMES; print(*BASE_NAMES)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True, timeout=60)
    assert said.stdout.split() == list(BASE_MODELS)


def test_a_port_or_a_folder_that_cannot_be_used_is_said_plainly(tmp_path: Path) -> None:
    with running_engine(tmp_path / "home") as address:
        port = address.base_url.rsplit(":", 1)[1].removesuffix("/v1")
        taken = serve_and_wait(tmp_path / "other", "--port", port)
        assert (taken.returncode, taken.stdout) == (2, "")
        assert "cannot serve from" in taken.stderr
        assert "Address already in use" in taken.stderr
        assert not (tmp_path / "other" / "server.json").exists()
    (tmp_path / "file").write_text("not a folder")
    assert "File exists" in serve_and_wait(tmp_path / "file").stderr


def serve_and_wait(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a server that is expected to end by itself."""
    command = [sys.executable, "-m", "fttui.engine", "serve", "--home", str(home), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
