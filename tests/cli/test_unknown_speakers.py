"""Names of speakers that nobody knows: what to add is told, and what is told works."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from pathlib import Path

import pytest

from fttui_program import fttui


def write(path: Path, talks: Sequence[Sequence[str]], *, keys: tuple[str, str, str]) -> Path:
    turns, speaker, spoken = keys
    rows = [
        {turns: [{speaker: who, spoken: f"{who} says {number}.{place}"} for place, who in enumerate(talk)]}
        for number, talk in enumerate(talks)
    ]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


SHAREGPT = ("conversations", "from", "value")
CASES = [
    ([("human", "gpt"), ("human", "robot")] * 6, SHAREGPT, {"robot": "assistant"}),
    ([("guest", "host", "guest", "host")] * 12, ("log", "speaker", "text"), {"guest": "user", "host": "assistant"}),
    ([("usr", "asistant")] * 12, ("messages", "role", "content"), {"usr": "user", "asistant": "assistant"}),
    ([("甲, 乙", "丙")] * 12, ("对话", "角色", "内容"), {"甲, 乙": "user", "丙": "assistant"}),
]


@pytest.mark.parametrize(("talks", "keys", "roles"), CASES)
def test_a_guess_is_offered_as_settings_that_work(
    tmp_path: Path, talks: list[tuple[str, ...]], keys: tuple[str, str, str], roles: dict[str, str]
) -> None:
    path = write(tmp_path / "data.jsonl", talks, keys=keys)
    refused = fttui("import", str(path), "--plan")
    offered = next(line for line in refused.stderr.splitlines() if "--map" in line and "roles=" in line)
    done = json.loads(fttui("import", str(path), "--plan", "--json", *shlex.split(offered)).stdout)

    assert refused.returncode == 2
    assert done["rows"]["made"] == done["rows"]["read"] == 12
    said = [message["role"] for row in done["preview"] for message in row["messages"]]
    known = {"human": "user", "gpt": "assistant", **roles}
    assert said == [known[who] for talk in talks[:3] for who in talk]


def test_a_mapping_of_ones_own_gets_the_entry_that_is_missing(tmp_path: Path) -> None:
    path = write(tmp_path / "data.jsonl", [("human", "robot"), ("pal", "gpt")] * 6, keys=SHAREGPT)
    words = ("--map", "turns=conversations", "--map", "turns.role=from", "--map", "turns.text=value")
    ran = fttui("import", str(path), "--plan", *words, "--map", "roles=pal:user")

    assert "is not known; say what the name means, such as robot:assistant" in ran.stdout
    told = next(line for line in ran.stderr.splitlines() if "not known who is robot" in line)
    assert told.endswith("add: --map 'roles=pal:user, robot:assistant'")


def test_of_a_crowd_of_names_nobody_is_guessed(tmp_path: Path) -> None:
    path = write(tmp_path / "data.jsonl", [(f"p{number}", f"q{number}") for number in range(9)], keys=SHAREGPT)
    ran = fttui("import", str(path), "--plan")

    assert "not known who is p0, p1, p2, p3" in ran.stderr
    assert "roles=" not in ran.stderr


def test_a_split_alone_names_the_fixes_that_it_does_not_make(tmp_path: Path) -> None:
    path = write(tmp_path / "data.jsonl", [("usr", "asistant")] * 12, keys=("messages", "role", "content"))
    ran = fttui("prepare", str(path), "--split", "0.2", "--out", str(tmp_path / "plain"))
    mended = fttui(
        *("prepare", str(path), "--split", "0.2", "--accept", "normalise-roles", "--out", str(tmp_path / "mended"))
    )

    assert "--accept normalise-roles,drop-faulty, or --recommended" in ran.stderr
    assert mended.stderr == ""
    assert fttui("check", str(tmp_path / "plain" / "data_prepared_valid.jsonl"), "--rows-only").returncode == 1
    valid = fttui("check", str(tmp_path / "mended" / "data_prepared_valid.jsonl"), "--rows-only", "--json")
    assert "unknown-role" not in valid.stdout


def test_a_split_that_is_refused_names_the_fixes_that_may_help(tmp_path: Path) -> None:
    rows = [{"messages": [{"role": "human", "content": "same"}, {"role": "gpt", "content": "same"}]}] * 12
    path = tmp_path / "data.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    ran = fttui("prepare", str(path), "--split", "2")

    assert ran.returncode == 2
    assert "--accept normalise-roles,drop-faulty,drop-duplicates" in ran.stderr
    assert "--split-by random" in ran.stderr
