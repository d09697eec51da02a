"""What a person can set, read from a decoded file and turned back into one.

Each table of the file has a reader here; an unknown key is an error that names the nearest known one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum

from fttui.domain import settings_values as values
from fttui.domain.errors import SettingsError
from fttui.domain.profiles.checks import profile_problem
from fttui.domain.profiles.profile import BUILT_IN, Profile
from fttui.domain.profiles.profile_settings import profile_document, read_profile
from fttui.domain.text import safe_line

PRICE_KEYS = (
    *("training", "training_hour", "input", "cached_input", "output", "base_input", "base_cached_input", "base_output"),
    *("hosting_hour", "job_cap"),
)


class KeyStore(StrEnum):
    """Where keys may be kept."""

    SYSTEM = "system"
    """The store of the desktop or operating system."""
    PASS = "pass"  # noqa: S105 - the name of a program
    """The `pass` program, through the keyring-pass package."""
    OFF = "off"
    """Nowhere: commands, environment variables and this session only."""


@dataclass(frozen=True, slots=True)
class OwnPrice:
    """What a person says a model costs, in US dollars: per million tokens, except by the hour and per job."""

    model: str
    amounts: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. `profiles` holds the built-in ones first, then the person's own."""

    profile: str = "local"
    theme: str = "fttui-dark"
    ascii: bool = False
    engine_outlives_app: bool = True
    key_store: KeyStore = KeyStore.SYSTEM
    notify_command: tuple[str, ...] = ()
    """A program and its arguments, run once when a job ends; ``{job}``, ``{status}`` and the like are filled in."""
    keymap: Mapping[str, str] = field(default_factory=dict)
    """Keys by the id of the action."""
    profiles: tuple[Profile, ...] = BUILT_IN
    prices: tuple[OwnPrice, ...] = ()
    """Prices that go before those that ship with the program."""
    example_tokens: tuple[tuple[str, int], ...] = ()
    """How many tokens of an example training takes, by the beginning of a base's name; likewise."""

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
            hint=values.nearest(name, known) or f"Known profiles: {', '.join(known)}.",
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


_TABLES = {"keys": "keymap", "profiles": "profiles", "prices": "prices", "example_tokens": "example_tokens"}
_NOT_PLAIN = frozenset(_TABLES.values())
_PLAIN = tuple(entry.name for entry in fields(Settings) if entry.name not in _NOT_PLAIN)
_LISTS = ("notify_command",)


def read_settings(document: Mapping[str, object]) -> Settings:
    """Read settings from a decoded file.

    Raises:
        SettingsError: an unknown key, or a value of the wrong kind; the message names the place.
    """
    values.refuse_unknown(document, (*_PLAIN, *_TABLES), "")
    settings = Settings(
        profile=values.text(document, "profile", "local"),
        theme=values.text(document, "theme", "fttui-dark"),
        ascii=values.flag(document, "ascii", default=False),
        engine_outlives_app=values.flag(document, "engine_outlives_app", default=True),
        key_store=KeyStore(values.choice(document, "key_store", KeyStore.SYSTEM, tuple(KeyStore))),
        notify_command=values.words(document, "notify_command", ""),
        keymap=values.text_table(document, "keys"),
        prices=tuple(_read_price(name, entry) for name, entry in values.table_of(document, "prices").items()),
        example_tokens=values.whole_table(document, "example_tokens"),
    )
    for name, entry in values.table_of(document, "profiles").items():
        settings = settings.with_profile(read_profile(name, entry))
    settings.find_profile(settings.profile)
    return settings


def settings_document(settings: Settings) -> dict[str, object]:
    """Turn settings into what a file holds; values nobody changed are left out."""
    usual = Settings()
    document: dict[str, object] = {}
    for name in _PLAIN:
        value = getattr(settings, name)
        if value != getattr(usual, name):
            document[name] = value.value if isinstance(value, StrEnum) else list(value) if name in _LISTS else value
    if settings.keymap:
        document["keys"] = dict(settings.keymap)
    if settings.prices:
        document["prices"] = {price.model: dict(price.amounts) for price in settings.prices}
    if settings.example_tokens:
        document["example_tokens"] = dict(settings.example_tokens)
    own = {profile.name: profile_document(profile) for profile in settings.profiles if profile not in BUILT_IN}
    if own:
        document["profiles"] = own
    return document


def _read_price(model: str, entry: object) -> OwnPrice:
    place = f"prices.{safe_line(model, 60)}"
    if not isinstance(entry, Mapping):
        raise SettingsError(f"{place} is not a table")
    values.refuse_unknown(entry, PRICE_KEYS, f"{place}.")
    amounts = [(key, values.amount(entry, key, place)) for key in entry]
    return OwnPrice(model, tuple((key, amount) for key, amount in amounts if amount is not None))
