"""The same launch in other words: a line of this program, Python, curl. None of them holds a key."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from pprint import pformat

from fttui.domain.jobs.dialect_body import EXTRA, create_body_for
from fttui.domain.jobs.draft import DataSource, Draft
from fttui.domain.jobs.job import Method
from fttui.domain.jobs.spec import Wandb
from fttui.domain.profiles.azure import request_address, resource_address
from fttui.domain.profiles.checks import key_variable as variable_of
from fttui.domain.profiles.profile import Dialect, Profile
from fttui.domain.remote import RemoteFile

SHORT_NAMES: Mapping[str, str] = {
    "n_epochs": "epochs",
    "learning_rate_multiplier": "learning-rate",
    "learning_rate": "absolute-learning-rate",
}
"""Hyperparameters that have another name on the command line."""
_ENGINE_WORDS = "# fttui serve --json prints base_url and api_key: OPENAI_BASE_URL and OPENAI_API_KEY hold them here"
GRADER_FILE, FORMAT_FILE = "grader.json", "answer-format.json"


def option_name(hyperparameter: str) -> str:
    """How a hyperparameter is called on the command line."""
    return SHORT_NAMES.get(hyperparameter, hyperparameter.replace("_", "-"))


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A launch as text to be copied."""

    title: str
    text: str


def equivalents(draft: Draft, profile: Profile) -> tuple[Equivalent, ...]:
    """The launch of a draft at a profile as fttui's own line, as Python and as curl."""
    return (
        Equivalent("fttui", command_line(draft, profile)),
        Equivalent("Python", python_code(draft, profile)),
        Equivalent("curl", curl_lines(draft, profile)),
    )


def command_line(draft: Draft, profile: Profile) -> str:
    """The line of this program that launches a draft, and asks before."""
    options = list(_options(draft, profile))
    files = _saved_files(draft)
    first = f"fttui launch {_file_word(draft.training)}".rstrip()
    lines = [first, *(" ".join(map(shlex.quote, pair)) for pair in options)]
    return "".join(files) + " \\\n  ".join(lines)


def _file_word(source: DataSource | None) -> str:
    match source:
        case None:
            return ""
        case RemoteFile():
            return shlex.quote(source.id)
        case _:
            return shlex.quote(str(source))


def _options(draft: Draft, profile: Profile) -> Iterator[tuple[str, ...]]:
    yield "--profile", profile.name
    if draft.model:
        yield "--model", draft.model
    if draft.validation is not None:
        validation = draft.validation
        yield "--valid", validation.id if isinstance(validation, RemoteFile) else str(validation)
    yield "--method", draft.method.value
    for name, value in draft.hyperparameters.items():
        yield f"--{option_name(name)}", str(value)
    if draft.suffix.strip():
        yield "--suffix", draft.suffix.strip()
    if draft.seed.strip():
        yield "--seed", draft.seed.strip()
    for pair in draft.spec().metadata.items():
        yield "--metadata", "=".join(pair)
    if draft.method is Method.REINFORCEMENT:
        if draft.grader is not None:
            yield "--grader", GRADER_FILE
        if draft.response_format.strip():
            yield "--response-format", FORMAT_FILE
    if draft.wandb is not None:
        yield from _wandb_options(draft.wandb)


def _wandb_options(wandb: Wandb) -> Iterator[tuple[str, ...]]:
    yield "--wandb-project", wandb.project
    if wandb.name:
        yield "--wandb-name", wandb.name
    if wandb.entity:
        yield "--wandb-entity", wandb.entity
    for tag in wandb.tags:
        yield "--wandb-tag", tag


def _saved_files(draft: Draft) -> Iterator[str]:
    """What a shell writes to files that the line then names; nothing in them is read by the shell."""
    if draft.method is not Method.REINFORCEMENT:
        return
    if draft.grader is not None:
        yield f"cat >{GRADER_FILE} <<'END'\n{json.dumps(draft.grader)}\nEND\n"
    if draft.response_format.strip():
        yield f"cat >{FORMAT_FILE} <<'END'\n{json.dumps(draft.spec().response_format)}\nEND\n"


def key_variable(profile: Profile) -> str:
    """The environment variable that the texts take the key from."""
    own = "OPENAI_API_KEY" if profile.dialect is Dialect.ENGINE else variable_of(profile.name)
    return profile.key_variable or own


