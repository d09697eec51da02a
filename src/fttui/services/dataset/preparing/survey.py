"""Finds out what a preparation would do, without writing anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from fttui.domain.dataset.finding import Severity
from fttui.domain.dataset.identity import facets
from fttui.domain.dataset.mapping.proposal import Proposal
from fttui.domain.dataset.preparation.advice import advice
from fttui.domain.dataset.preparation.catalogue import FIXES
from fttui.domain.dataset.preparation.mender import Mender
from fttui.domain.dataset.preparation.plan import Note, Plan, PlannedFix
from fttui.domain.dataset.preparation.whole_set import OtherFile
from fttui.domain.dataset.record import DataFormat
from fttui.domain.errors import UnreadableFileError
from fttui.services.dataset.preparing.order import Order
from fttui.services.dataset.preparing.pipeline import Pipeline
from fttui.services.dataset.preparing.source import Source, Tick
from fttui.services.dataset.preparing.unpacking import unpacked


def survey(order: Order, tick: Tick | None = None) -> Plan:
    """What the accepted fixes of an order do to a file, and what the declined ones would do.

    Raises:
        UnreadableFileError: a file cannot be read, or changed while it was.
    """
    with unpacked(order, tick) as order:
        return plan_of(surveyed(order, tick))


def surveyed(order: Order, tick: Tick | None = None) -> Pipeline:
    """Go through a file, unpacked before, until nothing is left to do; errors as for `survey`."""
    source = Source.open(order.path, order.copies.get(order.path))
    source = replace(source, format=order.data_format or source.format)
    other = _other_file(order.against, order, source.format) if order.against is not None else None
    pipeline = Pipeline(source, order.full_recipe, order.model, other)
    pipeline.settle(tick)
    check_unchanged(source)
    return pipeline


def check_unchanged(source: Source) -> None:
    """Make sure that a file is still what it was.

    Raises:
        UnreadableFileError: it is not.
    """
    if source.changed:
        raise UnreadableFileError(f"{source.path} changed while it was read", hint="Prepare it again.")


def plan_of(pipeline: Pipeline) -> Plan:
    """The plan of a file that was gone through."""
    ledger, recipe = pipeline.ledger, pipeline.recipe
    kept = len(pipeline.kept.lines) + ledger.unread
    labelled = pipeline.kept.labelled
    data_format = pipeline.format
    fixes = tuple(
        PlannedFix(
            fix,
            ledger.count(fix.code),
            fix.code in recipe.accepted,
            ledger.samples(fix.code),
            ledger.details.get(fix.code, ""),
        )
        for fix in FIXES
        if data_format is None or data_format in fix.formats
    )
    return Plan(
        file=pipeline.source.path,
        size=pipeline.source.identity.size,
        format=data_format,
        rows=ledger.rows,
        kept=kept,
        fixes=fixes,
        notes=(
            *(Note(trouble.severity, trouble.message) for trouble in pipeline.source.trouble),
            *_shape_notes(pipeline.source.foreign),
            *(
                advice(data_format, kept, pipeline.columns, labelled=labelled)
                if data_format is not None or pipeline.source.foreign is None
                else ()
            ),
        ),
        labelled=labelled,
    )


def _shape_notes(shape: Proposal | None) -> Iterator[Note]:
    if shape is not None:
        words = f"Import the file first: its rows are of another shape, {shape.label}; {shape.reason}"
        yield Note(Severity.ERROR, words)


def _other_file(path: Path, order: Order, data_format: DataFormat | None) -> OtherFile:
    """The keys of a validation file's rows, after the same fixes, so that like is compared with like."""
    source = Source.open(path, order.copies.get(path))
    other = OtherFile()
    mender = Mender(data_format, order.full_recipe)
    for line in source.lines():
        if line.raw is None or not line.raw.strip():
            continue
        value = mender.mend(line.raw).value
        if value is not None and data_format is not None:
            other.add(facets(value, data_format), line.number)
    return other
