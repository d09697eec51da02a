"""Files of weights and of training state, written so that a reader sees the old file or the new one, never half."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from fttui.engine.nano.errors import ModelFileError

Header = dict[str, object]
_HEADER = "header"


def write_arrays(path: Path, header: Mapping[str, object], arrays: Mapping[str, npt.NDArray[np.generic]]) -> None:
    """Write arrays and a JSON header as one .npz file, all or nothing: new file, flush to disk, rename.

    Args:
        path: where the file shall be; its folder exists.
        header: JSON values.
        arrays: by name; `header` is taken.

    Raises:
        OSError: the disk did not take it; the former file is untouched.
    """
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    named = {_HEADER: np.frombuffer(json.dumps(header).encode(), dtype=np.uint8), **arrays}
    try:
        with new.open("wb") as file:
            np.savez(file, allow_pickle=False, **named)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read_arrays(path: Path) -> tuple[Header, dict[str, npt.NDArray[np.generic]]]:
    """Read what `write_arrays` wrote; nothing in the file is ever executed.

    Raises:
        ModelFileError: the file is missing, damaged or something else.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        header = json.loads(arrays.pop(_HEADER).tobytes())
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise ModelFileError(f"{path.name} cannot be read: {error}") from error
    if not isinstance(header, dict):
        raise ModelFileError(f"{path.name} has no header")
    return header, arrays
