"""The house rules that a machine can check: floors, types, style, module sizes, late imports, top-level entries."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "fttui"
LINES_AT_MOST = 400

HEAVY = {"openai", "pandas", "numpy", "tiktoken", "plotext", "keyring", "starlette", "uvicorn", "msgspec", "openpyxl"}
SCREENS = {"textual", "rich"}
NEVER_LOADED = {
    "domain": HEAVY | SCREENS | {"click", "asyncio", "sqlite3", "subprocess", "threading"},
    "services": HEAVY | SCREENS | {"click"},
    "cli": HEAVY | SCREENS,
    "ui": HEAVY | {"click"},
    "samples": HEAVY | SCREENS | {"click"},
}

LOADED_BY_WORKERS = {"fttui.services.dataset.quick_shapes", "fttui.services.dataset.quick_tools"}
"""Modules made of classes of an optional package; worker processes load them where it is installed."""

IMPORT_ALL = """
import importlib, json, sys
for name in json.loads(sys.argv[1]):
    importlib.import_module(name)
print(json.dumps(sorted(name for name in sys.modules if "." not in name)))
"""


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def tool(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def modules_of(floor: str) -> list[str]:
    files = sorted((SOURCE / floor).rglob("*.py"))
    names = [".".join(path.relative_to(SOURCE.parent).with_suffix("").parts) for path in files]
    names = [name.removesuffix(".__init__") for name in names if not name.endswith("__main__")]
    return [name for name in names if name not in LOADED_BY_WORKERS]


@pytest.mark.parametrize("floor", sorted(NEVER_LOADED))
def test_importing_a_whole_floor_loads_nothing_that_it_must_not(floor: str) -> None:
    loaded = run(sys.executable, "-c", IMPORT_ALL, json.dumps(modules_of(floor)))
    assert loaded.returncode == 0, loaded.stderr

    assert NEVER_LOADED[floor].intersection(json.loads(loaded.stdout)) == set()


def test_the_version_is_told_without_loading_anything_heavy() -> None:
    told = run(sys.executable, "-X", "importtime", "-m", "fttui", "--version")
    loaded = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in told.stderr.splitlines()}

    assert told.stdout.startswith("fttui, version ")
    assert loaded.isdisjoint(HEAVY | SCREENS | {"click", "asyncio"})


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["ruff", "check", "."], id="ruff check"),
        pytest.param(["ruff", "format", "--check", "."], id="ruff format"),
        pytest.param(["mypy"], id="mypy strict"),
        pytest.param(["lint-imports"], id="import contracts"),
    ],
)
def test_the_tool_finds_nothing(command: list[str]) -> None:
    found = run(tool(command[0]), *command[1:])

    assert found.returncode == 0, found.stdout[-8000:] + found.stderr[-4000:]


def test_every_module_is_of_a_size_to_be_read() -> None:
    sizes = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for folder in ("src", "tests")
        for path in (ROOT / folder).rglob("*.py")
    }

    assert {name: lines for name, lines in sizes.items() if lines > LINES_AT_MOST} == {}


def test_the_top_level_holds_the_agreed_entries_alone() -> None:
    listed = run("git", "ls-files")
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    entries = {name.split("/")[0] for name in listed.stdout.splitlines()}
    agreed = {"pyproject.toml", "src", "tests", "screens.md", "README.md", "CHANGELOG.md", "LICENSE"}

    assert {entry for entry in entries if not entry.startswith(".")} <= agreed
