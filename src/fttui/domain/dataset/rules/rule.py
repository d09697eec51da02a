"""What a rule is: a stable code, how bad it is to break it, where it comes from, and how to see that it is broken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from fttui.domain.dataset.finding import Severity
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.row import Problem, Row
from fttui.domain.profiles.profile import Dialect

RowCheck = Callable[[Row], Iterable[Problem]]

ALL_FORMATS = frozenset(DataFormat)
WITH_MESSAGES = frozenset({DataFormat.CHAT, DataFormat.PREFERENCE, DataFormat.REINFORCEMENT})
CHAT = frozenset({DataFormat.CHAT})
PREFERENCE = frozenset({DataFormat.PREFERENCE})
REINFORCEMENT = frozenset({DataFormat.REINFORCEMENT})
COMPLETION = frozenset({DataFormat.COMPLETION})


class Source(StrEnum):
    """Where a rule comes from, with the day it was looked up."""

    JSON = "RFC 8259, and RFC 7493 for interchange"
    JSON_LINES = "jsonlines.org, 2026-11-20"
    GUIDE = "OpenAI fine-tuning guide, 2026-11-20"
    SPEC = "OpenAI OpenAPI document, 2025-04 (fine-tuning inputs)"
    SERVICE = "error texts seen from the OpenAI service"
    COOKBOOK = "OpenAI cookbook, chat fine-tuning data preparation, 2026-11-20"
    MICROSOFT = "Microsoft Foundry fine-tuning documentation, 2026-10-06"
    CHAT_API = "OpenAI chat completions reference, 2026-11-20"
    FORMER_TOOL = "OpenAI's former preparation tool, openai 2.30"
    PROVIDERS = "key shapes on the providers' pages, 2026-11-20"
    LIMITS = "limits that the provider publishes"
    OWN = "limits of your own, in the settings"
    NUMBERS = "ISO/IEC 7812-1, ISO 13616, GB 11643-1999, and the offices that give numbers out"
    PRACTICE = "good practice"
    PROGRAM = "a limit of this program"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that can be wrong with training data.

    `check` looks at one row and is None for rules about bytes or about the file as a whole, which are
    found while reading. `alias` is the key that the cookbook's notebook counts the same mistake under.
    `service_says` is the text that the real service is known to answer, and `service_code` the code of that error.
    `about` are marks of a row (`Row.marks`) without any of which the rule has nothing to say; empty if it always may.
    `severity` is how bad it is by OpenAI's rules; `elsewhere` says so for providers where that differs, and
    `because` why, in a sentence with its source.
    """

    code: str
    severity: Severity
    summary: str
    source: Source
    formats: frozenset[DataFormat] = ALL_FORMATS
    check: RowCheck | None = None
    about: frozenset[str] = frozenset()
    alias: str = ""
    service_says: str = ""
    service_code: str = ""
    elsewhere: Mapping[Dialect, Severity] = field(default_factory=dict)
    because: str = ""

    def severity_at(self, dialect: Dialect | None) -> Severity:
        """How bad it is at a kind of provider; without one, by OpenAI's rules."""
        return self.severity if dialect is None else self.elsewhere.get(dialect, self.severity)
