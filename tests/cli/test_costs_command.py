"""What training cost, from the journal, on the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result

from costs_journal import write_costs
from fttui.cli import costs
from fttui.domain.errors import UsageError
from fttui.services.jobs.journal import Journal
from fttui.services.paths import user_paths


@pytest.fixture(autouse=True)
def journal() -> Iterator[Journal]:
    """The journal of a person with a few jobs."""
    opened = Journal(user_paths().journal)
    write_costs(opened)
    yield opened
    opened.close()


def run(*words: str) -> Result:
    return CliRunner().invoke(costs.command, words, standalone_mode=False)


def test_jobs_and_totals_of_each_profile_and_month_are_told() -> None:
    said = run().stdout
    jobs, totals = said.split("\n\n")

    assert len(jobs.splitlines()) == 6
    assert "0.60-0.66" in jobs
    assert [line.split()[:3] for line in totals.splitlines()[1:]] == [
        ["2026-09", "openai", "3"],
        ["2026-09", "local", "1"],
        ["2026-08", "openai", "1"],
    ]


def test_the_difference_is_explained() -> None:
    said = run("--explain").stdout

    assert "billable tokens were trained" in said
    assert "Priced at" in said
    assert "Trained on this computer: free." in said


def test_one_month_and_one_profile() -> None:
    document = json.loads(run("--month", "2026-09", "--profile", "openai", "--json").stdout)

    assert {(job["profile"], job["month"]) for job in document["jobs"]} == {("openai", "2026-09")}
    (total,) = document["totals"]
    assert total["actual"] == pytest.approx(sum(job["actual"] or 0 for job in document["jobs"]))
    explained = [job for job in document["jobs"] if job["difference"]]
    assert explained
    assert all(job["reasons"] for job in document["jobs"])


def test_a_month_that_is_none_is_refused() -> None:
    assert isinstance(run("--month", "September").exception, UsageError)
