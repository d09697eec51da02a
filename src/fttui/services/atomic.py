"""Files that are written whole or not at all, for this user's eyes only."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from fttui.services.paths import ensure_private

PRIVATE = 0o600


def write_bytes(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Put content in place: a new file beside the old one, on disk before it takes the old one's name.

    A link is followed, so that settings kept elsewhere stay where they are. The folder is made when missing.

    Args:
        path: where to.
        data: the whole content.
        durable: wait for the disk, so that it outlives a power cut.

    Raises:
        OSError: the disk or the folder refuses; the old file is as it was.
    """
    target = path.resolve()
    if not target.parent.exists():
        ensure_private(target.parent)
    waiting = target.with_name(f".{target.name}.{secrets.token_hex(4)}.new")
    descriptor = os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, PRIVATE)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            if durable:
                stream.flush()
                os.fsync(stream.fileno())
        waiting.replace(target)
    except BaseException:
        waiting.unlink(missing_ok=True)
        raise
    if durable:
        _sync_folder(target.parent)


def write_text(path: Path, text: str, *, durable: bool = True) -> None:
    """Put UTF-8 text in place, whole or not at all; arguments as for `write_bytes`."""
    write_bytes(path, text.encode(), durable=durable)


def write_json(path: Path, value: object) -> None:
    """Put a value in place as indented JSON, whole or not at all."""
    write_text(path, json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n")


def keep_aside(path: Path) -> Path:
    """Move a file that cannot be read out of the way, beside its old place; return where it went."""
    aside = path.with_name(f"{path.name}.unreadable-{secrets.token_hex(4)}")
    path.rename(aside)
    return aside


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
