"""``fttui check --show-training``: what training does with one row, turn by turn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fttui.cli.frame import ExitCode, emit_json
from fttui.cli.paint import paint, print_painted
from fttui.domain.counts import counted
from fttui.domain.dataset.encodings import example_limit
from fttui.domain.dataset.parsing import Rejected, parse_line
from fttui.domain.dataset.record import DataFormat, Record, turns
from fttui.domain.dataset.sensitive import masked
from fttui.domain.dataset.training_view import Fate, TrainingView, TurnFate, training_view, turn_text
from fttui.domain.errors import UnreadableFileError

MARKS = {Fate.TRAINED: "T", Fate.AGAINST: "A", Fate.CONTEXT: "·", Fate.MASKED: "M", Fate.CUT: "X"}
COLOURS = {
    Fate.TRAINED: "green",
    Fate.AGAINST: "magenta",
    Fate.CONTEXT: None,
    Fate.MASKED: "yellow",
    Fate.CUT: "red",
}
_SHOWN = 2000
"""Characters of a turn that are printed."""


def show_training_of(file: Path, line: int, model: str | None, data_format: DataFormat | None, *, as_json: bool) -> int:
    """Print what becomes of a line of a file in training.

    Raises:
        UnreadableFileError: the file cannot be read, or has no such line.
    """
    from fttui.services.container import Services
    from fttui.services.dataset.tokenizer import counter_for

    raw = _raw_line(file, line)
    record = parse_line(raw, line, data_format)
    if isinstance(record, Rejected):
        for finding in record.findings:
            print_painted(paint(f"line {line:,}  {finding.path}  {masked(finding.message)}"))
        return ExitCode.BAD_ANSWER
    counter = counter_for(model)
    own = Services.open().settings.example_tokens if model else ()
    view = training_view(record, counter, model, example_limit(model, own))
    if as_json:
        emit_json(_value(file, line, view, counter.encoding))
    else:
        for text in _lines(record, view):
            print_painted(text)
    return ExitCode.GOOD


def _raw_line(file: Path, line: int) -> bytes:
    from fttui.cli.frame import run_async
    from fttui.services.dataset.dataset_file import DatasetFile

    async def until_known(dataset: DatasetFile) -> None:
        async for known in dataset.index():
            if known >= line:
                return

    with DatasetFile.open(file) as dataset:
        run_async(dataset.unpack())
        if dataset.lines_known < line + 1:
            run_async(until_known(dataset))
        if dataset.lines_known < line:
            raise UnreadableFileError(f"{file} has {dataset.lines_known:,} lines; there is no line {line:,}")
        return dataset.raw_line(line - 1)


def _value(file: Path, line: int, view: TrainingView, encoding: str) -> dict[str, object]:
    return {
        "file": str(file),
        "line": line,
        "encoding": encoding,
        "limit": view.limit,
        "tokens": view.tokens,
        "trained": view.trained,
        "masked": view.masked,
        "cut": view.cut,
        "tools": view.tools,
        "turns": [
            {
                "path": turn.path,
                "role": turn.role,
                "fate": turn.fate,
                "tokens": turn.tokens,
                "trained": turn.trained,
                "cut": turn.cut,
            }
            for turn in view.turns
        ],
    }


def _lines(record: Record, view: TrainingView) -> Iterator[str]:
    yield paint(view.words, bold=True)
    yield paint("T trained   A trained against   · read only   M masked   X cut off", dim=True)
    if view.tools:
        yield paint(f"· {counted(view.tools, 'token')} of tool definitions, read")
    for message, turn in zip(turns(record), view.turns, strict=True):
        yield ""
        yield paint(
            f"{message.role}  {turn.fate.value}  {counted(turn.tokens, 'token')}", COLOURS[turn.fate], bold=True
        )
        yield from _turn_lines(turn_text(message), turn)


def _turn_lines(text: str, turn: TurnFate) -> Iterator[str]:
    kept = len(text) if turn.kept is None else turn.kept
    for piece, fate in ((text[:kept], turn.fate), (text[kept:], Fate.CUT)):
        if not piece:
            continue
        for line in piece[:_SHOWN].split("\n"):
            yield paint(f"{MARKS[fate]} {line}", COLOURS[fate], dim=fate is Fate.CONTEXT)
        if len(piece) > _SHOWN:
            yield paint(f"{MARKS[fate]} … {len(piece) - _SHOWN:,} more characters", dim=True)
