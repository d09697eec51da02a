"""Stalled terminals, noise on the input, names that would steer the terminal."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from pathlib import Path

import pytest

from pseudo import PATIENCE, Terminal

pytestmark = pytest.mark.terminal

# Writes a line to a file from the event loop ten times a second, and redraws the screen as often.
HEARTBEAT = """
import sys, time
from pathlib import Path
from fttui.ui import app, session

beats = Path(sys.argv[1])

def beat(self):
    with beats.open("a") as file:
        file.write(f"{time.monotonic()}\\n")
    self.running = f"beat {time.monotonic():.2f}"
    self.screen.refresh()

mounted = app.FttuiApp.on_mount
def on_mount(self):
    mounted(self)
    self.set_interval(0.1, lambda: beat(self))

app.FttuiApp.on_mount = on_mount
sys.exit(session.run_app(path=None, profile=None, ascii_only=False, slow=False))
"""

NAMES = [
    "\x1b]52;c;aGFja2Vk\x07.jsonl",
    "\x1b[31mred\x1b[2J.jsonl",
    "csi\x9b31mc1.jsonl",
    "[foo=bar][@click=app.quit]x.jsonl",
    "line\nbreak.jsonl",
    "right\u202eto-left.jsonl",
]


def beats_in(path: Path) -> list[float]:
    return [float(line) for line in path.read_text().split()] if path.exists() else []


def shown_beat(terminal: Terminal) -> float:
    found = re.search(r"beat (\d+\.\d\d)", terminal.text)
    return float(found[1]) if found else 0.0


def stall(terminal: Terminal, beats: Path, count: int) -> None:
    """Read nothing until many more beats were written than the terminal and the queue before it can hold frames."""
    terminal.wait_for("beat")
    before = len(beats_in(beats))
    deadline = time.monotonic() + PATIENCE
    while len(beats_in(beats)) < before + count:
        assert time.monotonic() < deadline, "the event loop stands still"
        time.sleep(0.05)


def test_a_terminal_that_stops_reading_does_not_stop_the_program(fresh_user: Path, tmp_path: Path) -> None:
    beats = tmp_path / "beats"
    with Terminal(fresh_user, command=[sys.executable, "-c", HEARTBEAT, str(beats)]) as terminal:
        stall(terminal, beats, 60)
        terminal.send("7")
        terminal.wait_for("api.openai.com")
        newest = beats_in(beats)[-1]
        terminal.wait_until(lambda: shown_beat(terminal) > newest, "the newest beat")

        assert "1 Data  2 Report" in terminal.text
        terminal.send("q")
        assert terminal.end() == 0
        assert terminal.is_restored


def test_sigterm_ends_the_program_while_the_terminal_is_stalled(fresh_user: Path, tmp_path: Path) -> None:
    beats = tmp_path / "beats"
    with Terminal(fresh_user, command=[sys.executable, "-c", HEARTBEAT, str(beats)]) as terminal:
        stall(terminal, beats, 40)
        terminal.process.send_signal(signal.SIGTERM)

        assert terminal.process.wait(timeout=PATIENCE) == 143


@pytest.mark.parametrize(
    "noise",
    [
        pytest.param(b"\xff\xfe\xc3\x28\xed\xa0\x80", id="invalid utf-8"),
        pytest.param(b"\x1b[123456789012345678901234567u", id="endless key code"),
        pytest.param(b"\x1b[1114112u\x1b[-1u\x1b[;;;u", id="key codes beyond unicode"),
        pytest.param(b"\x1b[48;99999;99999;1;1t", id="absurd size"),
        pytest.param(b"\x1b[48;0;0;0;0t", id="no size"),
        pytest.param(b"\x1b[<0;99999;99999M\x1b[<99999;1;1m\x1b[M\xff\xff\xff", id="mouse garbage"),
        pytest.param(b"\x1b[200~" + b"paste " * 40_000 + b"\x1b[201~", id="long paste"),
        pytest.param(bytes(range(0x80, 0x100)) * 4, id="all high bytes"),
    ],
)
def test_noise_on_the_input_does_no_harm(fresh_user: Path, noise: bytes) -> None:
    with Terminal(fresh_user) as terminal:
        terminal.wait_for("profile local")
        for start in range(0, len(noise), 1024):
            terminal.send(noise[start : start + 1024])
            terminal.read(0.001)
        terminal.read(0.2)
        terminal.send("\x1b[48;24;80;0;0t")
        terminal.send("7")
        terminal.wait_for("on this computer")

        terminal.send("q")
        assert terminal.end() == 0


@pytest.mark.parametrize("size", [(1, 1), (10, 2), (300, 100)], ids=str)
def test_any_size_is_survived(fresh_user: Path, size: tuple[int, int]) -> None:
    with Terminal(fresh_user, size=size) as terminal:
        terminal.wait_until(lambda: b"\x1b[?1049h" in terminal.raw, "the alternate screen")
        # Of so few cells nothing can be read; a key that comes too early is lost.
        terminal.wait_until(lambda: quits(terminal), "the end")

        assert terminal.process.returncode == 0


def quits(terminal: Terminal) -> bool:
    """Press the key that quits; whether the program has ended."""
    if terminal.process.poll() is None:
        terminal.send("q")
    return terminal.process.poll() is not None


def test_hostile_file_names_are_shown_and_steer_nothing(fresh_user: Path) -> None:
    for name in (*NAMES, "harmless.jsonl"):
        (fresh_user / name).write_text('{"messages": []}\n')
    (Path(os.fsdecode(os.fsencode(fresh_user) + b"/not-utf8-\xff.jsonl"))).write_text("")
    with Terminal(fresh_user) as terminal:
        terminal.wait_for("harmless.jsonl")
        for _ in NAMES:
            terminal.send("j")
            terminal.read(0.1)
        terminal.wait_for("[foo=bar][@click=app.quit]x.jsonl")
        terminal.wait_for("not-utf8")

        assert terminal.leaks == []
        assert b"\x1b[31m" not in terminal.raw
        terminal.send("q")
        assert terminal.end() == 0


def test_suspending_and_coming_back_shows_the_same_screen(fresh_user: Path) -> None:
    with Terminal(fresh_user) as terminal:
        terminal.wait_for("profile local")
        terminal.wait_for("q Quit")
        first, *_, last = terminal.text.splitlines()
        terminal.send("\x1a")
        terminal.wait_until(lambda: b"\x1b[?1049l" in terminal.raw, "leaving the alternate screen")
        status = Path(f"/proc/{terminal.process.pid}/stat")
        terminal.wait_until(lambda: status.read_text().rsplit(")", 1)[1].split()[0] == "T", "the stop")
        terminal.screen.erase_in_display(2)
        terminal.process.send_signal(signal.SIGCONT)
        terminal.wait_until(lambda: terminal.text.startswith(first), "the first line")
        terminal.wait_until(lambda: terminal.text.endswith(last), "the last line")
        terminal.wait_for("profile local")

        terminal.send("q")
        assert terminal.end() == 0
        assert terminal.is_restored


def test_a_start_in_a_folder_that_was_deleted_shows_the_home_folder(fresh_user: Path, tmp_path: Path) -> None:
    (fresh_user / "at-home.jsonl").write_text("{}\n")
    words = f"mkdir gone && cd gone && rmdir {tmp_path}/gone && exec {sys.executable} -P -m fttui"
    with Terminal(fresh_user, command=["sh", "-c", f"cd {tmp_path} && {words}"]) as terminal:
        terminal.wait_for("at-home.jsonl")
        terminal.send("o")
        terminal.wait_for("Open a file")
        terminal.send("at-home.jsonl\r")
        terminal.wait_for("1 row")
        terminal.send("q")
        assert terminal.end() == 0


def test_keys_that_come_in_one_piece_go_where_the_first_of_them_leads(fresh_user: Path) -> None:
    (fresh_user / "rows.jsonl").write_text('{"prompt": "one", "completion": " two"}\n')
    with Terminal(fresh_user) as terminal:
        terminal.wait_for("rows.jsonl")
        terminal.wait_for("engine stopped")
        terminal.send("orows.jsonl\r")
        terminal.wait_for("1 row")
        terminal.send("2")
        terminal.wait_for("1 example")
        terminal.send("q")
        assert terminal.end() == 0
