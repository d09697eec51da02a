"""What can be chosen while a file is imported, and how it is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from fttui.domain.dataset.mapping.field_facts import FieldFacts
from fttui.domain.dataset.mapping.form_settings import LABELS
from fttui.domain.dataset.mapping.proposal import Proposal
from fttui.domain.dataset.mapping.row_mapping import Target
from fttui.services.dataset.importing.conversion import ImportResult, SkipCount
from fttui.services.dataset.importing.source import FirstRows, Source, SourceFormat, SourceOptions
from fttui.ui import present
from fttui.ui.screens.pick import Choice

EMPTY = "empty"
KEPT = "kept:"
ROLE_CHOICES = tuple(
    Choice(role, LABELS[role], detail)
    for role, detail in (
        ("user", "asks"),
        ("assistant", "answers; learnt"),
        ("tool_call", "the assistant calls a tool: JSON with name and arguments"),
        ("tool", "what the tool answers"),
        ("developer", "instructions"),
    )
)
_OPTIONS = {
    "split": "Split",
    "encoding": "Encoding",
    "sheet": "Sheet",
    "delimiter": "What parts the cells",
}
HEADINGS = "has_header"
_MATTERS = {
    SourceFormat.CSV: frozenset({"encoding", "delimiter", HEADINGS}),
    SourceFormat.TSV: frozenset({"encoding", "delimiter", HEADINGS}),
    SourceFormat.XLSX: frozenset({"sheet", HEADINGS}),
    SourceFormat.JSON: frozenset({"encoding"}),
    SourceFormat.TEXT: frozenset({"encoding"}),
    SourceFormat.PARQUET: frozenset[str](),
}
_REASONS_SHOWN = 6
_PLACES_SHOWN = 6


def shape_words(proposal: Proposal | None, sure: bool) -> str:
    """A shape in a few words; empty where there is none."""
    if proposal is None:
        return ""
    doubt = "" if sure else "perhaps "
    return f"{doubt}{proposal.label}, {present.percent(proposal.confidence)}: {proposal.reason}"


def shape_choices(proposals: Sequence[Proposal], kept: Sequence[str]) -> list[Choice]:
    """The shapes that were recognised, the mappings that were kept, and an empty one."""
    found = [
        Choice(str(place), f"{proposal.label}: {proposal.reason}", present.percent(proposal.confidence), "recognised")
        for place, proposal in enumerate(proposals)
    ]
    saved = [Choice(f"{KEPT}{name}", name, section="kept") for name in kept]
    return [*found, *saved, Choice(EMPTY, "an empty mapping", section="own")]


def target_choices(labels: Mapping[Target, str]) -> list[Choice]:
    """What rows can become."""
    return [Choice(target.value, label) for target, label in labels.items()]


def field_choices(fields: Sequence[FieldFacts]) -> list[Choice]:
    """The fields that a text can hold."""
    return [Choice(facts.path, facts.path, facts.samples[0] if facts.samples else "empty") for facts in fields]


def list_choices(fields: Sequence[FieldFacts]) -> list[Choice]:
    """The fields that hold lists, and none."""
    found = [Choice(facts.path, facts.path, ", ".join(facts.entry_keys[:6])) for facts in fields if facts.is_list]
    return [*found, Choice("", "none")]


def option_choices(options: SourceOptions, path: Path, source: Source | None) -> list[Choice]:
    """What can be said about a file or folder, as far as it matters there; all of it while that is not known."""
    matters = _MATTERS[source.format] if source is not None else frozenset({*_OPTIONS, HEADINGS})
    matters = matters | {"split"} if path.is_dir() else matters - {"split"}
    told = "told from the folder" if path.is_dir() else "told from the file"
    found = [
        Choice(name, label, option_of(options, name)[1] or told) for name, label in _OPTIONS.items() if name in matters
    ]
    headings = Choice(HEADINGS, "The first row has the headings", "yes" if options.has_header else "no")
    return [*found, *([headings] if HEADINGS in matters else [])]


def part_choices(parts: Sequence[str]) -> list[Choice]:
    """The sheets or splits of which one is read."""
    return [*(Choice(part, part) for part in parts), Choice("", "the first one, or train")]


def option_of(options: SourceOptions, name: str) -> tuple[str, str]:
    """What an option is called, and what it is."""
    values = {
        "encoding": options.encoding,
        "sheet": options.sheet,
        "split": options.split,
        "delimiter": options.delimiter,
    }
    return _OPTIONS[name], (values[name] or "").replace("\t", "\\t")


def with_option(options: SourceOptions, name: str, typed: str) -> SourceOptions:
    """The options with one said anew; nothing typed tells it from the file."""
    value = typed.strip() or None
    match name:
        case "encoding":
            return replace(options, encoding=value)
        case "sheet":
            return replace(options, sheet=value)
        case "split":
            return replace(options, split=value)
        case _:
            return replace(options, delimiter=typed.replace("\\t", "\t")[:1] or None)


def source_words(source: Source, first: FirstRows) -> list[str]:
    """What kind of file it is, how many rows were looked at, and what is worth knowing."""
    if len(source.files) > 1:
        kind = f"{len(source.files)} {source.format.value} files"
    else:
        kind = source.format.value if source.path == source.files[0] else source.files[0].name
    words = present.counted(len(first.rows) + len(first.bad), "row")
    if first.bad:
        words += f", {present.count(len(first.bad))} cannot be read"
    return [kind, words if first.is_all else f"the first {words}", *first.notes]


def result_words(result: ImportResult, unit: str) -> str:
    """What was read and written, and why rows were skipped, with their places."""
    out = result.out or Path()
    lines = [
        f"{present.counted(result.written, 'row')} written to {present.place(out, Path.home())}",
        f"{present.counted(result.read, 'row')} read, {present.count(result.read - result.made)} skipped",
    ]
    if result.written != result.made:
        lines[1] += f", {present.count(result.written)} of {present.count(result.made)} drawn"
    lines += [_skip_words(skip, unit) for skip in result.skipped[:_REASONS_SHOWN]]
    if len(result.skipped) > _REASONS_SHOWN:
        lines.append(f"and {present.counted(len(result.skipped) - _REASONS_SHOWN, 'more reason')}")
    return "\n".join([*lines, *(f"note: {note}" for note in result.notes)])


def _skip_words(skip: SkipCount, unit: str) -> str:
    shown = skip.places[:_PLACES_SHOWN]
    words = ", ".join(f"{place.file}:{place.number}" if place.file else str(place.number) for place in shown)
    more = ", …" if skip.count > len(shown) else ""
    return f"· {skip.reason}: {present.count(skip.count)} ({unit} {words}{more})"
