"""A preparation as text for people, and as the object of ``prepare --json``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fttui.cli.paint import SEVERITY_COLOURS, paint
from fttui.domain.counts import counted
from fttui.domain.dataset.preparation.difference import Mark
from fttui.domain.dataset.preparation.plan import Plan, PlannedFix, Sample

if TYPE_CHECKING:
    from fttui.services.dataset.preparing.order import Outcome

_COLOURS = {Mark.GONE: "red", Mark.NEW: "green", Mark.SAME: None}
_LINES = 14
"""Lines of a sample that are printed; the screen shows all."""


def outcome_object(outcome: Outcome) -> dict[str, object]:
    """The plan and what was written, as the command line promises it."""
    plan = outcome.plan
    return {
        "file": plan.file,
        "format": plan.format,
        "rows": plan.rows,
        "kept": plan.kept,
        "changes": plan.changes,
        "fixes": [_fix_object(entry) for entry in plan.fixes if entry.count],
        "notes": [{"severity": note.severity, "message": note.text} for note in plan.notes],
        "outputs": [
            {"role": output.role, "file": path, "rows": output.rows, "sha256": output.digest.sha256}
            for path, output in outcome.outputs
        ],
        "manifest": outcome.manifest,
        "repeated": outcome.repeated,
    }


def _fix_object(entry: PlannedFix) -> dict[str, object]:
    return {
        "code": entry.fix.code,
        "title": entry.fix.title,
        "why": entry.fix.why,
        "effect": entry.fix.effect,
        "cures": entry.fix.cures,
        "count": entry.count,
        "accepted": entry.accepted,
        "text": entry.detail or None,
        "samples": [
            {
                "line": sample.line,
                "remark": sample.remark or None,
                "difference": [f"{line.mark.value}{line.text}" for line in sample.lines],
            }
            for sample in entry.samples
        ],
    }


def plan_lines(plan: Plan, samples: int = 1) -> Iterator[str]:
    """The plan in lines of text, with so many samples of each fix."""
    yield paint(str(plan.file), bold=True)
    kind = plan.format.value if plan.format else "unknown format"
    yield paint(f"{kind} · {plan.rows:,} rows · {plan.kept:,} kept with the fixes marked [x]")
    for entry in plan.found:
        yield ""
        yield from _fix_lines(entry, samples)
    yield ""
    for note in plan.notes:
        yield f"{paint(note.severity.value, SEVERITY_COLOURS[note.severity])}: {paint(note.text)}"
    if not any(entry.mends for entry in plan.fixes):
        yield paint("Nothing to mend", "green", bold=True)


def _fix_lines(entry: PlannedFix, samples: int) -> Iterator[str]:
    fix = entry.fix
    mark = "[x]" if entry.accepted else "[ ]"
    verb = "dropped" if entry.drops else "changed"
    head = f"{mark} {paint(fix.code, bold=True)} × {entry.count:,} {verb}  {paint(fix.title)}"
    yield head + (paint(f' "{entry.detail}"') if entry.detail else "")
    yield paint(f"    {fix.why}", dim=True)
    for sample in entry.samples[:samples]:
        yield from _sample_lines(sample)


def _sample_lines(sample: Sample) -> Iterator[str]:
    yield paint(f"    line {sample.line:,}" + (f": {sample.remark}" if sample.remark else ""), dim=True)
    for line in sample.lines[:_LINES]:
        yield paint(f"    {line.mark.value} {line.text}", _COLOURS[line.mark])
    if len(sample.lines) > _LINES:
        yield paint(f"      … {len(sample.lines) - _LINES} more lines", dim=True)


def outcome_lines(outcome: Outcome) -> Iterator[str]:
    """What was written."""
    if not outcome.outputs:
        yield paint("Nothing to change, so nothing was written", "green", bold=True)
        return
    yield paint("Done before, and it still lies there" if outcome.repeated else "Written", bold=True)
    for path, output in outcome.outputs:
        yield f"  {paint(str(path))}  {counted(output.rows, 'row')}"
    if outcome.manifest is not None:
        yield f"  {paint(str(outcome.manifest))}"
