"""Providers as profiles: list, add, test, describe, remove, choose the one to use."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from fttui.cli.frame import CommandGroup, ExitCode, emit_json, json_option, say, talk, with_services
from fttui.cli.tables import table
from fttui.domain.errors import UsageError
from fttui.domain.profiles.azure import TRAINING_TIERS, deployment_problem
from fttui.domain.profiles.kinds import ADDABLE, kind_of_address, usual_key_variable
from fttui.domain.profiles.profile import BUILT_IN, Dialect, Profile
from fttui.domain.text import safe_line

if TYPE_CHECKING:
    from fttui.domain.settings import Settings
    from fttui.services.container import Services

name_argument = click.argument("name", required=False, metavar="[PROFILE]")


@click.group("profiles", cls=CommandGroup)
def command() -> None:
    """List, add, test, remove and choose providers."""


@command.command("list")
@json_option
def list_profiles(as_json: bool) -> int:
    """List the profiles; the one in use is marked."""
    settings = _change(lambda known: known)
    if as_json:
        emit_json({"profile": settings.profile, "profiles": settings.profiles})
        return ExitCode.GOOD
    rows = [
        ("*" if profile.name == settings.profile else "", profile.name, profile.dialect.value, _address(profile))
        for profile in settings.profiles
    ]
    for line in table(("", "name", "kind", "address"), rows):
        say(line)
    return ExitCode.GOOD


@command.command("add")
@click.argument("name")
@click.argument("base_url")
@click.option(
    "--kind",
    type=click.Choice([dialect.value for dialect in ADDABLE]),
    help="What answers there; told by the address if absent.",
)
@click.option("--key-variable", help="The environment variable that holds the key for this address.")
@click.option("--key-command", default="", help="A command whose first line of output is the key or token.")
@click.option("--key-optional", is_flag=True, help="The server also answers without a key.")
@click.option("--api-version", default="", help="Azure's older style: the version that every request names.")
@click.option("--training-tier", type=click.Choice(TRAINING_TIERS), help="Azure: where and at what price jobs run.")
def add_profile(
    name: str,
    base_url: str,
    kind: str | None,
    key_variable: str | None,
    key_command: str,
    key_optional: bool,
    api_version: str,
    training_tier: str | None,
) -> int:
    """Add a server by its base URL, or change the one of that name.

    An address of Azure may be that of the resource alone, such as https://NAME.openai.azure.com.
    """
    built_in = next((known.dialect for known in BUILT_IN if known.name == name), None)
    try:
        words = tuple(shlex.split(key_command))
    except ValueError:
        raise UsageError("The key command has a quote that is not closed") from None
    profile = Profile(
        name,
        Dialect(kind) if kind else built_in or kind_of_address(base_url),
        base_url,
        key_command=words,
        key_variable=usual_key_variable(base_url) if key_variable is None else key_variable,
        key_optional=key_optional,
        api_version=api_version,
        training_tier=training_tier or "",
    )

    def put(settings: Settings) -> Settings:
        known = next((entry for entry in settings.profiles if entry.name == name), None)
        keep = known is not None and profile.dialect is Dialect.AZURE
        return settings.with_profile(replace(profile, deployments=known.deployments) if keep and known else profile)

    _change(put)
    talk(f"Profile {name} talks to {safe_line(base_url)} ({profile.dialect.value}).")
    if not key_optional:
        talk(f"fttui keys set {name} stores its key.")
    talk(f"fttui profiles test {name} finds out what it can do.")
    return ExitCode.GOOD


@command.command("remove")
@click.argument("name")
def remove_profile(name: str) -> int:
    """Remove a profile of your own; a key in the keyring stays until fttui keys delete."""
    _change(lambda settings: settings.without_profile(name))
    talk(f"Removed the profile {safe_line(name)}.")
    return ExitCode.GOOD


@command.command("use")
@click.argument("name")
def use_profile(name: str) -> int:
    """Choose the profile that is used when none is named."""
    _change(lambda settings: replace(settings, profile=settings.find_profile(name).name))
    talk(f"From now on: {safe_line(name)}.")
    return ExitCode.GOOD


@command.command("deployment")
@click.argument("name")
@click.argument("model")
@click.argument("deployment")
def set_deployment(name: str, model: str, deployment: str) -> int:
    """Azure: say which DEPLOYMENT serves a MODEL, so that it can be talked to by the model's name."""
    problem = deployment_problem(deployment)
    if problem:
        raise UsageError(problem)

    def put(settings: Settings) -> Settings:
        profile = settings.find_profile(name)
        if profile.dialect is not Dialect.AZURE:
            raise UsageError(f"{profile.name} is not Azure and knows no deployments")
        return settings.with_profile(profile.with_deployment(model, deployment))

    _change(put)
    talk(f"{safe_line(model)} is talked to as {safe_line(deployment)} at {safe_line(name)}.")
    return ExitCode.GOOD


@command.command("show")
@name_argument
@json_option
def show_profile(name: str | None, as_json: bool) -> int:
    """Say what a profile can do and takes, as far as is known; nothing is asked."""
    return _describe(name, as_json=as_json, ask=False)


@command.command("test")
@name_argument
@json_option
def test_profile(name: str | None, as_json: bool) -> int:
    """Ask a server what it answers, by questions that change nothing and cost nothing, and remember it."""
    return _describe(name, as_json=as_json, ask=True)


def _describe(name: str | None, *, as_json: bool, ask: bool) -> int:
    from fttui.cli.profile_text import profile_lines, profile_object

    async def work(services: Services) -> int:
        profile = services.profile(name)
        probed = await services.probe(profile.name) if ask else services.probes.of(profile)
        can = services.capabilities(profile.name)
        if as_json:
            emit_json(profile_object(profile, can, probed))
        else:
            for line in profile_lines(profile, can, probed):
                say(line)
        return ExitCode.PROVIDER if ask and probed is not None and not probed.tells else ExitCode.GOOD

    return with_services(work)


def _address(profile: Profile) -> str:
    return profile.base_url or "on this computer"


def _change(edit: Callable[[Settings], Settings]) -> Settings:
    """Apply a change to the settings the person uses, and write them where that changed anything."""
    from fttui.services.container import Services

    services = Services.open()
    if edit(services.settings) == services.settings:
        return services.settings
    return services.change_settings(edit)
