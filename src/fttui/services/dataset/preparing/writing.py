"""Writes what a preparation comes to: new files beside the input, all of them or none, and a manifest."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from array import array
from collections import defaultdict
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from fttui import __version__
from fttui.domain.dataset.preparation.catalogue import FIXES
from fttui.domain.dataset.preparation.manifest import (
    Done,
    FileDigest,
    Output,
    manifest_value,
    request_value,
)
from fttui.domain.dataset.preparation.mender import MendedRow
from fttui.domain.dataset.preparation.plan import Plan
from fttui.domain.errors import UsageError
from fttui.services.dataset.preparing.earlier import earlier_outcome
from fttui.services.dataset.preparing.names import TRAIN, VALID, WHOLE, free_names
from fttui.services.dataset.preparing.order import Order, Outcome
from fttui.services.dataset.preparing.parting import validation_lines
from fttui.services.dataset.preparing.pipeline import Pipeline
from fttui.services.dataset.preparing.source import SourceLine, Tick, sha256_of
from fttui.services.dataset.preparing.survey import check_unchanged, plan_of, surveyed
from fttui.services.dataset.preparing.unpacking import unpacked


@dataclass(slots=True)
class _Part:
    """A file in the making."""

    role: str
    stream: IO[bytes]
    waiting: Path
    target: Path
    rows: int = 0
    size: int = 0
    lines: array[int] = field(default_factory=lambda: array("L"))
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    def write(self, number: int, row: bytes) -> None:
        """Add a row."""
        self.stream.write(row)
        self.stream.write(b"\n")
        self.digest.update(row)
        self.digest.update(b"\n")
        self.rows += 1
        self.size += len(row) + 1
        self.lines.append(number)

    @property
    def output(self) -> Output:
        """What was written."""
        digest = FileDigest(self.target.name, self.size, self.digest.hexdigest())
        return Output(self.role, digest, self.rows, self.lines)


def prepare(order: Order, tick: Tick | None = None, token: str = "") -> Outcome:
    """Go through a file and write what comes out; where nothing changes and nothing is split, nothing is written.

    Args:
        order: the file and what to do.
        tick: told how far the work is, pass by pass.
        token: marks files that are not finished, so that whoever ends this process can find them.

    Raises:
        UnreadableFileError: a file cannot be read, or changed while it was.
        UsageError: no row would be left in a file, or the files cannot be written.
    """
    with unpacked(order, tick) as order:
        return _prepared(order, tick, token or secrets.token_hex(4))


def _prepared(order: Order, tick: Tick | None, token: str) -> Outcome:
    pipeline = surveyed(order, tick)
    plan = plan_of(pipeline)
    if not plan.changes and order.split is None:
        return Outcome(plan)
    source = FileDigest(order.path.name, pipeline.source.identity.size, pipeline.source.sha256())
    against = None
    if order.against is not None:
        against = FileDigest(order.against.name, order.against.stat().st_size, sha256_of(order.against))
    request = request_value(order.full_recipe, order.model, order.split, against)
    folder = order.folder or order.path.parent
    done_before = earlier_outcome(plan, folder, order.path, source, request)
    if done_before is not None:
        return done_before
    if not plan.kept:
        raise UsageError("No row would be left", hint="Decline some of the fixes that drop rows.")
    try:
        return _write(order, pipeline, plan, source, request, tick, token)
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror or error}") from error


def _write(
    order: Order,
    pipeline: Pipeline,
    plan: Plan,
    source: FileDigest,
    request: dict[str, object],
    tick: Tick | None,
    token: str,
) -> Outcome:
    folder = order.folder or order.path.parent
    folder.mkdir(parents=True, exist_ok=True)
    names = free_names(folder, order.path, split=order.split is not None)
    roles = (TRAIN, VALID) if order.split is not None else (WHOLE,)
    with ExitStack() as undo:
        parts = {role: _begin(undo, role, names.files[role], token, pipeline.source.mode) for role in roles}
        undone = [entry.fix.code for entry in plan.undone]
        done = _fill(parts, pipeline, validation_lines(pipeline, order.split, undone), tick)
        check_unchanged(pipeline.source)
        outputs = tuple((part.target, part.output) for part in parts.values())
        last = pipeline.source_lines
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        value = manifest_value(
            f"fttui {__version__}", made_at, source, last, request, done, [output for _, output in outputs]
        )
        manifest = _begin(undo, "manifest", names.manifest, token, pipeline.source.mode)
        manifest.stream.write(json.dumps(value, ensure_ascii=False, indent=1).encode())
        for part in (*parts.values(), manifest):
            part.stream.flush()
            os.fsync(part.stream.fileno())
            part.stream.close()
        _put_in_place([*parts.values(), manifest])
        undo.pop_all()
    return Outcome(plan, outputs, names.manifest)


def _begin(undo: ExitStack, role: str, target: Path, token: str, mode: int) -> _Part:
    waiting = target.with_name(f".{target.name}.{token}.new")
    descriptor = os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    undo.callback(waiting.unlink, missing_ok=True)
    os.fchmod(descriptor, mode | 0o600)
    stream = undo.enter_context(os.fdopen(descriptor, "wb"))
    return _Part(role, stream, waiting, target)


def _put_in_place(parts: list[_Part]) -> None:
    """Give the files their names; what cannot be done for one is undone for all."""
    placed: list[Path] = []
    try:
        for part in parts:
            _name(part)
            placed.append(part.target)
    except BaseException:
        for target in placed:
            with suppress(OSError):
                target.unlink()
        raise
    for part in parts:
        part.waiting.unlink(missing_ok=True)


def _name(part: _Part) -> None:
    try:
        # A link, unlike a renaming, never takes the place of a file that came in between.
        os.link(part.waiting, part.target)
    except FileExistsError:
        raise
    except OSError:
        # Some file systems have no links.
        part.waiting.rename(part.target)


def _fill(parts: dict[str, _Part], pipeline: Pipeline, validation: frozenset[int], tick: Tick | None) -> list[Done]:
    touched: defaultdict[str, array[int]] = defaultdict(lambda: array("L"))
    accepted, ledger = pipeline.recipe.accepted, pipeline.ledger
    training = parts.get(WHOLE) or parts[TRAIN]
    for line, row, why in pipeline.fates(tick):
        made = {hit.code for hit in row.hits if hit.code in accepted and hit.after is not None}
        for code in made | {why} if why else made:
            touched[code].append(line.number)
        if not why:
            part = parts[VALID] if line.number in validation else training
            part.write(line.number, _bytes_of(line, row))
    return [
        Done(fix.code, touched[fix.code], ledger.details.get(fix.code, ""), ledger.remarks.get(fix.code))
        for fix in FIXES
        if fix.code in touched
    ]


def _bytes_of(line: SourceLine, row: MendedRow) -> bytes:
    if row.as_it_stood or row.value is None:
        return line.raw or b""
    return json.dumps(row.value, ensure_ascii=False).encode("utf-8", "replace")
