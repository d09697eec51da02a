"""What a person can set, read from a decoded file and turned back into one.

Each table of the file has a reader here; an unknown key is an error that names the nearest known one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from enum import StrEnum

from fttui.domain.errors import SettingsError
from fttui.domain.profiles.checks import profile_problem
from fttui.domain.profiles.profile import BUILT_IN, Dialect, Profile
from fttui.domain.text import safe_line


class KeyStore(StrEnum):
    """Where keys may be kept."""

    SYSTEM = "system"
    """The store of the desktop or operating system."""
    PASS = "pass"  # noqa: S105 - the name of a program
    """The `pass` program, through the keyring-pass package."""
    OFF = "off"
    """Nowhere: commands, environment variables and this session only."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. `profiles` holds the built-in ones first, then the person's own."""

    profile: str = "local"
    theme: str = "fttui-dark"
    ascii: bool = False
    engine_outlives_app: bool = True
    key_store: KeyStore = KeyStore.SYSTEM
    keymap: Mapping[str, str] = field(default_factory=dict)
    """Keys by the id of the action."""
    profiles: tuple[Profile, ...] = BUILT_IN

    def find_profile(self, name: str) -> Profile:
        """Return the profile of a name.

        Raises:
            SettingsError: there is none.
        """
        for profile in self.profiles:
            if profile.name == name:
                return profile
        known = [profile.name for profile in self.profiles]
        raise SettingsError(
            f"There is no profile named {safe_line(name, 60)}",
            hint=_nearest(name, known) or f"Known profiles: {', '.join(known)}.",
        )

    def with_profile(self, profile: Profile) -> Settings:
        """Add a profile, or change the one of the same name.

        Raises:
            SettingsError: the profile does not hold together.
        """
        problem = profile_problem(profile)
        if problem:
            raise SettingsError(problem)
        if profile.name in {known.name for known in self.profiles}:
            changed = tuple(profile if known.name == profile.name else known for known in self.profiles)
            return replace(self, profiles=changed)
        return replace(self, profiles=(*self.profiles, profile))

    def without_profile(self, name: str) -> Settings:
        """Remove a person's own profile; a built-in one that was changed becomes what it was.

        Raises:
            SettingsError: there is none, or it is built in and unchanged.
        """
        profile = self.find_profile(name)
        if profile in BUILT_IN:
            raise SettingsError(f"The profile {name} is built in and stays")
        built_in = next((known for known in BUILT_IN if known.name == name), None)
        if built_in is not None:
            return self.with_profile(built_in)
        left = tuple(known for known in self.profiles if known.name != name)
        return replace(self, profiles=left, profile=self.profile if self.profile != name else "local")


_PLAIN = tuple(entry.name for entry in fields(Settings) if entry.name not in ("keymap", "profiles"))
_TABLES = {"keys": "keymap", "profiles": "profiles"}
_PROFILE_KEYS = ("base_url", "dialect", "key_command", "key_variable", "key_optional")


def read_settings(document: Mapping[str, object]) -> Settings:
    """Read settings from a decoded file.

    Raises:
        SettingsError: an unknown key, or a value of the wrong kind; the message names the place.
    """
    _refuse_unknown(document, (*_PLAIN, *_TABLES), "")
    settings = Settings(
        profile=_text(document, "profile", "local"),
        theme=_text(document, "theme", "fttui-dark"),
        ascii=_flag(document, "ascii", default=False),
        engine_outlives_app=_flag(document, "engine_outlives_app", default=True),
        key_store=KeyStore(_choice(document, "key_store", KeyStore.SYSTEM, tuple(KeyStore))),
        keymap=_text_table(document, "keys"),
    )
    for name, entry in _table(document, "profiles").items():
        settings = settings.with_profile(_read_profile(name, entry))
    settings.find_profile(settings.profile)
    return settings


def settings_document(settings: Settings) -> dict[str, object]:
    """Turn settings into what a file holds; values nobody changed are left out."""
    usual = Settings()
    document: dict[str, object] = {}
    for name in _PLAIN:
        value = getattr(settings, name)
        if value != getattr(usual, name):
            document[name] = value.value if isinstance(value, StrEnum) else value
    if settings.keymap:
        document["keys"] = dict(settings.keymap)
    own = {profile.name: _profile_document(profile) for profile in settings.profiles if profile not in BUILT_IN}
    if own:
        document["profiles"] = own
    return document


def _read_profile(name: str, entry: object) -> Profile:
    place = f"profiles.{safe_line(name, 60)}"
    if not isinstance(entry, Mapping):
        raise SettingsError(f"{place} is not a table")
    _refuse_unknown(entry, _PROFILE_KEYS, f"{place}.")
    built_in = next((known for known in BUILT_IN if known.name == name), None)
    base = built_in or Profile(name, Dialect.COMPATIBLE)
    base_url = _text(entry, "base_url", base.base_url, place)
    # A key variable that comes with a built-in profile is meant for that profile's own address.
    inherited = base.key_variable if base_url == base.base_url else ""
    return Profile(
        name=name,
        dialect=Dialect(_choice(entry, "dialect", base.dialect, tuple(Dialect), place)),
        base_url=base_url,
        key_command=_words(entry, "key_command", place),
        key_variable=_text(entry, "key_variable", inherited, place),
        key_optional=_flag(entry, "key_optional", default=base.key_optional, place=place),
    )


def _profile_document(profile: Profile) -> dict[str, object]:
    document: dict[str, object] = {"base_url": profile.base_url, "dialect": profile.dialect.value}
    if profile.key_command:
        document["key_command"] = list(profile.key_command)
    if profile.key_variable or profile.name in {known.name for known in BUILT_IN}:
        document["key_variable"] = profile.key_variable
    if profile.key_optional:
        document["key_optional"] = True
    return document


def _refuse_unknown(table: Mapping[str, object], known: Iterable[str], place: str) -> None:
    names = tuple(known)
    for key in table:
        if key not in names:
            hint = _nearest(key, names) or f"Known here: {', '.join(names)}."
            raise SettingsError(f"Unknown setting {place}{safe_line(key, 60)}", hint=hint)


def _nearest(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, tuple(known), n=1)
    return f"Did you mean {close[0]}?" if close else ""


def _named(key: str, place: str) -> str:
    return f"{place}.{key}" if place else key


def _text(table: Mapping[str, object], key: str, usual: str, place: str = "") -> str:
    value = table.get(key, usual)
    if not isinstance(value, str):
        raise SettingsError(f"{_named(key, place)} must be text in quotes")
    return value


def _flag(table: Mapping[str, object], key: str, *, default: bool, place: str = "") -> bool:
    value = table.get(key, default)
    if not isinstance(value, bool):
        raise SettingsError(f"{_named(key, place)} must be true or false")
    return value


def _choice(table: Mapping[str, object], key: str, usual: str, choices: tuple[str, ...], place: str = "") -> str:
    value = _text(table, key, usual, place)
    if value not in choices:
        raise SettingsError(f"{_named(key, place)} must be one of {', '.join(choices)}", hint=_nearest(value, choices))
    return value


def _words(table: Mapping[str, object], key: str, place: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise SettingsError(
            f"{_named(key, place)} must be a list of words", hint='For example: ["pass", "show", "fttui"]'
        )
    return tuple(value)


def _table(document: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = document.get(key, {})
    if not isinstance(value, Mapping):
        raise SettingsError(f"{key} must be a table")
    return value


def _text_table(document: Mapping[str, object], key: str) -> dict[str, str]:
    return {name: _text(_table(document, key), name, "", key) for name in _table(document, key)}
