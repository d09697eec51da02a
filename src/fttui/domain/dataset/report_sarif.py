"""A report as SARIF 2.1.0, which code hosts and editors show beside the lines (OASIS standard, 2020-03-27)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from urllib.parse import quote

from fttui.domain.dataset.finding import Finding, Severity
from fttui.domain.dataset.report import FindingGroup, Report
from fttui.domain.dataset.rules.catalogue import BY_CODE
from fttui.domain.dataset.service_words import service_words
from fttui.domain.text import safe_line

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def as_sarif(report: Report, version: str) -> dict[str, object]:
    """The log of one run over a file, and over its validation file where there is one.

    Of each rule the first findings are results of their own; how many there are in all stands in the properties.

    Args:
        report: the verdict.
        version: of this program.
    """
    reports = [report, *([report.valid] if report.valid is not None else [])]
    codes = list(dict.fromkeys(group.code for entry in reports for group in entry.findings))
    driver = {"name": "fttui", "semanticVersion": version, "rules": [_rule(code) for code in codes]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "artifacts": [{"location": {"uri": _uri(entry.file)}, "length": entry.size} for entry in reports],
        "results": [result for entry in reports for result in _results(entry, codes)],
        "properties": {
            "profile": report.rules_of,
            "offsetsIn": {str(entry.file): entry.offsets_in for entry in reports},
            "counts": {str(entry.file): {group.code: group.count for group in entry.findings} for entry in reports},
        },
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str) -> dict[str, object]:
    rule = BY_CODE[code]
    helped = {"help": {"text": f"The service answers: {rule.service_says}"}} if rule.service_says else {}
    return {
        "id": code,
        "shortDescription": {"text": rule.summary},
        **helped,
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"source": rule.source.value},
    }


def _results(report: Report, codes: list[str]) -> Iterator[dict[str, object]]:
    for group in report.findings:
        for finding in group.examples:
            yield {
                "ruleId": group.code,
                "ruleIndex": codes.index(group.code),
                "level": _LEVELS[group.severity],
                "message": {"text": safe_line(finding.message)},
                "locations": [_location(report, finding)],
                "properties": _properties(group, finding),
            }


def _properties(group: FindingGroup, finding: Finding) -> dict[str, object]:
    said = service_words(group, finding)
    return {"occurrences": group.count, **({"serviceSays": said} if said else {})}


def _location(report: Report, finding: Finding) -> dict[str, object]:
    physical: dict[str, object] = {"artifactLocation": {"uri": _uri(report.file)}}
    if finding.line:
        region = {"startLine": finding.line}
        if finding.offset is not None:
            region["byteOffset"] = finding.offset
        physical["region"] = region
    location: dict[str, object] = {"physicalLocation": physical}
    if finding.path:
        location["logicalLocations"] = [{"fullyQualifiedName": safe_line(finding.path)}]
    return location


def _uri(path: PurePath) -> str:
    """A path as a reference: relative as it was given, absolute as the address of a file."""
    plain = quote(path.as_posix().encode("utf-8", "surrogateescape"))
    return f"file://{plain}" if path.is_absolute() else plain
