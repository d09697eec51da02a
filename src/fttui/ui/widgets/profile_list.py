"""The profiles: which one is used, where it is, whose key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from fttui.domain.profiles.profile import Credential, Dialect, Profile
from fttui.domain.text import safe_line
from fttui.ui.cells import fill
from fttui.ui.status_words import key_words
from fttui.ui.widgets.line_list import LineList, Piece

NAME_CELLS, KEY_CELLS = 18, 34


class ProfileList(LineList):
    """One profile a line, the one in use marked."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"profile-list--muted", "profile-list--used", "profile-list--lacking"}
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", "Use", id="profiles.use")]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._profiles: Sequence[Profile] = ()
        self._credentials: Mapping[str, Credential] = {}
        self._used = ""

    def show(self, profiles: Sequence[Profile], used: str, credentials: Mapping[str, Credential]) -> None:
        """Show profiles, and the keys found so far by profile name; the cursor stays on its profile."""
        under = self.chosen
        wanted = under.name if under is not None else used
        self._profiles, self._used, self._credentials = profiles, used, credentials
        self.count = len(profiles)
        self.cursor = next((place for place, profile in enumerate(profiles) if profile.name == wanted), 0)
        self.refresh()

    @property
    def chosen(self) -> Profile | None:
        """The profile under the cursor."""
        return self._profiles[self.cursor] if self.cursor < len(self._profiles) else None

    def row(self, number: int, width: int) -> Iterable[Piece]:
        """One profile."""
        profile = self._profiles[number]
        is_used = profile.name == self._used
        yield fill(f" {'●' if is_used else ' '} {profile.name}", NAME_CELLS), "profile-list--used" if is_used else ""
        yield fill(place_of(profile), max(width - NAME_CELLS - KEY_CELLS - 1, 8)) + " ", "profile-list--muted"
        credential = self._credentials.get(profile.name)
        words = "looking for the key…" if credential is None else key_words(profile, credential)
        lacks = credential is not None and words == "no key"
        yield fill(words, KEY_CELLS), "profile-list--lacking" if lacks else ""


def place_of(profile: Profile) -> str:
    """Where a profile's server is, in few words."""
    return "on this computer" if profile.dialect is Dialect.ENGINE else safe_line(profile.host or profile.base_url)
