"""Every screen that shows runs, with real runs on the embedded engine, at both sizes: what it must show is there."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fttui.services.dataset.samples import unpack_sample
from fttui.services.paths import user_paths
from fttui.services.profiles.engine import Engine
from run_pictures import SIZES, take

pytestmark = pytest.mark.terminal

MUST_SHOW = {
    "jobs": ("✓ succeeded", "second", "first", "local-nano", "2 jobs"),
    "job": ("✓ succeeded", "cost nothing, trained here", "best at step", "full valid", "▴", "✦", "Log", "Details"),
    "job-accuracy": ("step ", "train", "full valid", "1.0"),
    "results": ("rows, 7 columns", "train loss", "full acc", "Copy table"),
    "compare": ("2 jobs of local", "first", "second", "Epochs", "Settings that differ"),
    "job-first": ("✓ succeeded", "first", "✦"),
    "playground": ("You", "Start the fan in the garage.", "tokens/s"),
    "files": ("Files", "step_metrics.csv", "fine-tune", "processed"),
    "costs": ("2 jobs", "free", "Trained on this computer"),
}


@pytest.fixture
def runs(fresh_user: Path) -> Iterator[None]:
    """Two runs on the embedded engine, which is stopped at the end."""
    sample = unpack_sample(user_paths())
    rows, kept_back = fresh_user / "rows.jsonl", fresh_user / "kept_back.jsonl"
    rows.write_bytes(b"\n".join(sample.training.read_bytes().splitlines()[:60]) + b"\n")
    kept_back.write_bytes(b"\n".join(sample.training.read_bytes().splitlines()[60:80]) + b"\n")
    for suffix, epochs in (("first", "2"), ("second", "3")):
        launch = ("launch", str(rows), "--valid", str(kept_back), "--epochs", epochs, "--suffix", suffix)
        command = [sys.executable, "-m", "fttui", *launch, "--yes", "--follow"]
        subprocess.run(command, check=True, capture_output=True, cwd=fresh_user)
    yield
    asyncio.run(Engine(user_paths()).stop())


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
async def test_every_screen_shows_what_it_must(runs: None, size: tuple[int, int]) -> None:
    taken = await take(size)

    assert taken.keys() == MUST_SHOW.keys()
    for name, words in MUST_SHOW.items():
        text, _ = taken[name]
        lines = text.splitlines()
        assert (len(lines), max(map(len, lines))) == (size[1], size[0]), name
        assert [word for word in words if word not in text] == [], f"{name}\n{text}"
        # The line of keys has room for all that are in it, and for help, menu and quit.
        assert lines[-1].split()[-2:] == ["q", "Quit"], lines[-1]
