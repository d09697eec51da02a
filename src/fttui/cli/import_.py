"""``fttui import``: training rows out of tables, lists, texts and folders."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fttui.cli.frame import ExitCode, emit_json, is_interactive, json_option, run_async, say, talk
from fttui.cli.import_text import plan_lines, result_lines, result_object, settings_line
from fttui.cli.progress_line import progress_line
from fttui.domain.counts import counted
from fttui.domain.dataset.mapping.field_facts import field_facts
from fttui.domain.dataset.mapping.list_shapes import guessed_roles
from fttui.domain.dataset.mapping.mapper import Mapper, TrainingRow
from fttui.domain.dataset.mapping.proposal import Proposal
from fttui.domain.dataset.mapping.recognition import recognise, sure_of
from fttui.domain.dataset.mapping.row_mapping import RowMapping
from fttui.domain.dataset.mapping.settings import MAKING, SETTINGS, changed, checked, pairs_text
from fttui.domain.dataset.mapping.template import literal
from fttui.domain.errors import UsageError
from fttui.domain.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fttui.services.dataset.importing.conversion import ImportProgress, ImportResult
    from fttui.services.dataset.importing.mapping_store import MappingStore
    from fttui.services.dataset.importing.source import FirstRows, Source

_FILE = click.Path(path_type=Path)
_MOST_CANDIDATES = 6
_PREVIEWED = 3
_MOST_FIELDS = 20

_SETTINGS_HELP = "\n".join(f"  {key:<16} {words}" for key, words in SETTINGS.items())


@click.command(
    "import",
    epilog=f"\b\nSettings of --map KEY=VALUE:\n{_SETTINGS_HELP}\n\n"
    "\b\nTemplates: {field} is a field, by name or path such as {data.turns[0].text};\n"
    r"[[ ]] leaves out what it holds where a field in it is empty; \n is a new line.",
)
@click.argument("file", type=_FILE, required=False)
@click.option("--map", "maps", multiple=True, metavar="NAME|FILE|KEY=VALUE", help="A saved mapping, or a setting.")
@click.option("--system", metavar="TEXT", help="The instructions that every conversation begins with.")
@click.option("--to", type=click.Choice(["chat", "preference", "completion"]), help="What the rows become.")
@click.option("--where", metavar="FILTER", help="Which rows to take, such as: score >= 4 and lang = zh")
@click.option("--sample", type=click.IntRange(min=1), help="Draw so many rows at random.")
@click.option("--seed", type=click.IntRange(min=0), help="The same seed draws the same rows.")
@click.option("--out", type=_FILE, help="The file to write; beside the source if absent.")
@click.option("--yes", is_flag=True, help="Replace the file if it is there.")
@click.option("--save", metavar="NAME", help="Keep the mapping under a name.")
@click.option("--list-maps", is_flag=True, help="List the saved mappings and do nothing else.")
@click.option("--forget", metavar="NAME", help="Forget a saved mapping and do nothing else.")
@click.option("--encoding", help="The encoding of the text, where it cannot be told.")
@click.option("--delimiter", help="What stands between the cells of a table.")
@click.option("--no-header", is_flag=True, help="The first row of a table is a row like the others.")
@click.option("--sheet", help="The sheet of a workbook; the first if absent.")
@click.option("--split", help="The split, or the data set, of a folder; train if absent.")
@click.option("--plan", is_flag=True, help="Say what would be done, and write nothing.")
@json_option
def command(
    file: Path | None,
    maps: tuple[str, ...],
    system: str | None,
    to: str | None,
    where: str | None,
    sample: int | None,
    seed: int | None,
    out: Path | None,
    yes: bool,
    save: str | None,
    list_maps: bool,
    forget: str | None,
    encoding: str | None,
    delimiter: str | None,
    no_header: bool,
    sheet: str | None,
    split: str | None,
    plan: bool,
    as_json: bool,
) -> int:
    """Make training rows out of csv, tsv, xlsx, json, jsonl, txt, parquet or a folder of them."""
    from fttui.services.dataset.importing.conversion import default_out
    from fttui.services.dataset.importing.mapping_store import MappingStore
    from fttui.services.dataset.importing.source import SourceOptions, first_rows, open_source
    from fttui.services.paths import user_paths

    store = MappingStore(user_paths())
    if list_maps:
        _list_maps(store, as_json)
        return ExitCode.GOOD
    if forget is not None:
        store.delete(forget)
        talk(f"The mapping {safe_line(forget)} is forgotten")
        return ExitCode.GOOD
    if file is None:
        raise click.UsageError("Missing argument 'FILE'.")
    if delimiter is not None and len(delimiter.replace("\\t", "\t")) != 1:
        raise click.UsageError("--delimiter is one character.")
    tab = delimiter.replace("\\t", "\t") if delimiter else None
    source = open_source(file, SourceOptions(encoding, sheet, split, tab, not no_header))
    first = first_rows(source)
    said = [("system", literal(system))] if system is not None else []
    said += [(key, str(value)) for key, value in _options(to, where, sample, seed)]
    mapping, proposal = _mapping(source, first, maps, said, store)
    if proposal is not None:
        talk(f"{proposal.label}, {proposal.confidence:.0%} sure: {safe_line(proposal.reason)}")
    _tell_unknown(first, mapping, proposal)
    if save is not None:
        talk(f"The mapping is kept as {save} in {store.save(save, mapping)}")
    target = out or default_out(file, mapping)
    if not plan:
        _ask_to_replace(target, yes)
    result = _imported(source, mapping, None if plan else target, replace=yes or target.exists())
    if as_json:
        preview = _preview(first, mapping) if plan else None
        emit_json(result_object(source, mapping, proposal, result, target, preview))
    else:
        for line in plan_lines(mapping, _preview(first, mapping)) if plan else ():
            say(line)
        for line in result_lines(source, result, target):
            say(line)
    return ExitCode.GOOD if result.written else ExitCode.BAD_ANSWER


def _options(to: str | None, where: str | None, sample: int | None, seed: int | None) -> list[tuple[str, object]]:
    given = (("to", to), ("where", where), ("sample", sample), ("seed", seed))
    return [(key, value) for key, value in given if value is not None]


def _tell_unknown(first: FirstRows, mapping: RowMapping, proposal: Proposal | None) -> None:
    rows = [row.value for row in first.rows]
    unknown = Mapper(mapping).unknown_fields(rows)
    if unknown:
        there = ", ".join(facts.path for facts in field_facts(rows)[:_MOST_FIELDS])
        missing = " and no ".join(map(safe_line, unknown))
        talk(f"The first {len(rows)} rows have no {missing}; they have: {safe_line(there)}")
    if proposal is None and (guessed := guessed_roles(rows, mapping)):
        setting = shlex.quote(f"roles={pairs_text((*mapping.roles, *guessed))}")
        names = ", ".join(safe_line(name, 40) for name, _ in guessed)
        talk(f"It is not known who is {names}; if this guess is right, add: --map {safe_line(setting)}")


def _list_maps(store: MappingStore, as_json: bool) -> None:
    names = store.names()
    if as_json:
        emit_json({"mappings": names})
        return
    for name in names:
        say(name)
    talk(f"{len(names)} saved" if names else "None was saved yet; --save NAME keeps one.")


def _mapping(
    source: Source, first: FirstRows, maps: Sequence[str], said: Sequence[tuple[str, str]], store: MappingStore
) -> tuple[RowMapping, Proposal | None]:
    """The mapping to use, and the shape it comes from where it was recognised."""
    named, settings = _read_maps(maps, store)
    settings = [*settings, *said]
    if named is not None:
        return checked(changed(named, settings)), None
    if any(key in MAKING for key, _ in settings):
        return checked(changed(RowMapping(), settings)), None
    proposals = (source.described,) if source.described is not None else recognise([row.value for row in first.rows])
    sure = sure_of(proposals)
    if sure is None:
        raise _unsure(source, first, proposals)
    return checked(changed(sure.mapping, settings)), sure


def _read_maps(maps: Sequence[str], store: MappingStore) -> tuple[RowMapping | None, list[tuple[str, str]]]:
    from fttui.services.dataset.importing.mapping_store import read_mapping

    named: RowMapping | None = None
    settings: list[tuple[str, str]] = []
    for text in maps:
        key, equals, value = text.partition("=")
        if equals and (key in SETTINGS or key.startswith("default.")):
            settings.append((key, value))
        elif store.has(text):
            named = store.load(text)
        elif Path(text).is_file():
            named = read_mapping(Path(text))
        elif equals:
            raise UsageError(f"There is no setting {key}", hint=f"There are: {', '.join(SETTINGS)}.")
        else:
            named = store.load(text)
    return named, settings


def _unsure(source: Source, first: FirstRows, proposals: Sequence[Proposal]) -> UsageError:
    if not first.rows:
        why = f"{first.bad[0].reason} ({source.unit} {first.bad[0].number})" if first.bad else "it has no rows"
        return UsageError(f"Nothing can be read from {source.path}: {why}")
    fields = ", ".join(dict.fromkeys(key for row in first.rows for key in row.value))
    if not proposals:
        return UsageError(
            f"The rows have no shape that is known; their fields are: {fields}",
            hint="Say what they become: --map 'user={…}' --map 'assistant={…}'",
        )
    for proposal in proposals[:_MOST_CANDIDATES]:
        talk(f"{proposal.confidence:4.0%}  {proposal.label}: {safe_line(proposal.reason)}")
        talk(f"      {settings_line(proposal.mapping)}")
    return UsageError(
        f"It is not sure what the rows are; their fields are: {fields}",
        hint="Choose one of the candidates above by its settings, or say what the rows become.",
    )


def _preview(first: FirstRows, mapping: RowMapping) -> list[TrainingRow]:
    mapper = Mapper(mapping)
    made = (mapper.apply(row.value) for row in first.rows)
    return [row for row in made if isinstance(row, dict)][:_PREVIEWED]


def _ask_to_replace(path: Path, yes: bool) -> None:
    if yes or not path.exists():
        return
    if not is_interactive():
        raise UsageError(f"{path} is there already", hint="Name another one with --out, or replace it with --yes.")
    click.confirm(f"{safe_line(str(path))} is there already. Replace it?", abort=True, err=True)


def _imported(source: Source, mapping: RowMapping, out: Path | None, *, replace: bool) -> ImportResult:
    from fttui.services.dataset.importing.conversion import import_rows

    with progress_line() as tell:

        def show(progress: ImportProgress) -> None:
            share = "" if progress.share is None else f"{progress.share:4.0%}  "
            tell(f"{share}{counted(progress.read, 'row')} read, {progress.made:,} made")

        return run_async(import_rows(source, mapping, out, replace=replace, progress=show))
