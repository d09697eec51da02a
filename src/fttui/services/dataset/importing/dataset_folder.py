"""Folders that hold a data set the Hugging Face way: files named by split, perhaps with a description."""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from fttui.domain.dataset.mapping.described import described
from fttui.domain.dataset.mapping.proposal import Proposal
from fttui.domain.errors import UnreadableFileError
from fttui.services.dataset.opener import open_regular
from fttui.services.folder import COMPRESSED_SUFFIXES

SUFFIXES = (".parquet", ".arrow", ".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".txt", ".xlsx")
"""Which files count, the ones to prefer first."""
_DESCRIPTIONS = {"dataset_info.json", "dataset_infos.json", "dataset_dict.json", "state.json", "package.json"}
_SPLIT = re.compile(
    r"(?:^|[^a-z])(train|training|test|testing|valid|validation|val|dev|eval|evaluation)(?=[^a-z]|$)", re.IGNORECASE
)
_SAME = {"training": "train", "testing": "test", "valid": "validation", "val": "validation", "dev": "validation"}
_DEPTH = 3
_MOST_FILES = 20_000
_DESCRIPTION_LIMIT = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class FolderChoice:
    """The files to read, in order, what is worth knowing, and the mapping where one is described."""

    files: tuple[Path, ...]
    notes: tuple[str, ...] = ()
    described: Proposal | None = None


def choose_files(folder: Path, split: str | None = None) -> FolderChoice:
    """Find the files of one split.

    Args:
        folder: the folder.
        split: its name; ``train`` if absent, or the only one there is.

    Raises:
        UnreadableFileError: there are no data in it, or no such split.
    """
    if entries := _entries(folder):
        return _described(folder, entries, split)
    splits = splits_of(folder)
    if not splits:
        raise UnreadableFileError(
            f"There are no data files in {folder}",
            hint=f"Looked for {', '.join(SUFFIXES)} up to {_DEPTH} folders deep.",
        )
    names = ", ".join(splits)
    wanted = split or ("train" if "train" in splits else next(iter(splits)) if len(splits) == 1 else None)
    if wanted is None or wanted not in splits:
        what = f"no split {split}" if split else "several splits and none called train"
        raise UnreadableFileError(f"{folder} has {what}", hint=f"Say which one to read (--split): {names}.")
    others = [name for name in splits if name != wanted]
    notes = [f"the split {wanted} is read; there are also {', '.join(others)}"] if others else []
    return FolderChoice(splits[wanted], tuple(notes))


def split_names(folder: Path) -> tuple[str, ...]:
    """What can be read of a folder: its splits, or the data sets that are described in it.

    Raises:
        UnreadableFileError: it cannot be listed.
    """
    return tuple(_entries(folder)) or tuple(splits_of(folder))


def splits_of(folder: Path) -> dict[str, tuple[Path, ...]]:
    """The files of each split of a folder, by the split's name; with its folder where several folders have it."""
    found: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for path in _data_files(folder):
        inside = path.relative_to(folder)
        named = _SPLIT.findall(inside.name) or _SPLIT.findall(inside.parent.as_posix())
        split = named[0].lower() if named else "train"
        place = inside.parent.as_posix()
        # A folder named like the split, or just `data`, tells nothing more.
        place = "" if place in (".", "data") or _SPLIT.fullmatch(inside.parent.name) else place.removeprefix("data/")
        found[_SAME.get(split, split), place].append(path)
    several = len({place for _, place in found}) > 1
    return {
        f"{place}/{split}" if several and place else split: _of_one_kind(files)
        for (split, place), files in sorted(found.items())
    }


def _of_one_kind(files: list[Path]) -> tuple[Path, ...]:
    kinds = {path: _suffix(path.name) for path in files}
    best = min(kinds.values(), key=SUFFIXES.index)
    return tuple(sorted(path for path in files if kinds[path] == best))


def _suffix(name: str) -> str:
    lowered = name.lower()
    for packed in COMPRESSED_SUFFIXES:
        lowered = lowered.removesuffix(packed)
    return next((suffix for suffix in SUFFIXES if lowered.endswith(suffix)), "")


def _data_files(folder: Path, depth: int = 0) -> Iterator[Path]:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(
                (entry for entry, _ in zip(listing, range(_MOST_FILES), strict=False)), key=lambda it: it.name
            )
    except OSError as error:
        if depth:
            return
        raise UnreadableFileError(f"{folder}: {error.strerror or error}") from error
    for entry in entries:
        if entry.name.startswith((".", "_")):
            continue
        if entry.is_dir(follow_symlinks=False):
            if depth < _DEPTH:
                yield from _data_files(Path(entry.path), depth + 1)
        elif _suffix(entry.name) and entry.name not in _DESCRIPTIONS:
            yield Path(entry.path)


def _description(folder: Path) -> Mapping[str, object]:
    path = folder / "dataset_info.json"
    if not path.exists():
        return {}
    descriptor, identity = open_regular(path)
    with os.fdopen(descriptor, "rb") as stream:
        raw = stream.read(min(identity.size, _DESCRIPTION_LIMIT))
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _entries(folder: Path) -> Mapping[str, Mapping[str, object]]:
    """The data sets that a folder describes, as LLaMA-Factory has them."""
    described = _description(folder).items()
    return {name: entry for name, entry in described if isinstance(entry, dict) and "file_name" in entry}


def _described(folder: Path, entries: Mapping[str, Mapping[str, object]], split: str | None) -> FolderChoice:
    there = {}
    for name, entry in entries.items():
        path = folder / str(entry["file_name"])
        # A description may name any path; only files of this folder are meant.
        if path.resolve().is_relative_to(folder.resolve()) and path.is_file():
            there[name] = path
    wanted = split or (next(iter(there)) if len(there) == 1 else None)
    if wanted is None or wanted not in there:
        what = f"no data set {split}" if split else f"{len(there)} data sets described in dataset_info.json"
        raise UnreadableFileError(
            f"{folder} has {what}", hint=f"Say which one to read (--split): {', '.join(there) or 'none is there'}."
        )
    return FolderChoice((there[wanted],), (), described(wanted, entries[wanted]))
