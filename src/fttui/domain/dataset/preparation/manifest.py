"""The record of a preparation: what went in, what came out, and what was done to which line, as plain JSON values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fttui.domain.dataset.preparation.catalogue import FIX_BY_CODE
from fttui.domain.dataset.preparation.fix import Recipe
from fttui.domain.dataset.preparation.sampling import Split

MANIFEST_VERSION = 1


@dataclass(frozen=True, slots=True)
class FileDigest:
    """A file's name, size in bytes and SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Output:
    """A file that was written: what it is for, its digest, and the lines of the input its rows come from, in order."""

    role: str
    digest: FileDigest
    rows: int
    source_lines: Sequence[int]


@dataclass(frozen=True, slots=True)
class Done:
    """What one fix did: to which lines of the input, and its remarks by line where it has any."""

    code: str
    lines: Sequence[int]
    detail: str = ""
    remarks: Mapping[int, str] | None = None


def request_value(
    recipe: Recipe, model: str | None, split: Split | None, against: FileDigest | None
) -> dict[str, object]:
    """Everything besides the input that decides what comes out; the same request on the same input gives the same."""
    made = sorted(recipe.accepted)
    return {
        "fixes": {code: FIX_BY_CODE[code].version for code in made},
        "system_prompt": recipe.system_prompt or None,
        "token_limit": recipe.token_limit,
        "image_limit": recipe.image_limit,
        "model": model,
        "label_ratio": recipe.label_ratio,
        "label_field": recipe.label_field or None,
        "seed": recipe.seed,
        "split": None if split is None else {"amount": split.amount, "by": split.by.value, "seed": split.seed},
        "validation": None if against is None else against.sha256,
    }


def manifest_value(
    program: str,
    made_at: str,
    source: FileDigest,
    lines: int,
    request: Mapping[str, object],
    done: Iterable[Done],
    outputs: Iterable[Output],
) -> dict[str, object]:
    """The whole manifest; lines count from 1, and runs of them are written ``3-7``."""
    return {
        "manifest": MANIFEST_VERSION,
        "program": program,
        "made_at": made_at,
        "input": {**_digest(source), "lines": lines},
        "request": dict(request),
        "done": [_done(entry) for entry in done],
        "outputs": [
            {
                "role": output.role,
                **_digest(output.digest),
                "rows": output.rows,
                "input_lines": ranges(output.source_lines),
            }
            for output in outputs
        ],
    }


def _digest(digest: FileDigest) -> dict[str, object]:
    return {"file": digest.name, "bytes": digest.size, "sha256": digest.sha256}


def _done(done: Done) -> dict[str, object]:
    fix = FIX_BY_CODE[done.code]
    value: dict[str, object] = {
        "code": done.code,
        "version": fix.version,
        "effect": fix.effect.value,
        "rows": len(done.lines),
        "lines": ranges(done.lines),
    }
    if done.detail:
        value["text"] = done.detail
    if done.remarks:
        value["remarks"] = {str(line): remark for line, remark in done.remarks.items()}
    return value


def ranges(lines: Sequence[int]) -> str:
    """Ascending numbers in short: ``1-4,7,9-10``."""
    pieces: list[str] = []
    start = before = -1
    for line in lines:
        if line != before + 1 or start < 0:
            if start >= 0:
                pieces.append(_run(start, before))
            start = line
        before = line
    if start >= 0:
        pieces.append(_run(start, before))
    return ",".join(pieces)


def _run(start: int, end: int) -> str:
    return str(start) if start == end else f"{start}-{end}"
