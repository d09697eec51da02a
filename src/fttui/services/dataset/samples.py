"""The training data that ships with the program, put where a person can open and keep it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from fttui.domain.errors import UsageError
from fttui.services.atomic import write_bytes
from fttui.services.paths import Paths, ensure_private


@dataclass(frozen=True, slots=True)
class Sample:
    """A training file and the validation file that goes with it."""

    training: Path
    validation: Path


def unpack_sample(paths: Paths) -> Sample:
    """Copy the smart-home sample into the data folder; a copy that is there already is left as it is.

    Raises:
        UsageError: the folder cannot be written.
    """
    folder = paths.data / "samples"
    try:
        ensure_private(folder)
        training, validation = (_copied(f"smart-home.{part}.jsonl", folder) for part in ("train", "valid"))
    except OSError as error:
        raise UsageError(f"The sample cannot be written to {folder}: {error.strerror}") from error
    return Sample(training, validation)


def _copied(name: str, folder: Path) -> Path:
    path = folder / name
    if not path.exists():
        write_bytes(path, files("fttui.samples").joinpath(name).read_bytes())
    return path
