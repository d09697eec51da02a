"""What a server was found to answer when it was asked harmlessly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Subject(StrEnum):
    """What a server may have."""

    MODELS = "models"
    FILES = "files"
    JOBS = "jobs"
    EVENTS = "events"
    CHECKPOINTS = "checkpoints"


class Finding(StrEnum):
    """What came of asking for one of them."""

    ANSWERS = "answers"
    MISSING = "is not there"
    """No such address, or not for this kind of request, or a page for people."""
    REFUSED = "refuses"
    """The key or the question is not accepted; says nothing about what is there."""
    SILENT = "did not answer"
    """Out of reach, in trouble, too busy, or a page for people in place of all; says nothing about what is there."""


@dataclass(frozen=True, slots=True)
class Probed:
    """The findings of a probe of an address at a moment, in unix seconds; `words` are the server's own for a no."""

    address: str
    at: float
    findings: Mapping[Subject, Finding]
    words: Mapping[Subject, str] = field(default_factory=dict)
    models: int = 0
    """How many models it offers."""

    @property
    def tells(self) -> bool:
        """Whether anything was learnt of what is there."""
        return any(finding in (Finding.ANSWERS, Finding.MISSING) for finding in self.findings.values())


def probed_document(probed: Probed) -> dict[str, object]:
    """A probe as plain values, to be kept."""
    return {
        "address": probed.address,
        "at": probed.at,
        "models": probed.models,
        "findings": {subject.value: finding.name.lower() for subject, finding in probed.findings.items()},
        "words": {subject.value: words for subject, words in probed.words.items()},
    }


def read_probed(document: object) -> Probed | None:
    """A probe from plain values; None where they are none."""
    if not isinstance(document, Mapping):
        return None
    address, at, models = document.get("address"), document.get("at"), document.get("models")
    findings, words = document.get("findings"), document.get("words")
    if not isinstance(address, str) or not isinstance(at, (int, float)) or not isinstance(findings, Mapping):
        return None
    try:
        found = {Subject(subject): Finding[str(finding).upper()] for subject, finding in findings.items()}
        said = {Subject(subject): str(text) for subject, text in (words if isinstance(words, Mapping) else {}).items()}
    except (KeyError, ValueError):
        return None
    return Probed(address, float(at), found, said, models if isinstance(models, int) else 0)
