"""However the program ends, the terminal is left as it was found."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pseudo import PATIENCE, Terminal

pytestmark = pytest.mark.terminal

CRASH = """
import sys
from fttui.ui import session
from fttui.ui.screens.profiles import ProfilesScreen

def break_down(self):
    secret_local = "sk-canary-0123456789abcdef"
    raise RuntimeError(f"out of order, key {secret_local}")

ProfilesScreen.action_test = break_down
sys.exit(session.run_app(path=None, profile=None, ascii_only=False, slow=False))
"""


def test_q_quits_and_restores_the_terminal(fresh_user: Path) -> None:
    with Terminal(fresh_user) as terminal:
        terminal.wait_for("profile local")
        terminal.send("q")

        assert terminal.end() == 0
        assert terminal.is_restored


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=["term", "hup"])
def test_a_signal_restores_the_terminal(fresh_user: Path, number: signal.Signals, code: int) -> None:
    with Terminal(fresh_user) as terminal:
        terminal.wait_for("profile local")
        terminal.process.send_signal(number)

        assert terminal.end() == code
        assert terminal.is_restored


def test_a_kill_leaves_the_terminal_as_it_was_found(fresh_user: Path) -> None:
    with Terminal(fresh_user) as terminal:
        terminal.wait_for("profile local")
        os.killpg(terminal.process.pid, signal.SIGKILL)
        terminal.process.wait()

        terminal.wait_until(lambda: terminal.is_restored, "the terminal as it was")

        assert terminal.process.returncode == -signal.SIGKILL


def test_a_kill_in_the_shell_between_leaves_the_terminal_to_the_shell(fresh_user: Path) -> None:
    with Terminal(fresh_user) as terminal:
        terminal.wait_for("profile local")
        guards = children_of(terminal.process.pid)
        terminal.send("\x1a")
        terminal.wait_until(lambda: state_of(terminal.process.pid) == "T", "the stop")
        terminal.read(0.2)
        written = len(terminal.raw)
        os.killpg(terminal.process.pid, signal.SIGKILL)
        terminal.process.wait()
        terminal.wait_until(lambda: not any(map(is_there, guards)), "the end of the guard")

        assert terminal.raw[written:] == b""


def children_of(pid: int) -> list[int]:
    """The processes that one started."""
    return [
        int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
    ]


def state_of(pid: int) -> str:
    """The state of a process, as the system writes it; nothing where there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return ""


def is_there(pid: int) -> bool:
    """Whether a process has not ended."""
    return state_of(pid) not in ("", "Z")


def test_a_closed_terminal_ends_the_program(fresh_user: Path) -> None:
    with Terminal(fresh_user) as terminal:
        terminal.wait_for("profile local")
        os.close(terminal.slave)
        os.close(terminal.master)

        assert terminal.process.wait(timeout=PATIENCE) == 129


def test_ignored_hang_ups_do_not_keep_the_program_alive_without_a_terminal(fresh_user: Path) -> None:
    command = ["sh", "-c", f"trap '' HUP; exec {sys.executable} -m fttui"]
    with Terminal(fresh_user, command=command) as terminal:
        terminal.wait_for("profile local")
        os.close(terminal.slave)
        os.close(terminal.master)

        assert terminal.process.wait(timeout=PATIENCE) == 129


def test_a_crash_restores_the_terminal_and_tells_without_locals_or_keys(fresh_user: Path) -> None:
    with Terminal(fresh_user, command=[sys.executable, "-c", CRASH]) as terminal:
        terminal.wait_for("profile local")
        terminal.send("7")
        terminal.wait_for("api.openai.com")
        terminal.send("t")

        assert terminal.end() == 1
        assert terminal.is_restored
        assert b"out of order, key [key removed]" in terminal.raw
        assert b"sk-canary" not in terminal.raw
        assert b"secret_local" not in terminal.raw.replace(b"{secret_local}", b"")
        assert len(list((fresh_user / ".local/state/fttui/log").glob("crash-*.txt"))) == 1


@pytest.mark.parametrize("stream", ["stdin", "stdout", "stderr"])
def test_without_a_terminal_it_says_so_and_exits_with_2(fresh_user: Path, stream: str) -> None:
    master, slave = os.openpty()
    streams = {"stdin": slave, "stdout": slave, "stderr": slave, stream: subprocess.PIPE}
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "fttui"],
            check=False,
            timeout=PATIENCE,
            cwd=fresh_user,
            **streams,  # type: ignore[call-overload]
        )
    finally:
        os.close(slave)
        os.close(master)

    assert ended.returncode == 2


def test_a_dumb_terminal_is_refused_in_words(fresh_user: Path) -> None:
    with Terminal(fresh_user, environ={"TERM": "dumb"}) as terminal:
        assert terminal.end() == 2
        assert b"The terminal calls itself dumb" in terminal.raw
        assert b"\x1b" not in terminal.raw
