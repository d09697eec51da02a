"""Mappings kept by name in the user's data folder, one JSON file each."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from fttui.domain.dataset.mapping.mapping_file import from_object, to_object
from fttui.domain.dataset.mapping.row_mapping import RowMapping
from fttui.domain.errors import MappingError, UnreadableFileError, UsageError
from fttui.services.atomic import write_json
from fttui.services.dataset.opener import open_regular
from fttui.services.paths import Paths, ensure_private

_NAME = re.compile(r"[^\W_](?:[\w .\-]{0,58}\w)?")
_SIZE_LIMIT = 1024 * 1024


class MappingStore:
    """The mappings of a user.

    Args:
        paths: the user's folders.
    """

    def __init__(self, paths: Paths) -> None:
        self._folder = paths.data / "mappings"

    def names(self) -> tuple[str, ...]:
        """What there is, in alphabetical order."""
        try:
            found = [entry.name for entry in os.scandir(self._folder) if entry.name.endswith(".json")]
        except OSError:
            # No folder means that nothing was ever saved.
            return ()
        names = sorted(name.removesuffix(".json") for name in found)
        return tuple(name for name in names if _NAME.fullmatch(name))

    def has(self, name: str) -> bool:
        """Whether there is one of that name."""
        return _NAME.fullmatch(name) is not None and self._path(name).is_file()

    def load(self, name: str) -> RowMapping:
        """The mapping of a name.

        Raises:
            UsageError: there is none of that name, or it cannot be read.
        """
        if not self.has(name):
            raise self._unknown(name)
        return read_mapping(self._path(name))

    def save(self, name: str, mapping: RowMapping) -> Path:
        """Keep a mapping; one of the same name is replaced.

        Raises:
            UsageError: the name cannot be that of a file, or the folder cannot be written.
        """
        check_name(name)
        try:
            ensure_private(self._folder)
            write_json(self._path(name), to_object(mapping))
        except OSError as error:
            raise UsageError(f"The mapping cannot be kept in {self._folder}: {error.strerror or error}") from error
        return self._path(name)

    def delete(self, name: str) -> None:
        """Forget a mapping.

        Raises:
            UsageError: there is none of that name, or it cannot be removed.
        """
        if not self.has(name):
            raise self._unknown(name)
        try:
            self._path(name).unlink(missing_ok=True)
        except OSError as error:
            raise UsageError(f"The mapping {name} cannot be removed: {error.strerror or error}") from error

    def _unknown(self, name: str) -> UsageError:
        known = ", ".join(self.names())
        hint = f"There are: {known}." if known else "None was saved yet; --save NAME keeps one."
        return UsageError(f"There is no mapping called {name}", hint=hint)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"


def check_name(name: str) -> None:
    """Make sure that a mapping may be called so.

    Raises:
        UsageError: it may not.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"A mapping cannot be called {name or 'nothing'}",
            hint="Letters, digits, blanks, dots and dashes; up to 60.",
        )


def read_mapping(path: Path) -> RowMapping:
    """The mapping in a file.

    Raises:
        UnreadableFileError: the file cannot be read.
        MappingError: it holds no mapping.
    """
    descriptor, identity = open_regular(path)
    with os.fdopen(descriptor, "rb") as stream:
        if identity.size > _SIZE_LIMIT:
            raise UnreadableFileError(f"{path} is too large to be a mapping")
        raw = stream.read()
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise MappingError(f"{path} is not JSON: {error}") from error
    try:
        return from_object(value)
    except MappingError as error:
        raise MappingError(f"{path}: {error.message}", hint=error.hint) from error
