"""What prepared files are called: beside the input, after it, and never the name of a file that is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from fttui.services.folder import COMPRESSED_SUFFIXES

WHOLE, TRAIN, VALID = "whole", "train", "valid"


@dataclass(frozen=True, slots=True)
class Names:
    """The data files by what they are for, and the manifest."""

    files: Mapping[str, Path]
    manifest: Path


def stem_of(path: Path) -> str:
    """What the names begin with."""
    plain = path.with_suffix("") if path.suffix.lower() in COMPRESSED_SUFFIXES and path.stem else path
    return f"{plain.stem}_prepared"


def free_names(folder: Path, path: Path, *, split: bool) -> Names:
    """Names that no file has yet: with a number from 2 where those without one are taken."""
    for number in count(1):
        stem = stem_of(path) + (f"_{number}" if number > 1 else "")
        files = {role: folder / f"{stem}_{role}.jsonl" for role in (TRAIN, VALID)} if split else {}
        files = files or {WHOLE: folder / f"{stem}.jsonl"}
        names = Names(files, folder / f"{stem}.manifest.json")
        if not any(target.exists() or target.is_symlink() for target in (*files.values(), names.manifest)):
            return names
    raise AssertionError("numbers do not end")
