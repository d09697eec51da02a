"""Rules about the set as a whole, from counts: each looks at one thing, and says it in one finding or none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fttui.domain.counts import counted
from fttui.domain.dataset.finding import Finding
from fttui.domain.dataset.parsing import found
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.row_sheet import LABELS_KEPT, Affixes, RowSheet, Seen
from fttui.domain.dataset.scripts import Script
from fttui.domain.dataset.sensitive import masked
from fttui.domain.dataset.strict_json import quoted

FEWEST_TO_JUDGE = 20
"""Rows below which shares and spreads say nothing."""
MAJORITY = 0.7
FEWEST_PER_LABEL = 10
MINORITY_SCRIPT = 0.005
"""Share of rows in another script that is worth a word."""
OUTLIER_FENCE = 6.0
"""Times the spread between the quartiles, beyond which a length is far out; twice Tukey's far fence."""


@dataclass(frozen=True, slots=True)
class SetFacts:
    """What the rules look at."""

    sheet: RowSheet
    format: DataFormat | None

    @property
    def labels(self) -> dict[str, Seen]:
        """Short answers as labels; nothing where they are none: at least two of them, and three times as many rows."""
        sheet, labels = self.sheet, self.sheet.labels
        labelled = sum(seen.count for seen in labels.values()) == sheet.rows
        few = 2 <= len(labels) < sheet.rows / 3 and len(labels) <= LABELS_KEPT
        return labels if labelled and few and sheet.rows >= FEWEST_TO_JUDGE else {}


def unbalanced_labels(facts: SetFacts) -> Iterator[Finding]:
    """The most frequent label does not stand for more than seven in ten."""
    labels, rows = facts.labels, facts.sheet.rows
    if not labels:
        return
    label, seen = max(labels.items(), key=lambda item: (item[1].count, item[0]))
    if seen.count > MAJORITY * rows:
        share = f"{seen.count:,} of {rows:,} examples ({100 * seen.count / rows:.0f} %)"
        yield found(
            "unbalanced-labels", 0, "", f"{share} have the label {_shown(label)}, of {len(labels)}; balance them"
        )


def rare_label(facts: SetFacts) -> Iterator[Finding]:
    """Every label has ten examples."""
    for label, seen in sorted(facts.labels.items(), key=lambda item: item[1].line):
        if seen.count < FEWEST_PER_LABEL:
            number = counted(seen.count, "example")
            yield found("rare-label", seen.line, "", f"{number} of the label {_shown(label)}; add some")


def mixed_system_prompts(facts: SetFacts) -> Iterator[Finding]:
    """All rows have the same system prompt, or there are few of them; and not only some rows have one."""
    systems, rows = facts.sheet.systems, facts.sheet.rows
    bare = systems.get("")
    told = {key: seen for key, seen in systems.items() if key}
    if not told or rows < FEWEST_TO_JUDGE:
        return
    if bare is not None:
        sentence = f"{bare.count:,} of {rows:,} examples have no system prompt, the others have one"
        yield found("mixed-system-prompts", bare.line, "", f"{sentence}; train with what will be used later")
    first = max(told.values(), key=lambda seen: seen.count)
    if len(told) > 1:
        number = f"more than {LABELS_KEPT:,}" if len(told) >= LABELS_KEPT else f"{len(told):,}"
        other = min((seen for seen in told.values() if seen is not first), key=lambda seen: seen.line)
        share = f"{100 * first.count / rows:.0f} %"
        sentence = f"{number} different system prompts, the most frequent in {share} of the examples; one is best"
        yield found("mixed-system-prompts", other.line, "", sentence)


def mixed_scripts(facts: SetFacts) -> Iterator[Finding]:
    """All rows are written in the same script, or it is worth knowing how many are not."""
    scripts = {Script[name]: seen for name, seen in facts.sheet.scripts.items() if name not in ("NONE", "OTHER")}
    rows = facts.sheet.rows
    if len(scripts) < 2 or rows < FEWEST_TO_JUDGE:
        return
    order = sorted(scripts.items(), key=lambda item: -item[1].count)
    for script, seen in order[1:]:
        if seen.count >= max(MINORITY_SCRIPT * rows, 1):
            mix = ", ".join(f"{entry.words} {_percent(count.count / rows)}" for entry, count in order)
            yield found("mixed-scripts", seen.line, "", f"{seen.count:,} rows mostly in {script.words}; by rows: {mix}")


def refusal_share(facts: SetFacts) -> Iterator[Finding]:
    """Answers that decline are few, or it is worth knowing how many there are."""
    rows, refusals = facts.sheet.rows, facts.sheet.refusals.get("")
    if refusals is None or rows < FEWEST_TO_JUDGE:
        return
    share = f"{refusals.count:,} of {rows:,} answers decline ({_percent(refusals.count / rows)})"
    yield found("refusal-share", refusals.line, "", f"{share}; what is trained will decline as often")


def completion_affixes(facts: SetFacts) -> Iterator[Finding]:
    """Prompts end in a separator of their own, and completions in an ending."""
    sheet = facts.sheet
    prompts, completions = sheet.prompt_ends, sheet.completion_ends
    if facts.format is not DataFormat.COMPLETION or prompts.rows < 2:
        return
    if not prompts.end and not _all_empty(prompts):
        yield found("no-prompt-separator", 0, "", "Prompts share no ending; end each with one such as \\n\\n###\\n\\n")
    labelled = len(set(sheet.answers)) < completions.rows / 3
    if not completions.end and not labelled and not _all_empty(prompts):
        yield found("no-completion-ending", 0, "", "Completions share no ending; end each with one such as END")


def outlier_length(facts: SetFacts) -> Iterator[Finding]:
    """No row is far longer or shorter than the others: by six times the spread, and by three times the quartile."""
    tokens, rows = facts.sheet.tokens, facts.sheet.rows
    if rows < FEWEST_TO_JUDGE:
        return
    order = sorted(tokens)
    low, middle, high = order[rows // 4], order[rows // 2], order[rows * 3 // 4]
    most = max(high + OUTLIER_FENCE * (high - low), 3 * high)
    least = min(low - OUTLIER_FENCE * (high - low), low / 3)
    if least <= order[0] and order[-1] <= most:
        return
    for line, number in zip(facts.sheet.lines, tokens, strict=True):
        if number > most:
            yield found("outlier-length", line, "", f"{number:,} tokens, where half of the rows have up to {middle:,}")
        elif number < least:
            yield found(
                "outlier-length", line, "", f"{number:,} tokens, where half of the rows have {middle:,} or more"
            )


CHECKS = (
    unbalanced_labels,
    rare_label,
    mixed_system_prompts,
    mixed_scripts,
    refusal_share,
    completion_affixes,
    outlier_length,
)
"""Every rule about the set that needs no pairs of rows."""


def _all_empty(affixes: Affixes) -> bool:
    return affixes.longest == 0


def _shown(label: str) -> str:
    return quoted(masked(label))


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.01 else f"{100 * share:.1f} %"
