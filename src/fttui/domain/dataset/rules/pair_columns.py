"""Rules for prompts and completions as columns: what the former preparation tool looked for, with its thresholds.

Its checks were those of ``openai tools fine_tunes.prepare_data``, openai 2.30; they need the whole file, twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fttui.domain.counts import counted
from fttui.domain.dataset.finding import Finding
from fttui.domain.dataset.parsing import found
from fttui.domain.dataset.preparation.columns import (
    FEW_EXAMPLES,
    LONG_COMPLETION_PREFIX,
    LONG_PREFIX,
    LONG_SUFFIX,
    LONG_TEXT,
    Columns,
    TaskType,
    is_long,
)
from fttui.domain.dataset.strict_json import quoted


def row_findings(value: Mapping[str, object], line: int, columns: Columns) -> Iterator[Finding]:
    """What is wrong with one pair, seen beside all others.

    Args:
        value: the row.
        line: its number in the file, from 1.
        columns: what all rows have in common.
    """
    prompt, completion = value.get("prompt"), value.get("completion")
    if not isinstance(prompt, str) or not isinstance(completion, str):
        return
    open_ended = columns.task is TaskType.OPEN_ENDED
    if not open_ended and is_long(dict(value)):
        sentence = f"{len(prompt) + len(completion):,} characters, more than {LONG_TEXT:,}; shorten or drop the pair"
        yield found("long-pair", line, "", sentence)
    separator = columns.prompts.suffix
    if separator and not open_ended and separator in prompt[: -len(separator)]:
        yield found(
            "separator-inside", line, "prompt", f"The separator {quoted(separator)} stands inside the prompt as well"
        )
    if completion and not completion.startswith(" "):
        yield found("no-leading-space", line, "completion", "The completion begins without a space; add one")


def column_findings(columns: Columns) -> Iterator[Finding]:
    """What is to be said of the columns as a whole."""
    prompts, completions, rows = columns.prompts, columns.completions, columns.prompts.rows
    if not rows:
        return
    if rows < FEW_EXAMPLES:
        yield found("few-pairs", 0, "", f"{counted(rows, 'pair')}; a few hundred are better, and each doubling helps")
    task = columns.task
    if task is TaskType.CLASSIFICATION:
        sentence = f"{len(columns.distinct):,} different completions of {rows:,}: this looks like classification"
        yield found("classification-pairs", 0, "", f"{sentence}; a small base is enough, hold some rows out")
    for noun, column in (("prompt", prompts), ("completion", completions)):
        if column.mostly_capitals():
            yield found(
                f"upper-case-{noun}s", 0, "", f"More than a third of the letters of the {noun}s are capitals; use few"
            )
    if rows > 1:
        yield from _prompt_ends(columns)
        yield from _beginnings(columns)
        if task is TaskType.CONDITIONAL and completions.all_same:
            yield found("equal-completions", 0, "", "All completions are the same, so nothing else is learnt")


def _prompt_ends(columns: Columns) -> Iterator[Finding]:
    prompts = columns.prompts
    if columns.task is TaskType.OPEN_ENDED:
        return
    if prompts.all_same:
        yield found("equal-prompts", 0, "", "All prompts are the same; leave them empty for open-ended generation")
    elif len(prompts.suffix) > LONG_SUFFIX:
        sentence = f"All prompts end in {quoted(prompts.suffix)}, {len(prompts.suffix)} characters"
        yield found("long-separator", 0, "", f"{sentence}; one of at most {LONG_SUFFIX} is cheaper")


def _beginnings(columns: Columns) -> Iterator[Finding]:
    prompts, completions = columns.prompts, columns.completions
    if not prompts.all_same and (start := prompts.removable_prefix()):
        remedy = "; remove it" if len(start) > LONG_PREFIX else ""
        yield found("shared-prompt-beginning", 0, "", f"All prompts begin with {quoted(start)}{remedy}")
    start = completions.removable_prefix()
    if not completions.all_same and len(start) >= LONG_COMPLETION_PREFIX:
        sentence = f"All completions begin with {quoted(start)}; remove it, but for one space"
        yield found("shared-completion-beginning", 0, "", sentence)
