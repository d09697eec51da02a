"""Where in its line a finding is, to the byte."""

from __future__ import annotations

from fttui.domain.dataset.finding import Finding
from fttui.domain.dataset.json_places import byte_at, spot_of
from fttui.domain.dataset.strict_json import decode

EXACT_UP_TO = 1024 * 1024
"""Bytes of a line up to which the exact place is looked for; of a longer one only the start is told."""

_IN_THE_BYTES = frozenset(
    {
        "nul-byte",
        "invalid-utf8",
        "invalid-json",
        "not-a-number",
        "number-out-of-range",
        "duplicate-key",
        "lone-surrogate",
    }
)
_MARK = b"\xef\xbb\xbf"


def place_in_line(finding: Finding, raw: bytes) -> int:
    """The byte of a line at which a finding is; 0 where it is about all of it, or the place cannot be found.

    Args:
        finding: what was found.
        raw: the line; it may begin with a byte order mark.
    """
    if len(raw) > EXACT_UP_TO:
        return 0
    mark = len(_MARK) if raw.startswith(_MARK) and finding.line == 1 else 0
    text = raw[mark:].removesuffix(b"\n").removesuffix(b"\r")
    if finding.code in _IN_THE_BYTES:
        flaws = decode(text).flaws
        at = next((flaw.at for flaw in flaws if (flaw.code, flaw.path) == (finding.code, finding.path)), None)
        if at is not None:
            return mark + at
    if not finding.path:
        return 0
    shown = text.decode("utf-8", "replace")
    spot = spot_of(shown, finding.path)
    return mark + byte_at(shown, spot.at) if spot is not None else 0