def python_code(draft: Draft, profile: Profile) -> str:
    """The launch with OpenAI's own library."""
    lines = list(_python_client(profile))
    body = create_body_for(draft.spec(), profile)
    besides = {name: body.pop(name) for name in sorted(EXTRA) if name in body}
    sources = {"training_file": draft.training, "validation_file": draft.validation}
    names: dict[str, str] = {}
    for name, source in sources.items():
        if isinstance(source, PurePath):
            names[name] = name.removesuffix("_file")
            lines += [f'with open({str(source)!r}, "rb") as rows:']
            lines += [f'    {names[name]} = client.files.create(file=rows, purpose="fine-tune")']
            lines += [f"client.files.wait_for_processing({names[name]}.id)"]
    lines += ["job = client.fine_tuning.jobs.create("]
    for name, value in body.items():
        if name in EXTRA:
            continue
        shown = f"{names[name]}.id" if name in names else _literal(value)
        lines.append(f"    {name}={shown},")
    if besides:
        lines.append(f"    extra_body={_literal(besides)},")
    return "\n".join([*lines, ")", "print(job.id)"]) + "\n"


def _python_client(profile: Profile) -> Iterator[str]:
    older = profile.dialect is Dialect.AZURE and bool(profile.api_version)
    kind = "AzureOpenAI" if older else "OpenAI"
    yield from ("import os", "", f"from openai import {kind}", "")
    if profile.dialect is Dialect.ENGINE:
        yield _ENGINE_WORDS
    yield f"client = {kind}("
    if older:
        yield f"    azure_endpoint={resource_address(profile.base_url)!r},"
        yield f"    api_version={profile.api_version!r},"
    elif profile.dialect is Dialect.ENGINE:
        yield '    base_url=os.environ["OPENAI_BASE_URL"],'
    else:
        yield f"    base_url={_address(profile)!r},"
    yield f'    api_key=os.environ["{key_variable(profile)}"],'
    # A create that is sent again after a lost answer may make, and cost, a second job.
    yield from ("    max_retries=0,", ")")


def _address(profile: Profile) -> str:
    return request_address(profile) if profile.dialect is Dialect.AZURE else profile.base_url.rstrip("/")


def _literal(value: object) -> str:
    return pformat(value, sort_dicts=False, width=76).replace("\n", "\n    ")


def curl_lines(draft: Draft, profile: Profile) -> str:
    """The launch with curl; jq reads the ids of the files."""
    base = "$OPENAI_BASE_URL" if profile.dialect is Dialect.ENGINE else _address(profile)
    header = "api-key:" if profile.api_version else "Authorization: Bearer"
    query = f"?api-version={profile.api_version}" if profile.api_version else ""
    key = f'-H "{header} ${key_variable(profile)}"'
    lines = []
    if profile.dialect is Dialect.ENGINE:
        lines.append(_ENGINE_WORDS)
    body = create_body_for(draft.spec(), profile)
    spelled = json.dumps(body, indent=2, ensure_ascii=True)
    # The text stands where the shell would put values in: what is ours to fill in is put there afterwards.
    for character in ("\\", "$", "`"):
        spelled = spelled.replace(character, f"\\{character}")
    for name, source in (("training_file", draft.training), ("validation_file", draft.validation)):
        if not isinstance(source, PurePath):
            continue
        variable = name.removesuffix("_file").upper()
        path = str(source).replace("\\", "\\\\").replace('"', '\\"')
        part = shlex.quote(f'file=@"{path}"')
        lines.append(f'{variable}=$(curl -sS "{base}/files{query}" {key} \\')
        lines.append(f"  -F purpose=fine-tune -F {part} | jq -r .id)")
        held = json.dumps(str(source), ensure_ascii=True)
        for character in ("\\", "$", "`"):
            held = held.replace(character, f"\\{character}")
        spelled = spelled.replace(f'"{name}": {held}', f'"{name}": "${variable}"', 1)
    lines += [
        f'curl -sS "{base}/fine_tuning/jobs{query}" {key} \\',
        '  -H "Content-Type: application/json" -d @- <<END',
    ]
    return "\n".join([*lines, spelled, "END"]) + "\n"
