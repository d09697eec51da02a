"""Profiles as tables of the settings file."""

from __future__ import annotations

from collections.abc import Mapping

from fttui.domain import settings_values as values
from fttui.domain.errors import SettingsError
from fttui.domain.profiles.limits import OWN_LIMITS
from fttui.domain.profiles.profile import BUILT_IN, Dialect, Profile
from fttui.domain.text import safe_line

_KEYS = (
    "base_url",
    "dialect",
    "key_command",
    "key_variable",
    "key_optional",
    "api_version",
    "training_tier",
    "deployments",
    "limits",
)


def read_profile(name: str, entry: object) -> Profile:
    """Read the table of one profile; what is left out is as in the built-in profile of that name.

    Raises:
        SettingsError: an unknown key, or a value of the wrong kind.
    """
    place = f"profiles.{safe_line(name, 60)}"
    if not isinstance(entry, Mapping):
        raise SettingsError(f"{place} is not a table")
    values.refuse_unknown(entry, _KEYS, f"{place}.")
    values.refuse_unknown(values.table_of(entry, "limits", place), OWN_LIMITS, f"{place}.limits.")
    base = next((known for known in BUILT_IN if known.name == name), None) or Profile(name, Dialect.COMPATIBLE)
    base_url = values.text(entry, "base_url", base.base_url, place)
    # A key variable that comes with a built-in profile is meant for that profile's own address.
    inherited = base.key_variable if base_url == base.base_url else ""
    return Profile(
        name=name,
        dialect=Dialect(values.choice(entry, "dialect", base.dialect, tuple(Dialect), place)),
        base_url=base_url,
        key_command=values.words(entry, "key_command", place),
        key_variable=values.text(entry, "key_variable", inherited, place),
        key_optional=values.flag(entry, "key_optional", default=base.key_optional, place=place),
        api_version=values.text(entry, "api_version", base.api_version, place),
        training_tier=values.text(entry, "training_tier", base.training_tier, place),
        deployments=tuple(values.text_table(entry, "deployments", place).items()),
        limits=values.whole_table(entry, "limits", place),
    )


def profile_document(profile: Profile) -> dict[str, object]:
    """Turn a profile into its table."""
    document: dict[str, object] = {"base_url": profile.base_url, "dialect": profile.dialect.value}
    if profile.key_command:
        document["key_command"] = list(profile.key_command)
    if profile.key_variable or profile.name in {known.name for known in BUILT_IN}:
        document["key_variable"] = profile.key_variable
    if profile.key_optional:
        document["key_optional"] = True
    if profile.api_version:
        document["api_version"] = profile.api_version
    if profile.training_tier:
        document["training_tier"] = profile.training_tier
    if profile.deployments:
        document["deployments"] = dict(profile.deployments)
    if profile.limits:
        document["limits"] = dict(profile.limits)
    return document
