"""A person's own limits, written into the settings, hold in every command that looks at rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fttui.services.paths import user_paths
from fttui_program import fttui
from image_rows import write_image_rows

MODEL = "gpt-4o-mini-2024-07-18"
SETTINGS = """
[profiles.openai.limits]
images_per_example = 12

[profiles.work]
dialect = "azure"
base_url = "https://team.openai.azure.com/openai/v1"

[profiles.work.limits]
images_per_example = 3
image_examples = 2

[example_tokens]
"gpt-4o" = 40
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    settings = user_paths().settings
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(SETTINGS, encoding="utf-8")
    return write_image_rows(tmp_path / "data.jsonl", [0, 0, 0, 0, 0, 0, 0, 0, 2, 11, 13], words=30)


def checked(path: Path, *words: str) -> tuple[dict[str, int], int, int]:
    answer = json.loads(fttui("check", str(path), "--json", "--model", MODEL, *words).stdout)
    counts = {one["code"]: one["count"] for one in answer["findings"]}
    return counts, answer["valid_examples"], answer["tokens"]["truncated_examples"]


def test_check_goes_by_the_limits_of_the_profile_it_is_asked_for(path: Path) -> None:
    counts, valid, cut = checked(path)
    assert (counts["own-image-limit"], "too-many-images" in counts, valid, cut) == (1, False, 10, 11)

    counts, valid, cut = checked(path, "--profile", "work")
    assert (counts["own-image-limit"], counts["too-many-image-examples"], valid, cut) == (2, 1, 9, 11)

    counts, _, _ = checked(path, "--profile", "local")
    assert (counts["too-many-images"], "own-image-limit" in counts) == (2, False)


def test_what_is_learnt_of_a_row_ends_at_the_limit(path: Path) -> None:
    shown = json.loads(fttui("check", str(path), "--show-training", "1", "--model", MODEL, "--json").stdout)

    assert shown["limit"] == 40
    assert shown["cut"] == shown["tokens"] - 40


def test_an_estimate_counts_what_passes_and_is_not_cut(path: Path) -> None:
    answer = json.loads(fttui("estimate", str(path), "--model", MODEL, "--profile", "openai", "--json").stdout)
    other = next(one for one in answer["models"] if one["model"].startswith("gpt-4.1-mini"))

    assert answer["valid_examples"] == 10
    assert (answer["tokens"]["limit"], answer["tokens"]["truncated_examples"]) == (40, 10)
    assert answer["tokens"]["p50"] == 43 < 1000 < answer["tokens"]["max"]
    assert answer["tokens"]["billable"] + answer["tokens"]["uncertain"] <= 10 * 40
    assert other["tokens"]["truncated_examples"] == 0


def test_prepare_drops_what_is_beyond_the_limits(path: Path) -> None:
    ran = fttui("prepare", str(path), "--plan", "--model", MODEL, "--json")
    fixes = {one["code"]: one["count"] for one in json.loads(ran.stdout)["fixes"]}

    assert (fixes["drop-long"], fixes["drop-faulty"]) == (10, 1)


def test_the_list_of_rules_tells_them(path: Path) -> None:
    listed = json.loads(fttui("check", "--list-rules", "--json", "--profile", "openai").stdout)
    text = fttui("check", "--list-rules", "--profile", "openai").stdout

    assert listed["example_tokens"]["gpt-4o"] == 40
    assert listed["limits"]["openai"]["images_per_example"] == 12
    assert "your settings for images_per_example" in text
