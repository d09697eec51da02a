"""The import itself: every row read, mapped, drawn if asked, and written to a new file."""

from __future__ import annotations

import asyncio
import heapq
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from fttui.domain.dataset.mapping.mapper import Mapper, Skipped, encoded
from fttui.domain.dataset.mapping.row_mapping import RowMapping
from fttui.domain.dataset.mapping.settings import checked
from fttui.domain.errors import UsageError
from fttui.services.dataset.importing.output import NewFile
from fttui.services.dataset.importing.rows import BadRow, Reading, SourceRow
from fttui.services.dataset.importing.source import FORMATS, Source
from fttui.services.folder import COMPRESSED_SUFFIXES

PLACES_KEPT = 20
_MOST_REASONS = 50
_STEP = 500
"""Rows between two looks at whether to stop."""
OTHER = "for other reasons"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands."""

    number: int
    file: str = ""


@dataclass(frozen=True, slots=True)
class SkipCount:
    """How many rows became none for one reason, and where the first of them stand."""

    reason: str
    count: int
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far an import is; `share` is None where nobody knows."""

    share: float | None
    read: int
    made: int


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What came of an import. `out` is None where nothing was to be written; `made` counts before drawing."""

    out: Path | None
    read: int
    made: int
    written: int
    skipped: tuple[SkipCount, ...]
    notes: tuple[str, ...] = ()


Progress = Callable[[ImportProgress], None]


class _StoppedError(Exception):
    """Nobody waits for the result any more."""


def default_out(source: Path, mapping: RowMapping) -> Path:
    """Where the result goes if nobody says: beside the source, named by what it holds."""
    stem = source.name
    for _ in range(2):
        name = Path(stem)
        if name.suffix.lower() in (*FORMATS, *COMPRESSED_SUFFIXES):
            stem = name.stem
    return source.with_name(f"{stem}.{mapping.target.value}.jsonl")


async def import_rows(
    source: Source,
    mapping: RowMapping,
    out: Path | None,
    *,
    replace: bool = False,
    progress: Progress | None = None,
) -> ImportResult:
    """Import a source; cancelling stops the reading, and leaves no file.

    Args:
        source: what to read.
        mapping: what becomes of its rows.
        out: the file to write, or None to count only.
        replace: whether a file that is there may be replaced.
        progress: told now and then, in another thread.

    Raises:
        MappingError: the mapping does not hold together.
        UnreadableFileError: the source cannot be read to its end.
        UsageError: the file cannot be written, or is there already.
    """
    stop = threading.Event()
    work = asyncio.create_task(asyncio.to_thread(convert, source, mapping, out, replace, progress, stop))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait([work])
        if not work.cancelled():
            work.exception()
        raise


def convert(
    source: Source,
    mapping: RowMapping,
    out: Path | None,
    replace: bool,
    progress: Progress | None,
    stop: threading.Event,
) -> ImportResult:
    """Import in this thread; arguments and errors as for `import_rows`."""
    mapper = Mapper(checked(mapping))
    if out is not None and any(out.resolve() == path.resolve() for path in (source.path, *source.files)):
        raise UsageError(f"{out} is what is being read", hint="The input is never written over; choose another name.")
    counts = _Counts()
    reading = source.read()
    try:
        with ExitStack() as stack:
            file = stack.enter_context(NewFile(out, replace=replace)) if out is not None else None
            made = _lines(reading.rows(), mapper, counts, _teller(reading, counts, progress, stop))
            written = 0
            for line in made if mapping.sample is None else drawn(made, mapping.sample, mapping.seed):
                written += 1
                if file is not None:
                    file.write(line)
            if out is not None and not written:
                raise UsageError("No row was left to write", hint=counts.main_reason())
    finally:
        reading.close()
    notes = tuple(dict.fromkeys((*source.notes, *reading.notes)))
    return ImportResult(out, counts.read, counts.made, written, counts.skipped(), notes)


@dataclass(slots=True)
class _Counts:
    """What happened to the rows so far."""

    read: int = 0
    made: int = 0
    reasons: dict[str, tuple[int, list[Place]]] = field(default_factory=dict)

    def skip(self, reason: str, place: Place) -> None:
        """Count a row that became none."""
        if reason not in self.reasons and len(self.reasons) >= _MOST_REASONS:
            reason = OTHER
        count, places = self.reasons.get(reason, (0, []))
        if len(places) < PLACES_KEPT:
            places.append(place)
        self.reasons[reason] = count + 1, places

    def skipped(self) -> tuple[SkipCount, ...]:
        """All reasons, the most frequent first."""
        found = [SkipCount(reason, count, tuple(places)) for reason, (count, places) in self.reasons.items()]
        return tuple(sorted(found, key=lambda skip: -skip.count))

    def main_reason(self) -> str:
        """Why most rows became none."""
        if not self.reasons:
            return "The source has no rows."
        first = self.skipped()[0]
        return f"{first.count:,} of {self.read:,} rows: {first.reason}."


def _lines(
    rows: Iterator[SourceRow | BadRow], mapper: Mapper, counts: _Counts, tell: Callable[[], None]
) -> Iterator[bytes]:
    for row in rows:
        counts.read += 1
        if counts.read % _STEP == 0:
            tell()
        place = Place(row.number, row.file)
        if isinstance(row, BadRow):
            counts.skip(row.reason, place)
            continue
        made = mapper.apply(row.value)
        line = made if isinstance(made, Skipped) else encoded(made)
        if isinstance(line, Skipped):
            counts.skip(line.reason, place)
            continue
        counts.made += 1
        yield line
    tell()


def _teller(reading: Reading, counts: _Counts, progress: Progress | None, stop: threading.Event) -> Callable[[], None]:
    def tell() -> None:
        if stop.is_set():
            raise _StoppedError
        if progress is not None:
            progress(ImportProgress(reading.share, counts.read, counts.made))

    return tell


def drawn(lines: Iterator[bytes], count: int, seed: int) -> Iterator[bytes]:
    """A number of lines drawn at random, in the order they came; the same ones for the same seed."""
    draw = random.Random(seed)  # noqa: S311 - drawing rows is no secret
    # Each line gets a number; those with the smallest numbers stay, in one pass and with only them in memory.
    kept: list[tuple[float, int, bytes]] = []
    for place, line in enumerate(lines):
        number = -draw.random()
        if len(kept) < count:
            heapq.heappush(kept, (number, place, line))
        elif number > kept[0][0]:
            heapq.heapreplace(kept, (number, place, line))
    for _, _, line in sorted(kept, key=lambda entry: entry[1]):
        yield line
