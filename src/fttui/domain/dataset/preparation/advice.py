"""What is worth knowing about a data set that no fix takes care of, and some of what the former tool used to say."""

from __future__ import annotations

from collections.abc import Iterator

from fttui.domain.dataset.finding import Severity
from fttui.domain.dataset.preparation.columns import FEW_EXAMPLES, LONG_SUFFIX, Column, Columns, TaskType
from fttui.domain.dataset.preparation.plan import Note
from fttui.domain.dataset.preparation.sampling import former_split
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.strict_json import quoted

FEWEST_EXAMPLES = 10


def advice(data_format: DataFormat | None, kept: int, columns: Columns, *, labelled: bool) -> Iterator[Note]:
    """Notes on the rows that are kept.

    Args:
        data_format: the format of the file.
        kept: how many rows are kept.
        columns: what prompts and completions have in common; empty in other formats.
        labelled: whether answers look like labels of classes.
    """
    if data_format is None:
        yield Note(Severity.ERROR, "No row has the keys of any training format; import the file instead")
        return
    if kept < FEWEST_EXAMPLES:
        left = "1 row is left" if kept == 1 else f"{kept} rows are left"
        yield Note(Severity.ERROR, f"{left}, at least {FEWEST_EXAMPLES} are needed")
    elif data_format is DataFormat.COMPLETION and kept < FEW_EXAMPLES:
        yield Note(Severity.INFO, f"{kept} pairs; a few hundred are better, and each doubling helps")
    if data_format is DataFormat.COMPLETION and columns.prompts.rows:
        yield from _column_advice(columns)
    elif labelled:
        yield Note(Severity.INFO, "The answers look like labels: split by label, and hold some rows out")


def _column_advice(columns: Columns) -> Iterator[Note]:
    task = columns.task
    if task is TaskType.CLASSIFICATION:
        held = former_split(columns.prompts.rows)
        yield Note(
            Severity.INFO,
            f"{len(columns.distinct):,} different completions, so this is classification: a small base is enough; "
            f"hold {held:,} rows out for validation",
        )
    if task is not TaskType.OPEN_ENDED:
        yield from _ending_advice("prompt", columns.prompts, "leave prompts empty for open-ended generation")
    if task is TaskType.CONDITIONAL:
        yield from _ending_advice("completion", columns.completions, "the model would only repeat it")


def _ending_advice(noun: str, column: Column, why: str) -> Iterator[Note]:
    if column.all_same:
        yield Note(Severity.ERROR, f"All {noun}s are the same, {quoted(column.suffix)}; {why}")
    elif column.suffix:
        use = "end prompts with it in use" if noun == "prompt" else "use it as stop sequence"
        yield Note(Severity.INFO, f"All {noun}s end in {quoted(column.suffix)}; {use}")
        if len(column.suffix) > LONG_SUFFIX:
            yield Note(Severity.WARNING, f"The ending of the {noun}s is long; a shorter one is cheaper")
        if column.repeated:
            yield Note(
                Severity.WARNING,
                f"{column.repeated:,} {noun}s have {quoted(column.suffix)} inside as well; choose an ending of its own",
            )
