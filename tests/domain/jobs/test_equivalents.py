"""The same launch as a line of this program, as Python and as curl."""

from __future__ import annotations

import ast
import json
import shlex
import subprocess
from dataclasses import replace
from pathlib import PurePath

from hypothesis import given
from hypothesis import strategies as st

from fttui.domain.jobs.dialect_body import create_body_for
from fttui.domain.jobs.draft import Draft
from fttui.domain.jobs.equivalents import command_line, curl_lines, python_code
from fttui.domain.jobs.grader_kinds import new_grader
from fttui.domain.jobs.job import Method
from fttui.domain.jobs.spec import Wandb
from fttui.domain.profiles.profile import LOCAL, OPENAI, Dialect, Profile
from fttui.domain.remote import RemoteFile

NASTY = 'it\'s $HOME `id` "q" \\ é\n$(reboot) END'
ROWS = PurePath("/data/my rows;$x.jsonl")
DRAFT = Draft("gpt-4.1", ROWS, typed={"n_epochs": "2", "learning_rate_multiplier": "0.5"}, suffix="it's", seed="7")


def test_the_line_names_everything_and_is_safe_in_a_shell() -> None:
    line = command_line(replace(DRAFT, wandb=Wandb("p", tags=("a b",)), metadata="team=blue $x"), OPENAI)

    assert shlex.split(line.replace("\\\n", "")) == [
        "fttui", "launch", str(ROWS), "--profile", "openai", "--model", "gpt-4.1", "--method", "supervised",
        "--epochs", "2", "--learning-rate", "0.5", "--suffix", "it's", "--seed", "7", "--metadata", "team=blue $x",
        "--wandb-project", "p", "--wandb-tag", "a b",
    ]  # fmt: skip


def test_a_grader_is_said_to_be_in_a_file() -> None:
    line = command_line(replace(DRAFT, method=Method.REINFORCEMENT, grader=new_grader("string_check")), OPENAI)

    assert line.startswith("cat >grader.json <<'END'\n{")
    assert "--grader grader.json" in line


def test_python_is_python_and_asks_for_the_same_job_without_a_second_try() -> None:
    remote = RemoteFile("file-1", "rows.jsonl", 1, 0, "fine-tune", "processed")
    draft = replace(DRAFT, training=remote, metadata=f"note={NASTY.splitlines()[0]}")
    tree = ast.parse(python_code(draft, OPENAI))
    call = next(
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("jobs.create")
    )

    assert {one.arg: ast.literal_eval(one.value) for one in call.keywords} == create_body_for(draft.spec(), OPENAI)
    assert "max_retries=0" in python_code(draft, OPENAI)
    ast.parse(python_code(DRAFT, OPENAI))


def posted(text: str) -> object:
    """The body curl would send, as a shell spells it: curl and jq are functions that answer."""
    script = "curl() { case \"$*\" in *files*) echo '{}';; *) cat;; esac; }\njq() { echo file-9; }\n" + text
    done = subprocess.run(["/bin/bash", "-c", script], capture_output=True, text=True, check=True, env={})
    return json.loads(done.stdout)


def test_a_shell_hands_curl_the_body_with_the_ids_of_the_files() -> None:
    draft = replace(DRAFT, validation=PurePath("/data/kept.jsonl"))
    body = create_body_for(draft.spec(), OPENAI)

    assert posted(curl_lines(draft, OPENAI)) == {**body, "training_file": "file-9", "validation_file": "file-9"}


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30))
def test_nothing_in_a_value_is_run_by_the_shell(value: str) -> None:
    remote = RemoteFile("file-1", "rows.jsonl", 1, 0, "fine-tune", "processed")
    draft = Draft("gpt-4.1", remote, suffix=value)

    assert posted(curl_lines(draft, OPENAI)) == create_body_for(draft.spec(), OPENAI)


def test_each_provider_is_asked_in_its_own_way_and_no_text_holds_a_key() -> None:
    azure = Profile("az", Dialect.AZURE, "https://me.openai.azure.com", api_version="2025-04-01-preview")

    assert '-H "api-key: $FTTUI_API_KEY_AZ"' in curl_lines(DRAFT, azure)
    assert '-H "Authorization: Bearer $FTTUI_API_KEY_AZ"' in curl_lines(DRAFT, replace(azure, api_version=""))
    assert "AzureOpenAI(" in python_code(DRAFT, azure)
    assert "/openai/fine_tuning/jobs?api-version=2025-04-01-preview" in curl_lines(DRAFT, azure)
    assert 'base_url=os.environ["OPENAI_BASE_URL"]' in python_code(DRAFT, LOCAL)
    assert "fttui serve" in curl_lines(DRAFT, LOCAL)
