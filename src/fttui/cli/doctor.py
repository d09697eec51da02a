"""What works here and what does not: versions, profile, key, engine, terminal, places on disk."""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import sys
from collections.abc import Mapping
from importlib import metadata
from typing import TYPE_CHECKING

import click

from fttui import __version__
from fttui.cli.frame import ExitCode, emit_json, json_option, profile_option, say, with_services
from fttui.cli.keys import key_facts
from fttui.domain.profiles.profile import Dialect
from fttui.domain.text import safe_line

if TYPE_CHECKING:
    from fttui.services.container import Services

Facts = dict[str, object]
Report = dict[str, Facts]

_PACKAGES = ("textual", "openai", "keyring", "tiktoken", "pandas", "numpy", "plotext", "starlette", "uvicorn")


@click.command("doctor")
@profile_option
@json_option
def command(profile: str | None, as_json: bool) -> int:
    """Say what works here and what does not. Nothing is started, sent or changed."""

    async def work(services: Services) -> Report:
        return await examine(services, profile)

    report = with_services(work)
    problems = report["problems"]
    if as_json:
        emit_json({**report, "problems": list(problems.values())})
    else:
        for title, facts in report.items():
            if facts:
                say(f"{title}")
                for name, value in facts.items():
                    say(f"  {name:<12} {_words(value)}")
    return ExitCode.BAD_ANSWER if problems else ExitCode.GOOD


async def examine(services: Services, name: str | None) -> Report:
    """Look at everything; the last entry holds the problems by subject."""
    profile = services.profile(name)
    credential = await services.keys.find(profile)
    key = key_facts(profile, credential)
    store = await services.keys.state()
    engine = await services.engine.state()
    problems: Facts = {}
    if credential.key is None and profile.dialect is not Dialect.ENGINE and not profile.key_optional:
        problems["key"] = f"{profile.name} has no key: fttui keys set {profile.name}"
    tokenizer = await asyncio.to_thread(_tokenizer)
    if not tokenizer["works offline"]:
        problems["tokenizer"] = "token counts are not exact"
    return {
        "profile": {"name": profile.name, "kind": profile.dialect, "address": profile.base_url or "on this computer"},
        "key": {"found": key.found, "source": key.source, "key": key.key, "note": key.note},
        "key store": {
            "backend": store.backend,
            "available": store.available,
            "locked": store.locked,
            "reason": store.reason,
        },
        "engine": {"state": engine.phase, "pid": engine.pid, "address": engine.base_url, "log": services.engine.log},
        "journal": await asyncio.to_thread(_journal, services),
        "terminal": terminal_facts(services.environ),
        "tokenizer": tokenizer,
        "places": {
            "settings": services.settings_path,
            "state": services.paths.state,
            "cache": services.paths.cache,
            "data": services.paths.data,
        },
        "versions": _versions(),
        "problems": problems,
    }


def terminal_facts(environ: Mapping[str, str]) -> Facts:
    """What the terminal is said to be and can do."""
    size = shutil.get_terminal_size(fallback=(0, 0))
    return {
        "interactive": sys.stdin.isatty() and sys.stdout.isatty(),
        "size": f"{size.columns}x{size.lines}" if size.columns else "unknown",
        "TERM": environ.get("TERM", ""),
        "colours": _colours(environ),
        "encoding": (sys.stdout.encoding or "").lower(),
        "inside": _multiplexer(environ),
        "over SSH": "SSH_CONNECTION" in environ,
        "clipboard": _clipboard(environ),
    }


def _colours(environ: Mapping[str, str]) -> str:
    term = environ.get("TERM", "")
    if environ.get("NO_COLOR"):
        return "none, by NO_COLOR"
    if term in ("", "dumb"):
        return "none"
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return "16 million"
    return "256" if "256color" in term else "16"


def _multiplexer(environ: Mapping[str, str]) -> str:
    if environ.get("TMUX"):
        return "tmux"
    return "screen" if environ.get("STY") else ""


def _clipboard(environ: Mapping[str, str]) -> str:
    match _multiplexer(environ):
        case "tmux":
            return "tmux load-buffer -w"
        case "screen":
            return "none: screen drops OSC 52"
        case _:
            return "OSC 52, where the terminal takes it"


def _journal(services: Services) -> Facts:
    from fttui.services.jobs.file_system import network_kind
    from fttui.services.jobs.store import journal_mode

    path = services.paths.journal
    kind = network_kind(path)
    return {
        "path": path,
        "exists": path.exists(),
        "disk": f"a network file system ({kind})" if kind else "of this computer",
        "mode": journal_mode(path).upper(),
    }


def _tokenizer() -> Facts:
    from fttui.services.dataset.tokenizer import counter_for

    counter = counter_for(None)
    return {"encoding": counter.encoding, "works offline": counter.count("Hello, world") > 0}


def _versions() -> Facts:
    own: Facts = {"fttui": __version__, "python": platform.python_version(), "system": platform.platform()}
    for name in _PACKAGES:
        try:
            own[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            own[name] = None
    return own


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value == "":
        return "-"
    return safe_line(os.fspath(value) if isinstance(value, os.PathLike) else str(value))
