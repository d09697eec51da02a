"""A report for other programs, as plain JSON values, and for people, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fttui.domain.counts import counted
from fttui.domain.dataset.comparison import Consequences, Overlap, side_by_side
from fttui.domain.dataset.finding import Finding, Severity
from fttui.domain.dataset.report import CostRange, FindingGroup, Report, TokenTotals
from fttui.domain.dataset.service_words import service_words
from fttui.domain.text import safe_line


def as_json_value(report: Report) -> dict[str, object]:
    """The object that ``check --json`` prints; lines count from 1, 0 is the file as a whole."""
    value: dict[str, object] = {
        "file": str(report.file),
        "format": report.format.value if report.format is not None else None,
        "examples": report.examples,
        "valid_examples": report.valid_examples,
        "profile": report.rules_of or None,
        "offsets_in": report.offsets_in,
        "findings": [_group(group) for group in report.findings],
        "tokens": None if report.tokens is None else _tokens(report.tokens),
        "training": _training(report),
        "epochs": {"auto": report.epochs},
        "cost": cost_value(report.cost),
        "seconds": round(report.seconds, 3),
    }
    if (overlap := Overlap.of(report)) is not None and report.valid is not None:
        value["overlap"] = {"exact": overlap.exact, "normalised": overlap.normalised, "near": overlap.near}
        value["valid"] = as_json_value(report.valid)
    return value


def _group(group: FindingGroup) -> Mapping[str, object]:
    return {
        "code": group.code,
        "severity": group.severity.value,
        "count": group.count,
        "message": group.message,
        "service_says": service_words(group) or None,
        "examples": [_example(finding) for finding in group.examples],
    }


def _example(finding: Finding) -> Mapping[str, object]:
    return {"line": finding.line, "offset": finding.offset, "path": finding.path, "message": finding.message}


def _training(report: Report) -> Mapping[str, object]:
    after = Consequences.of(report)
    return {
        "trained_tokens": after.trained,
        "masked_tokens": after.masked,
        "refused_examples": after.refused,
        "cut_examples": after.cut_rows,
        "cut_tokens": after.cut_tokens,
    }


def _tokens(tokens: TokenTotals) -> dict[str, object]:
    spread = tokens.per_example
    return {
        "encoding": tokens.encoding,
        "exact": tokens.exact,
        "total": tokens.total,
        "billable": tokens.billable,
        "max": spread.maximum,
        "mean": round(spread.mean, 2),
        "p50": spread.p50,
        "p95": spread.p95,
        "truncated_examples": tokens.truncated_examples,
    }


def cost_value(cost: CostRange | None) -> Mapping[str, object] | None:
    """A cost as ``check --json`` and ``estimate --json`` print it."""
    if cost is None:
        return None
    return {
        "model": cost.model,
        "low": cost.low,
        "high": cost.high,
        "currency": cost.currency,
        "prices_checked": cost.prices_checked or None,
        "free": cost.free,
    }


def as_markdown(report: Report) -> str:
    """The report as a page: verdict, numbers, findings with their lines."""
    return "\n".join(_page(report)) + "\n"


def _page(report: Report) -> Iterator[str]:
    yield f"# Report on `{_code(report.file.name)}`"
    yield ""
    yield from _facts(report)
    for severity in Severity:
        groups = [group for group in report.findings if group.severity is severity]
        if not groups:
            continue
        yield ""
        yield f"## {severity.value.capitalize()} ({sum(group.count for group in groups):,})"
        for group in groups:
            yield from _group_lines(group)
    if not report.findings:
        yield ""
        yield "Nothing was found."
    if report.valid is not None:
        yield from ("", "## Side by side", "", "| | training | validation |", "|---|---:|---:|")
        yield from (f"| {label} | {left} | {right} |" for label, left, right in side_by_side(report))
        yield ""
        yield from _page(report.valid)


def _facts(report: Report) -> Iterator[str]:
    name = report.format.value if report.format is not None else "unknown"
    yield f"- format {name}, {counted(report.examples, 'example')}, {report.valid_examples:,} valid"
    if (tokens := report.tokens) is not None:
        kind = "exact" if tokens.exact else "estimated"
        yield (
            f"- {tokens.total:,} tokens in {tokens.encoding} ({kind}), {tokens.billable:,} billed an epoch, "
            f"{tokens.trained:,} trained, {counted(tokens.truncated_examples, 'example')} cut at the limit"
        )
    yield f"- held to the rules of {_cell(report.rules_of) or 'OpenAI'}"
    yield f"- {Consequences.of(report).words}"
    if report.offsets_in != "file":
        yield f"- bytes of findings are counted in the {report.offsets_in}, as UTF-8"
    if (overlap := Overlap.of(report)) is not None:
        yield f"- {overlap.words}"
    if report.epochs is not None:
        yield f"- {counted(report.epochs, 'epoch')} by default"
    if (cost := report.cost) is not None and cost.free:
        yield "- free: trained on this computer"
    elif cost is not None:
        yield (
            f"- {cost.currency} {cost.low:,.2f} to {cost.high:,.2f} on {_cell(cost.model)}, "
            f"prices of {cost.prices_checked}"
        )


def _group_lines(group: FindingGroup) -> Iterator[str]:
    yield ""
    yield f"### {_cell(group.code)}: {group.count:,}"
    yield ""
    yield _cell(group.message)
    if words := service_words(group):
        yield ""
        yield f"The service answers: {_cell(words)}"
    yield ""
    for finding in group.examples:
        place = place_words(finding, "whole file")
        path = f", `{_code(finding.path)}`" if finding.path else ""
        yield f"- {place}{path}: {_cell(finding.message)}"


def place_words(finding: Finding, whole: str) -> str:
    """Line and byte of a finding; `whole` for one about the file as a whole."""
    if not finding.line:
        return whole
    return f"line {finding.line:,}" + (f", byte {finding.offset:,}" if finding.offset is not None else "")


def _cell(text: str) -> str:
    """Foreign text that cannot end a line or start markup of its own."""
    return safe_line(text).translate({ord("`"): "'", ord("<"): "&lt;", ord("*"): "\\*", ord("_"): "\\_"})


def _code(text: str) -> str:
    """Foreign text that cannot end the code it stands in."""
    return safe_line(text).replace("`", "'")
