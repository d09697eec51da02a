"""All about one profile and the key store, in words."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from fttui.domain.profiles.capabilities import Capabilities
from fttui.domain.profiles.checks import key_variable, sends_key_in_the_clear
from fttui.domain.profiles.kinds import KIND_WORDS
from fttui.domain.profiles.limits import Limits
from fttui.domain.profiles.profile import Credential, Dialect, Profile
from fttui.domain.profiles.states import KeyStoreState
from fttui.domain.text import safe_line
from fttui.ui import present
from fttui.ui.cells import wrap
from fttui.ui.status_words import key_words

LABEL_CELLS = 14


def facts(profile: Profile, can: Capabilities, credential: Credential | None, test: str, width: int) -> Content:
    """Label and value side by side, values wrapped in their column.

    Args:
        profile: the profile.
        can: what it can do, as far as is known.
        credential: its key, None while it is looked for.
        test: what came of asking the provider, empty where nobody asked.
        width: cells in a line.
    """
    lines = [
        Content.assemble((f"{label if first else '':<{LABEL_CELLS}}", "$foreground-muted"), (line, style))
        for label, value, style in _facts(profile, can, credential, test)
        if value
        for first, line in _marked(wrap(value, max(width - LABEL_CELLS, 10)))
    ]
    return Content("\n").join(lines)


def _marked(lines: list[str]) -> Iterator[tuple[bool, str]]:
    for place, line in enumerate(lines):
        yield place == 0, line


def _facts(
    profile: Profile, can: Capabilities, credential: Credential | None, test: str
) -> Iterator[tuple[str, str, str]]:
    yield "Profile", safe_line(profile.name), "bold"
    yield "What it is", KIND_WORDS[profile.dialect], ""
    if profile.dialect is Dialect.ENGINE:
        yield "Address", "found when it is needed; it starts by itself", ""
    else:
        yield "Address", safe_line(profile.base_url), ""
        yield from _key_facts(profile, credential)
    yield from _azure_facts(profile)
    yield "Can", can_words(profile, can), ""
    if test:
        yield "Test", safe_line(test), _tone(test)
    yield "Cannot", cannot_words(can), ""
    yield "Takes", takes_words(can.limits), ""
    yield "", safe_line(can.limits.source), "$foreground-muted"


def can_words(profile: Profile, can: Capabilities) -> str:
    """What a profile can do, in a line."""
    if can.probed_at is None and profile.dialect is Dialect.COMPATIBLE:
        return "not known yet; t asks the server"
    if can.chat_only:
        return "chats only: it keeps no files and trains nothing"
    parts = [f"train ({', '.join(can.methods)})" if can.jobs else "", "keep files" if can.files else ""]
    return ", ".join(part for part in (*parts, "list models" if can.models else "") if part)


def cannot_words(can: Capabilities) -> str:
    """What is known not to be there of what others have, in a line; empty where nothing is."""
    absent = {
        "pause jobs": can.pause,
        "take files in parts": can.uploads_in_parts,
        "keep metadata": can.metadata,
        "show runs in Weights & Biases": can.wandb,
        "check graders": can.graders,
        "take a suffix": can.suffix,
        "take a seed": can.seed,
    }
    return ", ".join(words for words, support in absent.items() if not support and can.jobs)


def takes_words(limits: Limits) -> str:
    """The limits that are known, in a line."""
    said = []
    if limits.file_bytes is not None:
        said.append(f"files up to {present.size(limits.file_bytes)}")
    if limits.upload_bytes is not None:
        said.append(f"in parts up to {present.size(limits.upload_bytes)}")
    if limits.fewest_examples is not None:
        said.append(f"{limits.fewest_examples} examples or more")
    if limits.suffix_characters is not None:
        said.append(f"suffixes up to {limits.suffix_characters} characters")
    return ", ".join(said) or "whatever it takes: no limits are published"


def _azure_facts(profile: Profile) -> Iterator[tuple[str, str, str]]:
    if profile.dialect is not Dialect.AZURE:
        return
    style = f"api-version {profile.api_version}" if profile.api_version else "under /openai/v1"
    tier = f", trains as {profile.training_tier}" if profile.training_tier else ""
    yield "Style", f"{style}{tier}", ""
    served = [f"{safe_line(model)} as {safe_line(deployment)}" for model, deployment in profile.deployments]
    yield "Deployments", ", ".join(served) or "none told yet; asked for before the first chat", ""


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
