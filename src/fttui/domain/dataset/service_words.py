"""What the real service is known to answer to a finding, in its own words with the numbers of this file filled in."""

from __future__ import annotations

import re

from fttui.domain.dataset.finding import Finding
from fttui.domain.dataset.report import FindingGroup
from fttui.domain.dataset.rules.catalogue import BY_CODE
from fttui.domain.text import safe_line

_MESSAGE = re.compile(r"messages\[(\d+)\]")
_COUNT = re.compile(r"\d[\d,]*")


def service_words(group: FindingGroup, finding: Finding | None = None, *, with_code: bool = True) -> str:
    """The answer to the first finding of a group, or to one of them; empty where none is known.

    The code of the error stands before it unless it is not wanted.

    The texts are those seen from OpenAI (error bodies that were published, looked up 2026-11-20); what stands for a
    number or name there is filled in, ``…`` is left where more would follow.
    """
    rule = BY_CODE[group.code]
    if not rule.service_says:
        return ""
    first = finding or (group.examples[0] if group.examples else None)
    if first is not None and first.code == "method-not-offered" and "rows for supervised" not in first.message:
        # The text is known for chats alone.
        return ""
    words = rule.service_says if first is None else _filled(rule.service_says, first)
    return f"{rule.service_code}: {words}" if rule.service_code and with_code else words


def _filled(words: str, finding: Finding) -> str:
    number = _COUNT.search(finding.message)
    if finding.code == "too-few-examples" and number is not None:
        return words.replace("N example(s)", f"{number[0]} example(s)")
    if finding.line:
        words = words.replace("Example E", f"Example {finding.line}").replace("(line E)", f"(line {finding.line})")
    if place := _MESSAGE.match(finding.path):
        words = words.replace("message M", f"message {place[1]}")
    if finding.code == "unknown-key":
        words = words.replace('"weight"', f'"{safe_line(finding.path.rpartition(".")[2], 60)}"')
    return words
