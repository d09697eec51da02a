"""The end of a job told outside the program: bell, desktop and the person's command reach a real terminal, once."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fttui.services.dataset.samples import unpack_sample
from fttui.services.paths import ensure_private, user_paths
from fttui.services.profiles.engine import Engine
from pseudo import Terminal

pytestmark = pytest.mark.terminal

LAUNCH = ("launch", "rows.jsonl", "--epochs", "1", "--batch-size", "8", "--yes")


@pytest.fixture
def home(fresh_user: Path) -> Iterator[Path]:
    """A user with a small file and a command of their own; the engine that was started is stopped at the end."""
    paths = user_paths()
    rows = unpack_sample(paths).training.read_bytes().splitlines()[:24]
    (fresh_user / "rows.jsonl").write_bytes(b"\n".join(rows) + b"\n")
    ensure_private(paths.settings.parent)
    told = shlex.quote(str(fresh_user / "told"))
    command = f'["/bin/sh", "-c", "printf %s \\"$FTTUI_STATUS $1\\" >> {told}", "x", "{{cost}}"]'
    paths.settings.write_text(f"notify_command = {command}\n", encoding="utf-8")
    yield fresh_user
    asyncio.run(Engine(paths).stop())


def notices(raw: bytes) -> list[bytes]:
    """The notifications of the desktop among what was written."""
    return [part.split(b"\x07")[0] for part in raw.split(b"\x1b]9;")[1:]]


def told(home: Path) -> str:
    path = home / "told"
    return path.read_text() if path.exists() else ""


def test_who_follows_a_job_is_told_of_its_end_by_bell_desktop_and_command(home: Path) -> None:
    with Terminal(home, *LAUNCH, "--follow") as terminal:
        assert terminal.end() == 0
        raw, text = terminal.raw, terminal.text

    (notice,) = notices(raw)
    assert notice.startswith(b"fttui: ftjob-")
    assert notice.endswith(b"succeeded")
    assert b"\a\x1b]9;" in raw
    assert told(home).startswith("succeeded")
    assert "Hold it against its base" in " ".join(text.split())
    with Terminal(home, "follow") as again:
        assert again.end() == 0
        assert notices(again.raw) == []


def test_who_watches_a_job_on_its_screen_is_told_with_cost_and_next_steps(home: Path) -> None:
    with Terminal(home, size=(120, 40)) as terminal:
        terminal.wait_for("rows.jsonl")
        terminal.send("4")
        terminal.wait_for("No jobs on profile local yet")

        def is_told() -> bool:
            return "cost nothing, trained here" in terminal.text and "c talks to it" in terminal.text

        # The screen is read meanwhile: a slow launch may last longer than the message stands.
        with subprocess.Popen([sys.executable, "-m", "fttui", *LAUNCH], cwd=home, stderr=subprocess.DEVNULL) as launch:
            terminal.wait_until(lambda: launch.poll() is not None or is_told(), "the launch")
            if not is_told():
                terminal.send("r")
            terminal.wait_until(is_told, "the message")
        assert launch.returncode == 0
        terminal.wait_until(lambda: bool(notices(terminal.raw)), "the notice")
        terminal.wait_until(lambda: bool(told(home)), "the command")
        terminal.send("q")
        terminal.end()

        assert len(notices(terminal.raw)) == 1
    assert told(home) == "succeeded nothing, trained here"


@pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux")
def test_the_notice_passes_through_a_tmux_that_lets_it(home: Path, tmp_path: Path) -> None:
    socket = str(tmp_path / "tmux")
    settings = tmp_path / "tmux.conf"
    settings.write_text("set -g allow-passthrough on\n")
    inside = shlex.join([sys.executable, "-m", "fttui", *LAUNCH, "--follow"])
    command = ["tmux", "-S", socket, "-f", str(settings), "new-session", "-x", "80", "-y", "24", inside]
    try:
        with Terminal(home, command=command, environ={**os.environ, "HOME": str(home)}) as terminal:
            terminal.wait_until(lambda: bool(notices(terminal.raw)), "the notice outside of tmux")
    finally:
        subprocess.run(["tmux", "-S", socket, "kill-server"], check=False, capture_output=True)

    assert notices(terminal.raw)[0].endswith(b"succeeded")
