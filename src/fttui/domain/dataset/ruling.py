"""Whose rules a report is read by: how bad each finding is at one provider, and what is beyond its limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from fttui.domain.counts import counted
from fttui.domain.dataset.finding import Finding, Severity
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.report import FindingGroup, Report
from fttui.domain.dataset.rules.catalogue import BY_CODE
from fttui.domain.jobs.job import Method
from fttui.domain.profiles.capabilities import Capabilities
from fttui.domain.profiles.limits import LIMITS, Limits
from fttui.domain.profiles.profile import Dialect, Profile

GOOD_EXAMPLES = 50
METHOD_OF = {
    DataFormat.CHAT: Method.SUPERVISED,
    DataFormat.PREFERENCE: Method.PREFERENCE,
    DataFormat.REINFORCEMENT: Method.REINFORCEMENT,
}
_ORDER = {code: place for place, code in enumerate(BY_CODE)}
_REFUSES_ALL = frozenset({"method-not-offered", "completion-data"})


@dataclass(frozen=True, slots=True)
class Ruling:
    """A provider's rules; `name` is what a person calls it."""

    name: str
    dialect: Dialect | None
    limits: Limits
    methods: tuple[Method, ...] = tuple(Method)
    trains: bool = True

    @classmethod
    def of(cls, profile: Profile, capabilities: Capabilities) -> Ruling:
        """The rules of a profile, as far as it is known what its server can do."""
        trains = bool(capabilities.jobs) and bool(capabilities.files)
        return cls(profile.name, profile.dialect, capabilities.limits, capabilities.methods, trains)

    def judge(self, report: Report) -> Report:
        """A report by these rules, and the one on its validation file along with it."""
        judged = self._judged(report, is_validation=False)
        valid = None if report.valid is None else self._judged(report.valid, is_validation=True)
        return replace(judged, valid=valid)

    def _judged(self, report: Report, *, is_validation: bool) -> Report:
        images = sum(group.count for group in report.findings if group.code == "image")
        facts = SetSize(report.format, report.examples, images, report.size, is_validation)
        kept = [
            replace(group, severity=BY_CODE[group.code].severity_at(self.dialect))
            for group in report.findings
            if group.code not in LIMIT_CODES
        ]
        beyond = [self._group(finding) for finding in self.beyond(facts)]
        refused = dict(report.refused).get(self.dialect, 0) if self.dialect else report.examples - report.valid_examples
        if any(group.code in _REFUSES_ALL and group.severity is Severity.ERROR for group in beyond):
            refused = report.examples
        valid = report.examples - refused
        return replace(report, findings=in_order([*kept, *beyond]), valid_examples=valid, rules_of=self.name)

    def _group(self, finding: Finding) -> FindingGroup:
        rule = BY_CODE[finding.code]
        severity = rule.severity_at(self.dialect)
        return FindingGroup(rule.code, severity, 1, rule.summary, (replace(finding, severity=severity),))

    def beyond(self, facts: SetSize) -> Iterator[Finding]:
        """What is beyond the limits, and what cannot be trained at all."""
        if not facts.examples:
            return
        yield from self._number(facts)
        most = self.limits.upload_bytes or self.limits.file_bytes
        if most is not None and facts.size > most:
            yield _found("file-too-large", f"The file has {facts.size:,} bytes, {self._taker} {most:,}")
        images = self.limits.image_examples
        if images is not None and facts.image_examples > images:
            yield _found(
                "too-many-image-examples",
                f"{facts.image_examples:,} examples hold images, {self._taker} {images:,} of them",
            )
        yield from self._method(facts)

    def _number(self, facts: SetSize) -> Iterator[Finding]:
        number, fewest = facts.examples, self.limits.fewest_examples or UNPUBLISHED_FEWEST
        words = counted(number, "example")
        if not facts.is_validation and number < fewest:
            yield _found("too-few-examples", f"{words}, at least {fewest} are needed; add some")
        elif not facts.is_validation and number < GOOD_EXAMPLES and facts.format is not DataFormat.COMPLETION:
            yield _found("few-examples", f"{words}; {GOOD_EXAMPLES} to 100 are a good start")
        limits = self.limits
        most = limits.reinforcement_validation_examples if facts.is_validation else limits.reinforcement_examples
        if facts.format is DataFormat.REINFORCEMENT and most is not None and number > most:
            yield _found("too-many-examples", f"{words}, {self._taker} {most:,} in this place; take a sample of them")

    def _method(self, facts: SetSize) -> Iterator[Finding]:
        method = METHOD_OF.get(facts.format) if facts.format is not None else None
        if not self.trains:
            yield _found("trains-nothing", f"{self.name} trains nothing; choose another profile to train with")
        elif facts.format is DataFormat.COMPLETION:
            yield _found("completion-data", BY_CODE["completion-data"].summary)
        elif method is not None and self.methods and method not in self.methods:
            offered = ", ".join(entry.value for entry in self.methods)
            sentence = f"These are rows for {method.value} training; {self.name} offers {offered} alone"
            yield _found("method-not-offered", sentence)

    @property
    def _taker(self) -> str:
        return f"{self.name} takes" if self.name else "at most"


@dataclass(frozen=True, slots=True)
class SetSize:
    """How much there is of a set, as limits look at it. `size` is in bytes."""

    format: DataFormat | None
    examples: int
    image_examples: int
    size: int
    is_validation: bool


UNPUBLISHED_FEWEST = 10
"""Where a provider publishes no least number, fewer than this is worth a warning."""
LIMIT_CODES = frozenset(
    {
        "too-few-examples",
        "few-examples",
        "file-too-large",
        "too-many-examples",
        "too-many-image-examples",
        "method-not-offered",
        "completion-data",
        "trains-nothing",
    }
)
"""Findings that a ruling makes, and so makes anew."""

BY_OPENAI = Ruling("", None, LIMITS[Dialect.OPENAI])
"""What holds where no profile is named: the rules of the protocol's own service."""


def in_order(groups: Iterable[FindingGroup]) -> tuple[FindingGroup, ...]:
    """Groups with the worst first, then in the order of the rules."""
    return tuple(sorted(groups, key=lambda group: (group.severity.rank, _ORDER[group.code])))


def _found(code: str, message: str) -> Finding:
    return Finding(code, BY_CODE[code].severity, 0, "", message)
