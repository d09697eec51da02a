"""What a report says, in sentences: the verdict, the facts, the next step."""

from __future__ import annotations

import re

from fttui.domain.dataset.comparison import Consequences, Overlap
from fttui.domain.dataset.finding import Finding, Severity
from fttui.domain.dataset.report import FindingGroup, Report, TokenTotals
from fttui.domain.dataset.service_words import service_words
from fttui.domain.text import safe_line
from fttui.ui import present

_DATE = re.compile(r"-\d{4}-\d{2}-\d{2}$")


def verdict(report: Report) -> str:
    """Whether the file is good, in one line."""
    counts = [
        present.counted(report.count(severity), name)
        for severity, name in ((Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "note"))
        if report.count(severity)
    ]
    examples = f"{present.counted(report.examples, 'example')}, {present.count(report.valid_examples)} valid"
    if report.examples == 0:
        return " · ".join(["No training examples in this file", *counts])
    if report.count(Severity.ERROR):
        return " · ".join([*counts, examples])
    if report.worst is None:
        return f"Good to train on · nothing found · {examples}"
    return " · ".join(["Good to train on", *counts, examples])


def facts(report: Report, model: str, ending: str = "") -> list[tuple[str, str]]:
    """Label and sentence of each fact worth a line; `model` is the one asked about, empty for none."""
    format_name = report.format.value if report.format is not None else "unknown format"
    about = f"{safe_line(report.file.name, 60)} · {present.size(report.size)} · {format_name}"
    rules = f"rules of {safe_line(report.rules_of, 24)} · " if report.rules_of else ""
    lines = [("file", f"{about} · {rules}checked in {present.duration(report.seconds)}")]
    if report.tokens is not None:
        lines.append(("tokens", tokens_line(report.tokens)))
    if report.is_for_import:
        lines.append(("next", "no row is a training example yet; I in Data makes some of them"))
    else:
        lines.append(("cost", cost_line(report, model)))
    if ending:
        lines.append(("ends", ending))
    if report.examples:
        lines.append(("train", Consequences.of(report).words))
    if (overlap := Overlap.of(report)) is not None:
        lines.append(("both", f"{overlap.words} · c compares"))
    if report.valid is not None:
        valid = report.valid
        lines.append(("beside", f"{safe_line(valid.file.name, 40)} · {verdict(valid)} · w shows it"))
    return lines


def tokens_line(tokens: TokenTotals) -> str:
    """The totals, and what they were counted with."""
    sign = "" if tokens.exact else "≈ "
    billed = f"{sign}{present.count(tokens.billable)} billed an epoch"
    return f"{sign}{present.count(tokens.total)} in {tokens.encoding} · {billed}"


def cost_line(report: Report, model: str) -> str:
    """Epochs and cost, with the model and the day of the price."""
    epochs = f"{present.counted(report.epochs, 'epoch')} (auto) · " if report.epochs else ""
    if report.cost is None:
        unknown = f"no price by the token is known for {safe_line(model, 30)}" if model else "m names a model to price"
        return epochs + unknown
    cost = report.cost
    if cost.free:
        return f"{epochs}free on this computer" + ("" if model else " · m names a model to price")
    undated = _DATE.sub("", cost.model)
    price = present.money(cost.low, cost.high, cost.currency)
    return f"{epochs}{price} on {safe_line(undated, 40)} · prices {cost.prices_checked}"


def next_step(report: Report) -> str:
    """What to do now."""
    if report.examples == 0:
        return "Choose another file in the Data place (1)."
    if report.count(Severity.ERROR):
        return "Enter opens a group and jumps to the row. Mend the rows marked ✗, then check again with r."
    return "Next: t takes the file into the Launch form."


def group_line(group: FindingGroup) -> str:
    """What a rule found, and in which rows first."""
    lines = [present.count(finding.line) for finding in group.examples if finding.line]
    if not lines:
        return safe_line(group.message)
    more = "…" if group.count > len(lines) else ""
    return f"{safe_line(group.message)} · {'line' if group.count == 1 else 'lines'} {', '.join(lines[:12])}{more}"


def detail(row: FindingGroup | Finding, report: Report) -> str:
    """All there is to say of a line of the list: where, what, and the service's own answer where one is known."""
    if isinstance(row, FindingGroup):
        words, said = group_line(row), service_words(row, with_code=False)
    else:
        group = next(group for group in report.findings if group.code == row.code)
        words, said = finding_line(row, report), service_words(group, row, with_code=False)
    return f"{words}\nThe service answers: {safe_line(said)}" if said else words


def finding_line(finding: Finding, report: Report) -> str:
    """Where exactly a finding is, and all that it says."""
    if not finding.line:
        return safe_line(finding.message)
    inside = "" if report.offsets_in == "file" else f" of the {report.offsets_in}"
    byte = f"byte {present.count(finding.offset)}{inside} · " if finding.offset is not None else ""
    return f"line {present.count(finding.line)} · {byte}{safe_line(finding.message)}"
