"""Providers as profiles: list, add, remove, choose the one to use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from fttui.cli.frame import ExitCode, emit_json, json_option, say, talk
from fttui.cli.tables import table
from fttui.domain.profiles.profile import BUILT_IN, Dialect, Profile
from fttui.domain.text import safe_line

if TYPE_CHECKING:
    from fttui.domain.settings import Settings


@click.group("profiles")
def command() -> None:
    """List, add, remove and choose providers."""


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
@click.option("--key-variable", default="", help="The environment variable that holds the key for this address.")
@click.option("--key-optional", is_flag=True, help="The server also answers without a key.")
def add_profile(name: str, base_url: str, key_variable: str, key_optional: bool) -> int:
    """Add a server by its base URL, or change the one of that name."""
    kind = next((known.dialect for known in BUILT_IN if known.name == name), Dialect.COMPATIBLE)
    profile = Profile(name, kind, base_url, key_variable=key_variable, key_optional=key_optional)
    _change(lambda settings: settings.with_profile(profile))
    talk(f"Profile {name} talks to {safe_line(base_url)}. fttui keys set {name} stores its key.")
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


def _address(profile: Profile) -> str:
    return profile.base_url or "on this computer"


def _change(edit: Callable[[Settings], Settings]) -> Settings:
    from fttui.services.paths import ensure_private, user_paths
    from fttui.services.settings_file import load_settings, save_settings

    paths = user_paths()
    settings = load_settings(paths.settings)
    changed = edit(settings)
    if changed != settings:
        ensure_private(paths.config)
        save_settings(paths.settings, changed)
    return changed
