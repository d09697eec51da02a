"""API keys: set, show where they come from, test, delete. A key itself is never printed and never an argument."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import click

from fttui.cli.frame import CommandGroup, ExitCode, emit_json, is_interactive, json_option, say, talk, with_services
from fttui.domain.errors import UsageError
from fttui.domain.profiles.checks import KEY_LIMIT, read_key, sends_key_in_the_clear
from fttui.domain.profiles.profile import Credential, Dialect, Profile
from fttui.domain.profiles.secret import Secret
from fttui.domain.text import safe_line

if TYPE_CHECKING:
    from fttui.services.container import Services

_PROFILE = "fttui.keys.profile"


def _remember(ctx: click.Context, _option: click.Parameter, value: str | None) -> None:
    ctx.meta[_PROFILE] = value


def _argument_or_option(ctx: click.Context, _argument: click.Parameter, value: str | None) -> str | None:
    named = value or ctx.meta.get(_PROFILE) or ctx.find_root().params.get("profile")
    return str(named) if named else None


def name_argument(function: Callable[..., int]) -> Callable[..., int]:
    """The profile a command is about: as an argument, or by --profile as everywhere."""
    argument = click.argument("name", required=False, metavar="[PROFILE]", callback=_argument_or_option)
    option = click.option(
        "--profile",
        metavar="NAME",
        is_eager=True,
        expose_value=False,
        callback=_remember,
        help="The profile, where it is not given as an argument.",
    )
    return argument(option(function))


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What may be told of a profile's key."""

    profile: str
    address: str
    found: bool
    source: str
    key: str
    """The last four characters."""
    note: str


def key_facts(profile: Profile, credential: Credential) -> KeyFacts:
    """Tell a key's source and its last four characters, and nothing more."""
    return KeyFacts(
        profile.name,
        profile.base_url,
        credential.key is not None,
        credential.source.value,
        credential.key.hint if credential.key else "",
        credential.note,
    )


@click.group("keys", cls=CommandGroup)
def command() -> None:
    """Set, show, test and delete API keys.

    A key is looked for in this order: the profile's key command, the variable FTTUI_API_KEY_<PROFILE> (and
    OPENAI_API_KEY for the built-in profile openai), the key store of the system.
    """


@command.command("set")
@name_argument
@click.option("--stdin", "from_stdin", is_flag=True, help="Read the key from standard input, for scripts.")
def set_key(name: str | None, from_stdin: bool) -> int:
    """Keep a key in the key store of the system; it is asked for and not shown."""

    async def work(services: Services) -> Profile:
        profile = _with_key(services.profile(name))
        if sends_key_in_the_clear(profile):
            talk(f"Careful: {safe_line(profile.base_url)} has no TLS; the key would cross the network unprotected.")
        await services.keys.set(profile, _read(profile, from_stdin))
        return profile

    profile = with_services(work)
    talk(f"The key of {profile.name} for {safe_line(profile.host)} is kept.")
    return ExitCode.GOOD


@command.command("show")
@name_argument
@json_option
def show_key(name: str | None, as_json: bool) -> int:
    """Show where a key comes from, and its last four characters."""

    async def work(services: Services) -> tuple[KeyFacts, bool]:
        profile = services.profile(name)
        credential = await services.keys.find(profile)
        return key_facts(profile, credential), await services.keys.hides_stored_key(profile, credential)

    facts, hides = with_services(work)
    if as_json:
        emit_json({**asdict(facts), "hides_stored_key": hides})
    elif facts.found:
        say(f"{facts.profile}: key {facts.key} from {facts.source}{f' ({facts.note})' if facts.note else ''}")
        if hides:
            talk("Another key is kept in the key store and stands behind this one.")
    else:
        say(f"{facts.profile}: {facts.source}{f' ({facts.note})' if facts.note else ''}")
    return ExitCode.GOOD if facts.found or facts.source == "embedded engine" else ExitCode.BAD_ANSWER


@command.command("delete")
@name_argument
def delete_key(name: str | None) -> int:
    """Delete a key from the key store of the system."""

    async def work(services: Services) -> tuple[Profile, bool]:
        profile = _with_key(services.profile(name))
        return profile, await services.keys.delete(profile)

    profile, was_there = with_services(work)
    words = "was deleted" if was_there else "was not in the key store"
    talk(f"The key of {profile.name} for {safe_line(profile.host)} {words}.")
    return ExitCode.GOOD


@command.command("test")
@name_argument
@json_option
def test_key(name: str | None, as_json: bool) -> int:
    """Ask the provider for its models, to see whether it takes the key."""

    async def work(services: Services) -> tuple[Profile, int]:
        profile = services.profile(name)
        return profile, len(await services.list_models(profile.name))

    profile, models = with_services(work)
    if as_json:
        emit_json({"profile": profile.name, "accepted": True, "models": models})
    else:
        say(f"{profile.name}: accepted; {models} models are offered")
    return ExitCode.GOOD


def _with_key(profile: Profile) -> Profile:
    if profile.dialect is Dialect.ENGINE:
        raise UsageError(f"The profile {profile.name} is the embedded engine and takes no key")
    return profile


def _read(profile: Profile, from_stdin: bool) -> Secret:
    if not from_stdin and not is_interactive():
        raise UsageError("There is no terminal to ask for the key on", hint="--stdin reads it from standard input.")
    if from_stdin:
        typed = sys.stdin.read(KEY_LIMIT + 2)
    else:
        question = f"Key of {profile.name} for {safe_line(profile.host)}"
        typed = str(click.prompt(question, hide_input=True, err=True))
    try:
        return read_key(typed)
    except ValueError as error:
        raise UsageError(str(error)) from None
