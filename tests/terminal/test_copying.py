"""Copying out of a real tmux, whose default settings drop what a terminal is asked directly."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pseudo import PATIENCE, Terminal

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux"),
]


@pytest.fixture
def socket(tmp_path: Path) -> Iterator[str]:
    """A tmux server of its own."""
    path = str(tmp_path / "tmux")
    yield path
    subprocess.run(["tmux", "-S", path, "kill-server"], check=False, capture_output=True)


def tmux(socket: str, *words: str) -> str:
    return subprocess.run(["tmux", "-S", socket, *words], check=False, capture_output=True, text=True).stdout


def test_in_tmux_a_copy_lands_in_its_buffer(fresh_user: Path, socket: str) -> None:
    environ = {**os.environ, "HOME": str(fresh_user), "TERM": "xterm-256color"}
    command = ["tmux", "-S", socket, "-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24"]
    subprocess.run([*command, f"{sys.executable} -m fttui"], check=True, env=environ, cwd=fresh_user)
    deadline = time.monotonic() + PATIENCE
    for awaited, keys in (("profile local", ["7"]), ("api.openai.com", ["j", "y"]), ("Sent the base URL to tmux", [])):
        while awaited not in " ".join(tmux(socket, "capture-pane", "-p").split()):
            assert time.monotonic() < deadline, tmux(socket, "capture-pane", "-p")
            time.sleep(0.05)
        for key in keys:
            tmux(socket, "send-keys", key)

    assert tmux(socket, "show-buffer") == "https://api.openai.com/v1"


def test_elsewhere_the_terminal_is_asked(fresh_user: Path) -> None:
    with Terminal(fresh_user) as terminal:
        terminal.wait_for("profile local")
        terminal.send("7")
        terminal.wait_for("api.openai.com")
        terminal.send("j")
        terminal.send("y")
        terminal.wait_for("Sent the base URL")

        assert b"\x1b]52;c;aHR0cHM6Ly9hcGkub3BlbmFpLmNvbS92MQ==" in terminal.raw
        terminal.send("q")
        assert terminal.end() == 0
