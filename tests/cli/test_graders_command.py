"""A grader is checked here and there, and tried on an answer, from the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fault_server import KEY, FaultServer, running_fault_server
from fttui.cli import graders, profiles
from fttui.domain.errors import UsageError
from fttui.domain.jobs.grader_kinds import new_grader


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    """Reached by the profile `there`."""
    monkeypatch.setenv("FTTUI_API_KEY_THERE", KEY)
    with running_fault_server() as running:
        run(profiles.command, "add", "there", running.base_url, "--kind", "compatible")
        yield running


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    asked = [{"role": "user", "content": "2+2?"}]
    path.write_text("".join(json.dumps({"messages": asked, "answer": answer}) + "\n" for answer in ("4", "four")))
    return path


def run(command: object, *words: str) -> Result:
    return CliRunner().invoke(command, words, standalone_mode=False)  # type: ignore[arg-type]  # a click command


def kept(tmp_path: Path, grader: dict[str, object]) -> str:
    path = tmp_path / "grader.json"
    path.write_text(json.dumps(grader))
    return str(path)


def test_a_good_grader_is_good_here_and_there(server: FaultServer, rows: Path, tmp_path: Path) -> None:
    done = run(
        graders.command, "check", kept(tmp_path, new_grader("string_check")), "--rows", str(rows), "--profile", "there"
    )

    assert done.return_value == 0
    assert "there takes this grader" in done.stdout
    assert server.count("POST", "/graders/validate$") == 1


def test_a_wrong_one_is_told_here_and_not_sent(server: FaultServer, rows: Path, tmp_path: Path) -> None:
    wrong = {**new_grader("string_check"), "reference": "{{item.anser}}"}
    done = run(graders.command, "check", kept(tmp_path, wrong), "--rows", str(rows), "--profile", "there")

    assert done.return_value == 1
    assert "did you mean item.answer?" in done.stdout
    assert not server.requests


@pytest.mark.parametrize(("answer", "row", "reward"), [("4", "1", "reward 1"), ("4", "2", "reward 0")])
def test_an_answer_is_graded_for_a_row(
    server: FaultServer, rows: Path, tmp_path: Path, answer: str, row: str, reward: str
) -> None:
    grader = kept(tmp_path, new_grader("string_check"))
    done = run(graders.command, "try", grader, answer, "--rows", str(rows), "--row", row, "--profile", "there")

    assert done.return_value == 0
    assert reward in done.stdout
    assert server.requests[-1].json["item"] == {"answer": "4" if row == "1" else "four"}


def test_a_provider_without_graders_says_so(tmp_path: Path) -> None:
    grader = kept(tmp_path, new_grader("string_check"))

    checked = run(graders.command, "check", grader, "--profile", "local")
    tried = run(graders.command, "try", grader, "4", "--profile", "local")

    assert checked.return_value == 0
    assert "local does not check graders; the check on this computer stands." in checked.stdout
    assert isinstance(tried.exception, UsageError)
