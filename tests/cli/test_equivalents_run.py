"""The same launch in other words does the same when it is run as it is shown: fttui's own line, Python and curl."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from dialects import speak
from engine_server import running_engine
from fault_server import KEY, FaultServer
from fttui.domain.jobs.draft import Draft
from fttui.domain.jobs.equivalents import Equivalent, equivalents, key_variable
from fttui.domain.jobs.grader_kinds import new_grader
from fttui.domain.jobs.job import Method
from fttui.domain.jobs.operation import TAG
from fttui.domain.jobs.provider_fields import ENGINE_FIELDS, NEBIUS_FIELDS
from fttui.domain.jobs.spec import Wandb
from fttui.domain.profiles.profile import LOCAL, Credential, Dialect, Endpoint, KeySource, Profile
from fttui.domain.profiles.secret import Secret
from fttui.services.openai_api.provider import OpenAiProvider
from fttui_program import PROGRAM

NEEDED = ("bash", "curl", "jq")
pytestmark = pytest.mark.skipif(any(shutil.which(one) is None for one in NEEDED), reason="no curl and jq here")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a person keeps rows, with a blank and a sign of the shell in its name."""
    folder = tmp_path / "my $rows"
    folder.mkdir()
    return folder


def write_chats(path: Path, count: int) -> Path:
    chats = [[{"role": "user", "content": f"a{n}"}, {"role": "assistant", "content": "b"}] for n in range(count)]
    path.write_text("".join(json.dumps({"messages": chat}) + "\n" for chat in chats))
    return path


def write_sums(path: Path, count: int) -> Path:
    rows = [{"messages": [{"role": "user", "content": f"{n}+1?"}], "answer": str(n + 1)} for n in range(count)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def run(text: Equivalent, folder: Path, environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Do what a text says, as it stands; to our own line only the yes is added that a script has to give."""
    match text.title:
        case "Python":
            words = [sys.executable, "-c", text.text]
        case "curl":
            words = ["bash", "-euo", "pipefail", "-c", text.text]
        case _:
            program = " ".join(f"'{word}'" for word in PROGRAM)
            words = ["bash", "-euo", "pipefail", "-c", f'fttui() {{ {program} "$@"; }}\n{text.text} --yes']
    return subprocess.run(
        words, env={**os.environ, **environ}, cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )


async def test_all_three_make_the_same_job_at_the_embedded_engine(folder: Path, tmp_path: Path) -> None:
    rows, kept = write_chats(folder / "it's rows.jsonl", 12), write_chats(folder / "kept.jsonl", 10)
    typed = {"n_epochs": "2", "batch_size": "4", "learning_rate_multiplier": "0.5"}
    note = 'note=it\'s $HOME `id` "q" \\ é'
    draft = Draft(
        "local-nano",
        rows,
        kept,
        typed=typed,
        suffix="demo",
        seed="7",
        metadata=f"team=a b\n{note}",
        fields=ENGINE_FIELDS,
    )
    # The engine of this program's own state, so that its line and the other two reach the same one.
    home = Path(os.environ["XDG_STATE_HOME"]) / "fttui" / "engine"
    with running_engine(home) as address:
        environ = {"OPENAI_BASE_URL": address.base_url, "OPENAI_API_KEY": address.api_key}
        provider = OpenAiProvider(_endpoint(address.base_url, address.api_key))
        made = []
        try:
            for text in equivalents(draft, LOCAL):
                done = run(text, folder, environ)
                assert done.returncode == 0, done.stderr
                job = (await provider.list_jobs(limit=1))[0]
                assert job.id in done.stdout
                made.append(job)
            files = [await provider.file_content(job.training_file) for job in made]
        finally:
            await provider.close()

    assert len({job.id for job in made}) == 3
    assert files == [rows.read_bytes()] * 3
    for job in made:
        assert (job.model, job.method, job.suffix, job.seed) == ("local-nano", "supervised", "demo", 7)
        assert {name: value for name, value in job.metadata.items() if name != TAG} == {
            "team": "a b",
            "note": note.removeprefix("note="),
        }
        assert job.hyperparameters == made[0].hyperparameters
        assert job.hyperparameters["n_epochs"] == 2
        assert job.validation_file
    assert TAG in made[0].metadata


def _endpoint(base_url: str, key: str) -> Endpoint:
    return Endpoint(LOCAL, base_url, Credential(Secret(key), KeySource.ENGINE))


@pytest.mark.parametrize("kind", ["openai", "azure", "azure-older", "nebius"])
def test_all_three_ask_a_provider_for_the_same(server: FaultServer, folder: Path, kind: str) -> None:
    dialect = Dialect(kind.removesuffix("-older"))
    endpoint = speak(server, dialect, api_version="2025-04-01-preview" if kind == "azure-older" else "")
    profile = replace(endpoint.profile, name="there")
    draft = _drafts(folder)[dialect]
    environ = {key_variable(profile): KEY}
    _add(profile, folder)

    for text in equivalents(draft, profile):
        before = len(server.memory.jobs)
        done = run(text, folder, environ)
        assert done.returncode == 0, done.stderr
        assert len(server.memory.jobs) == before + 1, done.stdout

    asked = [request for request in server.requests if request.path == "/fine_tuning/jobs" and request.method == "POST"]
    bodies = [_without_ids(request.json) for request in asked]
    assert len(bodies) == 3
    assert bodies[1] == bodies[0]
    assert bodies[2] == bodies[0]


def _without_ids(body: Mapping[str, object]) -> dict[str, object]:
    """A request without the ids of its files and without the tag of our own line."""
    kept = {name: value for name, value in body.items() if name not in ("training_file", "validation_file")}
    metadata = {name: value for name, value in dict(kept.pop("metadata", {})).items() if name != TAG}  # type: ignore[call-overload]  # JSON of this test
    return {**kept, **({"metadata": metadata} if metadata else {})}


def _drafts(folder: Path) -> Mapping[Dialect, Draft]:
    rows = write_chats(folder / "rows.jsonl", 12)
    sums, more = write_sums(folder / "sums.jsonl", 12), write_sums(folder / "more.jsonl", 10)
    shape = '{"type": "json_schema", "json_schema": {"name": "it\'s", "schema": {}}}'
    graded = Draft(
        "gpt-9-mini", sums, more, Method.REINFORCEMENT, {"reasoning_effort": "low", "eval_samples": "2"},
        grader=new_grader("string_check"), response_format=shape, metadata="team=blue", wandb=Wandb("p", tags=("a",)),
    )  # fmt: skip
    chosen = {"learning_rate": "0.00002", "lora": "yes", "lora_r": "16"}
    nebius = Draft("meta-llama/Llama-3.3-70B-Instruct", rows, typed=chosen, suffix="demo", fields=NEBIUS_FIELDS)
    azure = Draft("gpt-4.1-2025-04-14", rows, typed={"n_epochs": "2"}, suffix="demo", seed="7")
    return {Dialect.OPENAI: graded, Dialect.AZURE: azure, Dialect.NEBIUS: nebius}


def _add(profile: Profile, folder: Path) -> None:
    words = ["profiles", "add", "there", profile.base_url, "--kind", profile.dialect.value]
    words += ["--api-version", profile.api_version] if profile.api_version else []
    words += ["--training-tier", profile.training_tier] if profile.training_tier else []
    subprocess.run([*PROGRAM, *words], cwd=folder, check=True, capture_output=True, timeout=60)
