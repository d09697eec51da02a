"""The SARIF log: what OASIS asks for, and nothing foreign in it that could do harm."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import PurePath

from fttui.domain.dataset.comparison import Consequences, Overlap, side_by_side
from fttui.domain.dataset.finding import Finding, Severity
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.report import Distribution, FindingGroup, Report, TokenTotals
from fttui.domain.dataset.report_export import as_json_value, as_markdown
from fttui.domain.dataset.report_sarif import as_sarif

SPREAD = Distribution(200, 10, 100, 50.0, 40, 90)


def group(code: str, severity: Severity, count: int, *lines: int) -> FindingGroup:
    examples = tuple(Finding(code, severity, line, "messages[0]", "bad\x1b[31m") for line in lines)
    return FindingGroup(code, severity, count, "Bad", examples)


VALID = Report(PurePath("va lid.jsonl"), DataFormat.CHAT, 2, 2, (), None, None, None, None, 0.1, size=9)
REPORT = Report(
    file=PurePath("/data/train.jsonl"),
    format=DataFormat.CHAT,
    examples=4,
    valid_examples=3,
    findings=(
        group("unknown-role", Severity.ERROR, 7, 3),
        group("leaked-example", Severity.WARNING, 2, 1, 2),
        group("near-leak", Severity.WARNING, 1, 4),
        group("few-examples", Severity.INFO, 1, 0),
    ),
    tokens=TokenTotals("o200k_base", True, 200, 170, 94, 1, SPREAD),
    turns=SPREAD,
    epochs=3,
    cost=None,
    seconds=0.25,
    size=1234,
    valid=VALID,
)


def test_every_finding_that_was_kept_is_a_result_at_its_line() -> None:
    log = json.loads(json.dumps(as_sarif(REPORT, "1.2.3")))
    (run,) = log["runs"]

    assert (log["version"], log["$schema"].rsplit("/", 1)[1]) == ("2.1.0", "sarif-schema-2.1.0.json")
    assert [result["ruleId"] for result in run["results"]] == [
        "unknown-role",
        "leaked-example",
        "leaked-example",
        "near-leak",
        "few-examples",
    ]
    assert [result["level"] for result in run["results"]] == ["error", "warning", "warning", "warning", "note"]
    first, *_, last = run["results"]
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "file:///data/train.jsonl"},
        "region": {"startLine": 3},
    }
    assert first["properties"] == {"occurrences": 7}
    assert "region" not in last["locations"][0]["physicalLocation"]
    assert "\x1b" not in json.dumps(log, ensure_ascii=False)


def test_rules_are_described_once_and_pointed_at() -> None:
    (run,) = json.loads(json.dumps(as_sarif(REPORT, "1.2.3")))["runs"]
    rules = run["tool"]["driver"]["rules"]

    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [
        result["ruleId"] for result in run["results"]
    ]
    assert all(rule["shortDescription"]["text"] and rule["properties"]["source"] for rule in rules)
    assert [artifact["location"]["uri"] for artifact in run["artifacts"]] == [
        "file:///data/train.jsonl",
        "va%20lid.jsonl",
    ]


def test_the_report_says_what_is_learnt_refused_cut_and_in_both_files() -> None:
    assert Consequences.of(REPORT).words == "55 % of tokens trained · 1 row refused · 1 row cut (30 tokens, 15.0 %)"
    overlap = Overlap.of(REPORT)
    assert overlap is not None
    assert overlap.words == "3 rows in both files: 2 exact, 0 normalised, 1 near"
    assert Overlap.of(VALID) is None
    assert ("examples", "4", "2") in side_by_side(REPORT)
    assert as_json_value(REPORT)["overlap"] == {"exact": 2, "normalised": 0, "near": 1}
    assert "| examples | 4 | 2 |" in as_markdown(REPORT)


# What the published schema of SARIF 2.1.0 (OASIS, 2020-03-27) allows and requires of the objects that are written;
# the schema itself is not carried along.
SHAPES: dict[str, tuple[set[str], set[str]]] = {
    "log": ({"version", "runs"}, {"$schema", "version", "runs", "properties"}),
    "run": ({"tool"}, {"tool", "columnKind", "artifacts", "results", "properties"}),
    "tool": ({"driver"}, {"driver"}),
    "driver": ({"name"}, {"name", "semanticVersion", "rules"}),
    "rule": ({"id"}, {"id", "shortDescription", "help", "defaultConfiguration", "properties"}),
    "artifact": (set(), {"location", "length"}),
    "result": ({"message"}, {"ruleId", "ruleIndex", "level", "message", "locations", "properties"}),
    "location": (set(), {"physicalLocation", "logicalLocations"}),
    "physical": ({"artifactLocation"}, {"artifactLocation", "region"}),
    "region": (set(), {"startLine", "byteOffset"}),
}
LEVELS = {"none", "note", "warning", "error"}


def shaped(kind: str, value: dict[str, object]) -> None:
    required, allowed = SHAPES[kind]

    assert required <= value.keys() <= allowed, kind


def test_the_log_has_the_shape_that_the_standard_asks_for() -> None:
    placed = replace(
        REPORT,
        findings=(
            replace(
                group("missing-role", Severity.ERROR, 1, 3),
                examples=(Finding("missing-role", Severity.ERROR, 3, "messages[2]", "bad", 1234),),
            ),
            *REPORT.findings,
        ),
    )
    log = json.loads(json.dumps(as_sarif(placed, "1.2.3")))
    shaped("log", log)
    (run,) = log["runs"]
    shaped("run", run)
    shaped("tool", run["tool"])
    driver = run["tool"]["driver"]
    shaped("driver", driver)
    assert run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")
    for rule in driver["rules"]:
        shaped("rule", rule)
        assert rule["defaultConfiguration"]["level"] in LEVELS
        assert all(rule[name].keys() == {"text"} for name in ("shortDescription", "help") if name in rule)
    assert len({rule["id"] for rule in driver["rules"]}) == len(driver["rules"])
    for artifact in run["artifacts"]:
        shaped("artifact", artifact)
        assert artifact["location"].keys() == {"uri"}
        assert artifact["length"] >= 0
    for result in run["results"]:
        shaped("result", result)
        assert result["level"] in LEVELS
        assert isinstance(result["message"]["text"], str)
        assert 0 <= result["ruleIndex"] < len(driver["rules"])
        for location in result["locations"]:
            shaped("location", location)
            shaped("physical", location["physicalLocation"])
            region = location["physicalLocation"].get("region", {"startLine": 1})
            shaped("region", region)
            assert region["startLine"] >= 1
            assert all(entry.keys() == {"fullyQualifiedName"} for entry in location.get("logicalLocations", ()))
    first = run["results"][0]
    assert first["locations"][0]["physicalLocation"]["region"] == {"startLine": 3, "byteOffset": 1234}
    assert "Example 3, message 2 Discriminator 'role' is missing" in first["properties"]["serviceSays"]
