"""What lies in a folder, listed piece by piece so that a huge or slow one holds nothing up."""

from __future__ import annotations

import asyncio
import os
import stat
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

from fttui.domain.errors import UnreadableFileError
from fttui.domain.text import safe_line

DATA_SUFFIXES = (
    *(".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".txt", ".text"),
    *(".parquet", ".pq", ".arrow"),
)
COMPRESSED_SUFFIXES = (".gz", ".zst")
OWN_SUFFIXES = (".manifest.json", ".report.json")
"""Of the manifest of a preparation and of a saved report."""
BATCH = 2000
MOST_ENTRIES = 200_000
"""A folder with more entries is listed only so far; the filter then works on what is there."""


def working_folder() -> Path:
    """The folder the program was started in; the home folder where that one was deleted."""
    try:
        return Path.cwd()
    except OSError:
        return Path(os.path.expanduser("~"))  # noqa: PTH111 - Path's own fails without a home


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or folder. `size` is bytes and `changed` unix seconds; both None where the system does not say."""

    path: Path
    is_folder: bool
    size: int | None = None
    changed: float | None = None
    is_regular: bool = True
    """False for pipes, devices and links that lead nowhere."""

    @property
    def name(self) -> str:
        """The last component as the system has it, which may hold anything."""
        return self.path.name

    @property
    def is_hidden(self) -> bool:
        """Whether the name starts with a dot."""
        return self.path.name.startswith(".")

    @property
    def is_data(self) -> bool:
        """Whether this can be training data, going by the name."""
        return not self.is_folder and self.is_regular and is_data_name(self.path.name)


def is_data_name(name: str) -> bool:
    """Whether a file of this name can be training data, compressed or not; what we write beside it cannot."""
    lowered = name.lower()
    if lowered.endswith(OWN_SUFFIXES):
        return False
    for suffix in COMPRESSED_SUFFIXES:
        lowered = lowered.removesuffix(suffix)
    return lowered.endswith(DATA_SUFFIXES)


async def list_folder(folder: Path) -> AsyncIterator[tuple[Entry, ...]]:
    """Yield what is in a folder in batches, in the order the system has it.

    Raises:
        UnreadableFileError: the folder is gone, is no folder, or may not be read.
    """
    entries, reading = await asyncio.to_thread(_opened, folder), threading.Lock()
    try:
        listed = 0
        while listed < MOST_ENTRIES:
            batch = await asyncio.to_thread(_batch, entries, folder, reading)
            if not batch:
                return
            listed += len(batch)
            yield batch
    finally:
        # Whoever leaves in the middle leaves a thread that reads on: closing what it reads crashes the interpreter.
        asyncio.get_running_loop().run_in_executor(None, _close, entries, reading)


async def describe(path: Path) -> Entry | None:
    """One file as an entry, or None where it is gone."""
    try:
        found = await asyncio.to_thread(path.stat)
    except (OSError, ValueError):
        return None
    regular = stat.S_ISREG(found.st_mode)
    return Entry(path, stat.S_ISDIR(found.st_mode), found.st_size, found.st_mtime, regular)


def _opened(folder: Path) -> os._ScandirIterator[str]:
    try:
        return os.scandir(folder)
    except (OSError, ValueError) as error:
        raise _unreadable(folder, error) from error


def _batch(entries: Iterator[os.DirEntry[str]], folder: Path, reading: threading.Lock) -> tuple[Entry, ...]:
    batch: list[Entry] = []
    try:
        with reading:
            for entry in entries:
                batch.append(_entry(entry))
                if len(batch) == BATCH:
                    break
    except OSError as error:
        raise _unreadable(folder, error) from error
    return tuple(batch)


def _close(entries: os._ScandirIterator[str], reading: threading.Lock) -> None:
    with reading:
        entries.close()


def _entry(entry: os.DirEntry[str]) -> Entry:
    path = Path(entry.path)
    try:
        is_folder = entry.is_dir()
        if is_folder:
            return Entry(path, is_folder=True)
        found = entry.stat()
    except OSError:
        # A broken or circular link, or a file that went away while we looked: its name is still worth showing.
        return Entry(path, is_folder=False, is_regular=False)
    regular = stat.S_ISREG(found.st_mode)
    return Entry(path, is_folder=False, size=found.st_size, changed=found.st_mtime, is_regular=regular)


def _unreadable(folder: Path, error: Exception) -> UnreadableFileError:
    shown = safe_line(str(folder))
    match error:
        case FileNotFoundError():
            return UnreadableFileError(f"{shown} is not there any more", hint="Go up one folder and look again.")
        case PermissionError():
            return UnreadableFileError(f"You may not look into {shown}", hint="Its owner can allow it.")
        case NotADirectoryError():
            return UnreadableFileError(f"{shown} is not a folder")
        case _:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            return UnreadableFileError(f"{shown} cannot be listed: {safe_line(reason)}")
