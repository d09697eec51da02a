from __future__ import annotations

import json
from pathlib import Path

import pytest

from estimate_rows import lamps, write_rows
from fttui.services.paths import user_paths
from fttui_program import fttui


def write(path: Path, rows: int) -> Path:
    messages = [{"role": "user", "content": "Question?"}, {"role": "assistant", "content": "Answer."}]
    path.write_text("".join(json.dumps({"messages": messages}) + "\n" for _ in range(rows)))
    return path


def test_a_model_gets_tokens_epochs_steps_and_a_dated_cost(tmp_path: Path) -> None:
    path = write(tmp_path / "data.jsonl", 50)
    answer = json.loads(fttui("estimate", str(path), "--model", "gpt-4.1", "--epochs", "4", "--json").stdout)

    assert answer["tokens"]["total"] == 50 * (4 + 2 + 4 + 2)
    assert answer["epochs"] == {"auto": 3, "used": 4}
    assert answer["steps"] == 50 * 4
    assert answer["cost"]["model"] == "gpt-4.1-2025-04-14"
    assert answer["cost"]["low"] == 600 * 4 * 25 / 1_000_000
    assert answer["cost"]["prices_checked"] >= "2026-11-20"
    assert answer["lifecycle"]["shuts_down"] == "2027-01-14"


def test_without_a_model_every_comparable_one_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "data.jsonl", 50)
    answer = json.loads(fttui("estimate", str(path), "--json").stdout)
    ran = fttui("estimate", str(path))

    assert {"gpt-4.1-2025-04-14", "gpt-4o-mini-2024-07-18"} <= {cost["model"] for cost in answer["costs"]}
    assert answer["cost"] is None
    assert "prices of 20" in ran.stdout
    assert "2027-01-14" in ran.stdout


def test_a_model_paid_by_the_hour_gets_no_cost_by_the_token(tmp_path: Path) -> None:
    ran = fttui("estimate", str(write(tmp_path / "data.jsonl", 50)), "--model", "o4-mini")

    assert "by the hour" in ran.stdout


