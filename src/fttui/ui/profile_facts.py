"""All about one profile and the key store, in words."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from fttui.domain.profiles.checks import key_variable, sends_key_in_the_clear
from fttui.domain.profiles.profile import Credential, Dialect, Profile
from fttui.domain.profiles.states import KeyStoreState
from fttui.domain.text import safe_line
from fttui.ui.cells import wrap
from fttui.ui.status_words import key_words

_KINDS = {
    Dialect.ENGINE: "the embedded engine: trains a small model on this computer",
    Dialect.OPENAI: "OpenAI",
    Dialect.COMPATIBLE: "a server that speaks the OpenAI protocol",
}
LABEL_CELLS = 14


def facts(profile: Profile, credential: Credential | None, test: str, width: int) -> Content:
    """Label and value side by side, values wrapped in their column.

    Args:
        profile: the profile.
        credential: its key, None while it is looked for.
        test: what came of asking the provider, empty where nobody asked.
        width: cells in a line.
    """
    lines = [
        Content.assemble((f"{label if first else '':<{LABEL_CELLS}}", "$foreground-muted"), (line, style))
        for label, value, style in _facts(profile, credential, test)
        for first, line in _marked(wrap(value, max(width - LABEL_CELLS, 10)))
    ]
    return Content("\n").join(lines)


def _marked(lines: list[str]) -> Iterator[tuple[bool, str]]:
    for place, line in enumerate(lines):
        yield place == 0, line


def _facts(profile: Profile, credential: Credential | None, test: str) -> Iterator[tuple[str, str, str]]:
    yield "Profile", safe_line(profile.name), "bold"
    yield "What it is", _KINDS[profile.dialect], ""
    if profile.dialect is Dialect.ENGINE:
        yield "Address", "found when it is needed; it starts by itself", ""
    else:
        yield "Address", safe_line(profile.base_url), ""
        yield from _key_facts(profile, credential)
    if test:
        yield "Test", safe_line(test), _tone(test)


def _key_facts(profile: Profile, credential: Credential | None) -> Iterator[tuple[str, str, str]]:
    if credential is None:
        yield "Key", "looking for it…", "$foreground-muted"
    else:
        words = key_words(profile, credential)
        yield "Key", words, "$text-warning" if credential.key is None and not profile.key_optional else ""
        if credential.note:
            yield "", safe_line(credential.note), "$foreground-muted"
    if profile.key_command:
        yield "Key command", safe_line(" ".join(profile.key_command)), ""
    yield "Variable", " or ".join(dict.fromkeys(filter(None, (key_variable(profile.name), profile.key_variable)))), ""
    if sends_key_in_the_clear(profile):
        yield "Careful", "the address has no TLS: a key crosses the network in the clear", "$text-warning"


def _tone(test: str) -> str:
    return {"✓": "$text-success", "✗": "$text-error"}.get(test[0], "$foreground-muted")


def store_words(store: KeyStoreState | None, trouble: str) -> Content:
    """Whether keys can be kept, in one line."""
    if trouble:
        return Content.styled(f"Key store: {safe_line(trouble)}", "$text-warning")
    if store is None:
        return Content("Key store: asking…")
    if store.locked:
        return Content.styled(f"Key store: {safe_line(store.backend)} is locked; u unlocks it", "$text-warning")
    if not store.available:
        reason = safe_line(store.reason or "there is none")
        return Content.styled(f"Keys cannot be kept here: {reason}", "$text-warning")
    return Content(f"Keys are kept in {safe_line(store.backend)}")
