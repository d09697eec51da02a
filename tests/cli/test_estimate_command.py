from __future__ import annotations

import json
from pathlib import Path

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