def test_a_file_without_examples_cannot_be_estimated(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.touch()

    assert fttui("estimate", str(path)).returncode == 2


def settings(text: str) -> None:
    """Write the settings of the fresh user."""
    path = user_paths().settings
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


AZURE = """
[profiles.azure]
dialect = "azure"
base_url = "https://me.openai.azure.com/openai/v1"
"""


def test_every_model_stands_in_the_table_within_80_columns(tmp_path: Path) -> None:
    path = lamps(tmp_path / "data.jsonl", tools=True)
    ran = fttui("estimate", str(path), "--model", "gpt-4.1-mini", "--requests-per-day", "2000", "--profile", "openai")

    name, *lines = ran.stdout.splitlines()
    assert name == str(path)
    unasked = fttui("estimate", str(path), "--profile", "openai").stdout

    assert max(map(len, lines)) <= 80
    assert max(map(len, unasked.splitlines()[1:])) <= 80
    assert "paid back after requests" in unasked
    assert "* gpt-4.1-mini-2025-04-14" in ran.stdout
    assert "  gpt-4o-2024-08-06" in ran.stdout
    assert "60,833 requests a month" in ran.stdout
    assert "(means of the file)" in ran.stdout
    assert "\x1b" not in ran.stdout


def test_the_json_says_the_same_of_every_model_under_a_version(tmp_path: Path) -> None:
    path = lamps(tmp_path / "data.jsonl")
    options = ("--model", "gpt-4o-mini", "--requests-per-month", "1000000", "--answer-tokens", "100", "--json")
    answer = json.loads(fttui("estimate", str(path), *options).stdout)

    assert answer["schema_version"] == 1
    assert answer["traffic"] == {
        "requests_per_month": 1_000_000,
        "prompt_tokens": None,
        "answer_tokens": 100,
        "from_file": ["prompt"],
    }
    assert answer["shared"]["system"]["share"] == 1
    assert answer["shared"]["tools"] is None
    chosen = next(one for one in answer["models"] if one["chosen"])
    assert chosen["model"] == answer["model"] == "gpt-4o-mini-2024-07-18"
    assert chosen["price"] == {"checked": "2026-11-20", "source": "OpenAI, pricing page"}
    tokens = chosen["inference"]["prompt_tokens"]
    assert chosen["inference"]["tuned"]["high"] == pytest.approx(tokens * 0.3 + 100 * 1.2)
    assert chosen["inference"]["base"]["high"] == pytest.approx(tokens * 0.15 + 100 * 0.6)
    saved = chosen["without_shared"]
    assert saved["tokens_per_request"] == answer["shared"]["system"]["tokens"]["o200k_base"]
    assert saved["training_saved"] == pytest.approx(40 * saved["tokens_per_request"] * 3 * 3 / 1_000_000)
    assert {one["tokens"]["encoding"] for one in answer["models"]} == {"o200k_base"}


def test_an_older_base_is_counted_in_its_own_encoding_beside_the_others(tmp_path: Path) -> None:
    rows = [{"messages": [{"role": "user", "content": "灯亮着吗？"}, {"role": "assistant", "content": "亮着。"}]}] * 12
    path = write_rows(tmp_path / "data.jsonl", rows)
    answer = json.loads(fttui("estimate", str(path), "--model", "gpt-3.5-turbo", "--json").stdout)

    tokens = {one["model"]: one["tokens"] for one in answer["models"]}
    older, newer = tokens["gpt-3.5-turbo"], tokens["gpt-4o-2024-08-06"]
    assert (older["encoding"], newer["encoding"]) == ("cl100k_base", "o200k_base")
    assert older["total"] > newer["total"]
    assert (older["limit"], newer["limit"]) == (16_385, 65_536)


def test_the_embedded_engine_is_free_with_epochs_of_its_own_and_so_says_the_check(tmp_path: Path) -> None:
    path = write(tmp_path / "data.jsonl", 50)
    answer = json.loads(fttui("estimate", str(path), "--profile", "local", "--json").stdout)
    checked = json.loads(fttui("check", str(path), "--profile", "local", "--json").stdout)

    assert {(one["profile"], one["free"], one["cost"]) for one in answer["models"]} == {("local", True, None)}
    assert answer["epochs"]["auto"] == checked["epochs"]["auto"] == 25
    assert checked["cost"]["free"] is True


def test_prices_of_ones_own_go_first_and_unknown_ones_are_said(tmp_path: Path) -> None:
    settings(AZURE + '[prices."gpt-4.1"]\ntraining = 10.0\n')
    path = write(tmp_path / "data.jsonl", 50)
    answer = json.loads(fttui("estimate", str(path), "--profile", "azure", "--json").stdout)
    ran = fttui("estimate", str(path), "--profile", "azure")

    costs = {one["model"]: one["cost"] for one in answer["models"]}
    assert costs["gpt-4.1-2025-04-14"]["low"] == 600 * 3 * 10 / 1_000_000
    assert costs["gpt-4.1-mini-2025-04-14"] is None
    assert "price unknown" in ran.stdout
    assert "$0.00" not in ran.stdout
    assert "$1,241.00" in ran.stdout


def test_reinforcement_by_the_hour_ends_where_the_provider_pauses_the_job(tmp_path: Path) -> None:
    settings(AZURE)
    rows = [{"messages": [{"role": "user", "content": "2 + 2"}], "reference": "4"}] * 12
    path = write_rows(tmp_path / "data.jsonl", rows)
    at_azure = fttui("estimate", str(path), "--profile", "azure").stdout
    at_openai = fttui("estimate", str(path), "--profile", "openai", "--model", "o4-mini").stdout

    assert "up to $5,000.00" in at_azure
    assert "no upper end is published" in " ".join(at_openai.split())
    assert "No base of openai takes jobs for these rows any more" in " ".join(at_openai.split())


def test_a_file_without_usable_rows_has_no_epochs(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "data.jsonl", [{"messages": []}])

    assert fttui("estimate", str(path)).returncode == 2
    assert "Epochs" not in fttui("check", str(path)).stdout
