"""Launching, following, plotting and reading results from a shell, on the real engine and before a faulty server."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from fault_server import KEY, Fault, FaultServer, error
from fttui_program import fttui

COLOURS = ("red", "green", "blue")


def write_rows(path: Path, count: int = 20, **last_row: object) -> Path:
    rows: list[Mapping[str, object]] = [
        {
            "messages": [
                {"role": "user", "content": f"Which colour has box {number}?"},
                {"role": "assistant", "content": COLOURS[number % 3]},
            ]
        }
        for number in range(count)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in (*rows, *([last_row] if last_row else []))))
    return path


@dataclass(frozen=True, slots=True)
class Home:
    """A user with an engine of their own and one finished job; tests may leave more jobs, so they name it."""

    environ: Mapping[str, str]
    rows: Path
    followed: subprocess.CompletedProcess[str]

    @property
    def job(self) -> str:
        """The id of the finished job."""
        job = lines_of(self.followed)[-1]["job"]
        assert isinstance(job, dict)
        return str(job["id"])

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return fttui(*words, environ=self.environ)

    def json(self, *words: str) -> dict[str, object]:
        done = self.run(*words, "--json")
        assert done.returncode == 0, done.stderr
        decoded: dict[str, object] = json.loads(done.stdout)
        return decoded

    def jobs(self) -> dict[str, dict[str, object]]:
        """Every job of this home by its id, newest first."""
        jobs = self.json("jobs", "list")["jobs"]
        assert isinstance(jobs, list)
        return {job["id"]: job for job in jobs}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = tmp_path_factory.mktemp("launch")
    names = {"XDG_STATE_HOME": "state", "XDG_DATA_HOME": "data", "XDG_CONFIG_HOME": "config", "XDG_CACHE_HOME": "cache"}
    environ = {"HOME": str(folder), **{name: str(folder / part) for name, part in names.items()}}
    rows, valid = write_rows(folder / "rows.jsonl"), write_rows(folder / "valid.jsonl", 12)
    words = ("launch", str(rows), "--valid", str(valid), "--epochs", "2", "--seed", "7", "--yes", "--follow", "--json")
    yield Home(environ, rows, fttui(*words, environ=environ))
    from fttui.services.paths import Paths
    from fttui.services.profiles.engine import Engine

    paths = Paths(*(folder / part / "fttui" for part in ("config", "state", "cache", "data")))
    asyncio.run(Engine(paths, environ).stop())


def lines_of(done: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_following_prints_one_object_a_line_and_ends_with_the_job(home: Home) -> None:
    assert home.followed.returncode == 0, home.followed.stderr
    lines = lines_of(home.followed)
    steps = [line["step"] for line in lines if line["type"] == "metrics"]
    job = lines[-1]["job"]

    assert {line["type"] for line in lines} == {"status", "event", "metrics", "checkpoint", "done"}
    assert steps == list(range(1, len(steps) + 1))
    assert [line["type"] for line in lines].count("done") == 1
    assert isinstance(job, dict)
    assert job["status"] == "succeeded"
    assert job["fine_tuned_model"].startswith("ft:local-nano:")
    assert job["trained_tokens"] > 0
    assert job["seed"] == 7


def test_without_a_yes_and_without_a_terminal_nothing_is_launched(home: Home) -> None:
    before = list(home.jobs())

    done = home.run("launch", str(home.rows))

    assert (done.returncode, done.stdout) == (2, "")
    assert "--yes" in done.stderr
    assert list(home.jobs()) == before


def test_a_file_with_errors_is_not_launched(home: Home, tmp_path: Path) -> None:
    broken = write_rows(tmp_path / "broken.jsonl", 20, messages=[{"role": "nobody", "content": "x"}])

    done = home.run("launch", str(broken), "--yes")

    assert done.returncode == 2
    assert "nothing was sent" in done.stderr
    assert "fttui check" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--epochs", "0"), "Epochs must be"),
        (("--beta", "0.1"), "no meaning for supervised"),
        (("--metadata", "nonsense"), "key=value"),
        (("--seed", "-1"), "seed"),
        (("--suffix", "x" * 65), "suffix"),
    ],
)
def test_options_that_make_no_sense_are_told(home: Home, words: tuple[str, str], said: str) -> None:
    done = home.run("launch", str(home.rows), "--yes", *words)

    assert done.returncode == 2
    assert said in done.stderr


def test_the_job_is_listed_and_shown(home: Home) -> None:
    listed = home.jobs()
    shown = home.json("jobs", "show", home.job)
    newest = home.json("jobs", "show")["job"]
    assert isinstance(shown["job"], dict)
    assert isinstance(newest, dict)

    assert (listed[home.job]["profile"], shown["progress"]) == ("local", 1.0)
    assert home.job in home.run("jobs").stdout
    assert shown["job"]["fine_tuned_model"] in home.run("jobs", "show", home.job).stdout
    assert newest["id"] == next(iter(listed))


def test_the_plot_is_drawn_as_wide_as_asked(home: Home) -> None:
    size = ("--width", "60", "--height", "14")
    unicode = home.run("plot", home.job, *size).stdout.splitlines()
    plain = home.run("plot", home.job, *size, "--ascii", "--metric", "accuracy").stdout

    assert len(unicode) == 14
    assert max(map(len, unicode)) <= 60
    assert "┤" in "".join(unicode)
    assert plain.isascii()
    assert len(plain.splitlines()) == 14


def test_a_plot_of_what_was_not_measured_is_told(home: Home) -> None:
    done = home.run("plot", home.job, "--metric", "reward")

    assert done.returncode == 2
    assert "There is: loss, accuracy" in done.stderr


def test_results_are_a_table_and_rows_and_a_new_file(home: Home, tmp_path: Path) -> None:
    results = home.json("results", home.job)
    rows = results["rows"]
    assert isinstance(rows, list)
    csv = tmp_path / "out.csv"
    first, again = (home.run("results", home.job, "--csv", str(csv)) for _ in range(2))

    assert rows[0]["step"] == 1
    assert rows[0]["train_loss"] > 0
    assert len(home.run("results", home.job).stdout.splitlines()) == len(rows) + 1
    assert len(csv.read_text().splitlines()) == len(rows) + 1
    assert (first.returncode, again.returncode) == (0, 2)
    assert home.run("results", home.job, "--out", str(tmp_path / "out.json")).returncode == 0
    assert json.loads((tmp_path / "out.json").read_text())["rows"] == rows
    assert home.run("results", home.job, "--csv", str(tmp_path / "other.json")).returncode == 2


def test_a_job_is_paused_resumed_and_cancelled(home: Home) -> None:
    done = home.run("launch", str(home.rows), "--epochs", "50", "--batch-size", "1", "--yes")
    job = done.stdout.strip()

    assert "is paused" in home.run("jobs", "pause", job).stdout
    assert home.json("jobs", "show", job)["job"]["status"] == "paused"  # type: ignore[index]  # decoded JSON
    assert home.run("jobs", "resume", job).returncode == 0
    refused = home.run("jobs", "cancel", job)
    assert (refused.returncode, "--yes" in refused.stderr) == (2, True)
    assert "is cancelled" in home.run("jobs", "cancel", job, "--yes").stdout
    followed = home.run("follow", job, "--json")
    assert followed.returncode == 1
    assert lines_of(followed)[-1]["job"]["status"] == "cancelled"  # type: ignore[index]  # decoded JSON
    assert home.run("jobs", "cancel", job, "--yes").returncode == 3


def test_a_job_nobody_knows_is_told(home: Home) -> None:
    done = home.run("follow", "ftjob-none")

    assert done.returncode == 3
    assert "ftjob-none" in done.stderr


def test_elsewhere_the_base_has_to_be_named(server: FaultServer, remote: Mapping[str, str], tmp_path: Path) -> None:
    done = fttui("launch", str(write_rows(tmp_path / "rows.jsonl")), "--yes", environ=remote)

    assert done.returncode == 2
    assert "--model" in done.stderr
    assert server.requests == []


def test_without_a_price_a_limit_on_the_cost_refuses(
    server: FaultServer, remote: Mapping[str, str], tmp_path: Path
) -> None:
    rows = write_rows(tmp_path / "rows.jsonl")
    done = fttui("launch", str(rows), "--model", "odd", "--yes", "--max-cost", "5", environ=remote)

    assert done.returncode == 2
    assert "--max-cost" in done.stderr
    assert {request.method for request in server.requests} <= {"GET"}


def test_a_lost_reply_is_found_again_and_sent_once(
    server: FaultServer, remote: Mapping[str, str], tmp_path: Path
) -> None:
    server.fail("POST", "/fine_tuning/jobs$", Fault(close=True, after_effect=True), forever=True)
    rows = write_rows(tmp_path / "rows.jsonl")

    done = fttui("launch", str(rows), "--model", "odd", "--yes", environ=remote)

    assert (done.returncode, done.stdout.split()) == (0, list(server.memory.jobs)), done.stderr
    assert server.count("POST", "/fine_tuning/jobs$") == 1


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (error(403, "Training is closed", "training_not_available"), "another profile"),
        (error(401, "Incorrect API key provided"), "fttui keys set"),
        (error(400, "Model odd does not exist."), "does not exist"),
    ],
    ids=["403", "401", "400"],
)
def test_a_refusal_is_told_and_ends_with_three(
    server: FaultServer, remote: Mapping[str, str], tmp_path: Path, fault: Fault, said: str
) -> None:
    server.fail("POST", "/fine_tuning/jobs$", fault)
    rows = write_rows(tmp_path / "rows.jsonl")

    done = fttui("launch", str(rows), "--model", "odd", "--yes", environ=remote)

    assert (done.returncode, said in done.stderr) == (3, True), done.stderr
    assert KEY not in done.stdout + done.stderr


def test_the_list_is_there_without_the_provider(server: FaultServer, remote: Mapping[str, str]) -> None:
    server.memory.start_job({"model": "odd", "training_file": "file-1"})
    online = json.loads(fttui("jobs", "list", "--json", environ=remote).stdout)
    server.fail("GET", "/", Fault(close=True), forever=True)
    offline = fttui("jobs", "list", "--json", environ=remote)

    assert offline.returncode == 0
    assert "Cannot reach the provider" in offline.stderr
    assert [job["id"] for job in json.loads(offline.stdout)["jobs"]] == [job["id"] for job in online["jobs"]]
    assert len(online["jobs"]) == 1
