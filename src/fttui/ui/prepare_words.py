"""What a preparation comes to, in sentences."""

from __future__ import annotations

from pathlib import Path

from textual.content import Content

from fttui.domain.dataset.finding import Severity
from fttui.domain.dataset.preparation.plan import Plan, PlannedFix
from fttui.domain.dataset.preparation.sampling import Split, SplitBy
from fttui.domain.text import safe_line
from fttui.services.dataset.preparing.names import Names
from fttui.ui import present

MARKS = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.INFO: "i"}
_NOTE_STYLES = {Severity.ERROR: "$text-error", Severity.WARNING: "$text-warning", Severity.INFO: "$text-muted"}
_BY = {SplitBy.PROMPT: "by prompt", SplitBy.LABEL: "by label", SplitBy.RANDOM: "at random"}


def summary(plan: Plan) -> str:
    """The file, and what becomes of its rows."""
    name = plan.format.value if plan.format is not None else "unknown format"
    rows = (
        f"{present.counted(plan.rows, 'row')} → {present.count(plan.kept)}" if plan.dropped else f"{plan.rows:,} rows"
    )
    return f"{safe_line(plan.file.name, 40)} · {name} · {rows}"


def split_line(plan: Plan, split: Split | None) -> str:
    """How the rows are divided."""
    if split is None:
        advice = "; the answers look like labels, so hold some out" if plan.labelled else ""
        return f"none, s sets one{advice}"
    valid = split.rows(plan.kept)
    train = plan.kept - valid
    return f"{present.count(train)} train, about {present.count(valid)} valid · {_BY[split.by]} · seed {split.seed}"


def note_lines(plan: Plan) -> list[Content]:
    """What no fix takes care of, worst first."""
    notes = sorted(plan.notes, key=lambda note: note.severity.rank)
    return [
        Content.styled(f"{MARKS[note.severity]} {safe_line(note.text)}", _NOTE_STYLES[note.severity]) for note in notes
    ]


def reason(entry: PlannedFix) -> str:
    """Why a fix is made, what it adds, and which findings it cures."""
    words = [entry.fix.why]
    if entry.detail:
        words.append(f'text "{safe_line(entry.detail, 40)}"')
    if entry.fix.cures:
        words.append(f"cures {', '.join(entry.fix.cures[:3])}{'…' if len(entry.fix.cures) > 3 else ''}")
    return " · ".join(words)


def sheet(plan: Plan, accepted: frozenset[str], names: Names, home: Path) -> str:
    """What is about to be written, for the sheet that asks."""
    made = [entry for entry in plan.found if entry.fix.code in accepted]
    lines = [f"{entry.fix.title}: {present.counted(entry.count, 'row')}" for entry in made]
    files = [*names.files.values(), names.manifest]
    return "\n".join(
        [
            *(lines or ["No fix; the rows are only divided."]),
            "",
            f"These files are written, {safe_line(plan.file.name)} stays as it is:",
            *(f"  {safe_line(present.place(file, home))}" for file in files),
            *([""] if plan.notes else []),
            *(f"{MARKS[note.severity]} {safe_line(note.text)}" for note in plan.notes),
        ]
    )
