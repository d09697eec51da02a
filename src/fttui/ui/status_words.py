"""Key sources and engine states in the few words that a status line has room for."""

from __future__ import annotations

from fttui.domain.profiles.profile import Credential, Dialect, KeySource, Profile
from fttui.domain.profiles.states import EngineState


def key_words(profile: Profile, credential: Credential) -> str:
    """Which key is used and where it came from, never the key itself."""
    if profile.dialect is Dialect.ENGINE:
        return "needs no key"
    if credential.key is None:
        return "no key" if not profile.key_optional else "without a key"
    return f"key {credential.key.hint} from {credential.source.value}".replace(
        f"from {KeySource.SESSION.value}", f"for {KeySource.SESSION.value}"
    )


def engine_words(state: EngineState) -> str:
    """What the embedded engine does."""
    return f"engine {state.phase.value}"
