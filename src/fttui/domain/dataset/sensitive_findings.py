"""Keys and personal data in messages as findings, which never tell what they found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from fttui.domain.dataset.finding import Finding
from fttui.domain.dataset.parsing import found
from fttui.domain.dataset.sensitive import Sensitive, SensitiveKind, find_sensitive, mask, masked

CODES = {
    SensitiveKind.API_KEY: "api-key",
    SensitiveKind.PRIVATE_KEY: "private-key",
    SensitiveKind.EMAIL: "email-address",
    SensitiveKind.PHONE: "phone-number",
    SensitiveKind.CARD: "card-number",
    SensitiveKind.NATIONAL_ID: "national-number",
    SensitiveKind.BANK_ACCOUNT: "bank-account",
}
_NOUNS = {SensitiveKind.EMAIL: "e-mail address", SensitiveKind.API_KEY: "API key"}


def sensitive_findings(text: str, line: int, path: str) -> Iterator[Finding]:
    """One finding for each kind of thing in a message, with the first of it masked."""
    counts: Counter[SensitiveKind] = Counter()
    first: dict[SensitiveKind, Sensitive] = {}
    for piece in find_sensitive(text):
        counts[piece.kind] += 1
        first.setdefault(piece.kind, piece)
    for kind, count in counts.items():
        shown = mask(text[first[kind].start : first[kind].end])
        noun = _NOUNS.get(kind, kind.value)
        more = f" and {count - 1} more" if count > 1 else ""
        remedy = "revoke it and take it out" if kind.is_secret else "redact it unless it is meant to be learnt"
        yield found(CODES[kind], line, path, f"{noun[0].upper()}{noun[1:]} {shown}{more}; {remedy}")


def fit_to_show(finding: Finding) -> Finding:
    """A finding without what is sensitive in the names and values that it quotes."""
    path, message = masked(finding.path), masked(finding.message)
    if path == finding.path and message == finding.message:
        return finding
    return replace(finding, path=path, message=message)
