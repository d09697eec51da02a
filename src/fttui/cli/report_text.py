"""A validation report as text for people."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from fttui.cli.paint import SEVERITY_COLOURS, paint
from fttui.cli.tables import table
from fttui.domain.counts import counted
from fttui.domain.dataset.comparison import Consequences, Overlap, side_by_side
from fttui.domain.dataset.finding import Severity
from fttui.domain.dataset.report import CostRange, FindingGroup, Report, TokenTotals
from fttui.domain.dataset.report_export import place_words
from fttui.domain.dataset.service_words import service_words
from fttui.domain.jobs.prices import PriceBook

_SHOWN = 5


def report_lines(report: Report, closed: str = "", no_cost: str = "") -> Iterator[str]:
    """The report in lines of text.

    Args:
        report: the verdict on a file.
        closed: why no job can be started on the base, where that is so.
        no_cost: what to say in place of a cost, where none is known.
    """
    kind = report.format.value if report.format else "unknown format"
    yield paint(str(report.file), bold=True)
    yield f"{kind} · {report.valid_examples:,} of {counted(report.examples, 'example')} usable · {report.seconds:.1f} s"
    yield paint(f"by the rules of {report.rules_of or 'OpenAI; --profile names another provider'}", dim=True)
    if report.offsets_in != "file":
        yield paint(f"Bytes are counted in the {report.offsets_in}, as UTF-8", dim=True)
    for group in report.findings:
        yield ""
        yield from _group_lines(group)
    yield ""
    if report.tokens is not None:
        yield tokens_line(report.tokens)
    if report.epochs is not None:
        yield f"Epochs   {report.epochs} (auto)"
    if report.cost is not None:
        yield cost_line(report.cost)
    elif no_cost and report.epochs:
        yield f"Cost     {paint(no_cost)}"
    if report.examples:
        yield f"Training {Consequences.of(report).words}"
    if (overlap := Overlap.of(report)) is not None:
        yield f"Overlap  {overlap.words}"
    yield _verdict(report, closed)
    if report.is_for_import:
        yield f"fttui import {paint(shlex.quote(str(report.file)))} makes training rows of what stands there."
    if report.valid is not None:
        yield ""
        yield from table(("", "training", "validation"), side_by_side(report), right=frozenset({1, 2}))
        yield ""
        yield from report_lines(report.valid)


def _group_lines(group: FindingGroup) -> Iterator[str]:
    head = paint(f"{group.severity.value:<8}", SEVERITY_COLOURS[group.severity], bold=True)
    yield f"{head} {paint(group.code, bold=True)} × {group.count:,}  {paint(group.message)}"
    if words := service_words(group):
        yield paint(f"         the service answers: {words}", dim=True)
    for finding in group.examples[:_SHOWN]:
        path = paint(finding.path, dim=True) + "  " if finding.path else ""
        yield f"  {place_words(finding, 'the file'):<24} {path}{paint(finding.message)}"
    if group.count > _SHOWN:
        yield paint(f"  … and {group.count - _SHOWN:,} more", dim=True)


def tokens_line(tokens: TokenTotals) -> str:
    """Token counts in a line, with what they were counted in and whether that is exact."""
    spread = tokens.per_example
    how = "exact" if tokens.exact else "an estimate"
    cut = f" · {tokens.truncated_examples:,} cut off" if tokens.truncated_examples else ""
    return (
        f"Tokens   {tokens.total:,} ({tokens.encoding}, {how}), {tokens.trained:,} of them learnt{cut}\n"
        f"         per example: median {spread.p50:,}, 95 % up to {spread.p95:,}, most {spread.maximum:,}"
    )


def cost_line(cost: CostRange) -> str:
    """The cost in a line, with the day of the prices."""
    if cost.free:
        return "Cost     free: trained on this computer"
    if not cost.low and cost.high:
        return (
            f"Cost     up to {cost.currency} {cost.high:,.2f} on {paint(cost.model)} (prices of {cost.prices_checked})"
        )
    low, high = f"{cost.low:,.2f}", f"{cost.high:,.2f}"
    amount = low if low == high else f"{low} to {high}"
    return f"Cost     {cost.currency} {amount} on {paint(cost.model)} (prices of {cost.prices_checked})"


def no_cost_words(model: str | None, book: PriceBook) -> str:
    """Why a job has no cost here, in a few words."""
    if not model:
        return ""
    price = book.price_of(model)
    if price is None or price.training_hour is None:
        return f"no price is known for {model} here"
    return f"{price.training_hour:,.2f} {book.currency} for each hour of training; no upper end is published"


def _verdict(report: Report, closed: str) -> str:
    errors, warnings = report.count(Severity.ERROR), report.count(Severity.WARNING)
    if errors:
        words = f"Not ready: {errors:,} error{'s' * (errors != 1)}, {warnings:,} warning{'s' * (warnings != 1)}"
        return paint(words, SEVERITY_COLOURS[Severity.ERROR], bold=True)
    if closed:
        return paint(f"The rows are usable, but no job can be started: {closed}", "red", bold=True)
    if warnings:
        return paint(
            f"Usable, with {warnings:,} warning{'s' * (warnings != 1)}", SEVERITY_COLOURS[Severity.WARNING], bold=True
        )
    return paint("Good to go", "green", bold=True)
