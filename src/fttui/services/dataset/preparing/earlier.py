"""Whether the same was done before: a manifest that asks the same of the same input, and files that still are there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from fttui.domain.dataset.preparation.manifest import MANIFEST_VERSION, FileDigest, Output
from fttui.domain.dataset.preparation.plan import Plan
from fttui.domain.errors import UnreadableFileError
from fttui.services.dataset.preparing.names import stem_of
from fttui.services.dataset.preparing.order import Outcome
from fttui.services.dataset.preparing.source import sha256_of

_MANIFEST_LIMIT = 512 * 1024 * 1024


def earlier_outcome(
    plan: Plan, folder: Path, path: Path, source: FileDigest, request: Mapping[str, object]
) -> Outcome | None:
    """What an earlier preparation wrote that asked for the same, if its files still are as they were written."""
    pattern = f"{_literal(stem_of(path))}*.manifest.json"
    for manifest in sorted(folder.glob(pattern)) if folder.is_dir() else ():
        value = _read(manifest)
        if value is None or value.get("request") != request:
            continue
        taken = value.get("input")
        if not isinstance(taken, dict) or taken.get("sha256") != source.sha256:
            continue
        outputs = tuple(_outputs(folder, value.get("outputs")))
        if outputs and all(_is_as_written(file, output) for file, output in outputs):
            return Outcome(plan, outputs, manifest, repeated=True)
    return None


def _literal(text: str) -> str:
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in text)


def _read(manifest: Path) -> Mapping[str, object] | None:
    try:
        if manifest.stat().st_size > _MANIFEST_LIMIT:
            return None
        value = json.loads(manifest.read_bytes())
    except (OSError, ValueError, RecursionError):
        # Not one of ours, or not readable: then this preparation writes files of its own.
        return None
    return value if isinstance(value, dict) and value.get("manifest") == MANIFEST_VERSION else None


def _outputs(folder: Path, entries: object) -> Iterator[tuple[Path, Output]]:
    for entry in entries if isinstance(entries, list) else ():
        match entry:
            case {"role": str(role), "file": str(name), "bytes": int(size), "sha256": str(digest), "rows": int(rows)}:
                yield folder / Path(name).name, Output(role, FileDigest(name, size, digest), rows, ())
            case _:
                return


def _is_as_written(file: Path, output: Output) -> bool:
    try:
        return file.stat().st_size == output.digest.size and sha256_of(file) == output.digest.sha256
    except (OSError, UnreadableFileError):
        return False
