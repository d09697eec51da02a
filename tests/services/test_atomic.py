from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from fttui.services.atomic import write_bytes, write_json
from fttui.services.paths import ensure_private, user_paths


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_private_whatever_the_umask(tmp_path: Path) -> None:
    os.umask(0)
    path = tmp_path / "new" / "deep" / "file"

    write_bytes(path, b"content")

    assert path.read_bytes() == b"content"
    assert (mode(path), mode(path.parent), mode(path.parent.parent)) == (0o600, 0o700, 0o700)


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_bytes(path, b"new")

    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_json_that_no_reader_would_take_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="JSON"):
        write_json(tmp_path / "file", {"loss": float("nan")})

    assert not (tmp_path / "file").exists()


def test_a_folder_that_others_could_enter_is_closed_to_them(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    folder.chmod(0o755)

    assert mode(ensure_private(folder)) == 0o700


def test_the_folders_follow_the_xdg_variables_and_none_is_made(fresh_user: Path) -> None:
    paths = user_paths()

    assert paths.config == fresh_user / ".config" / "fttui"
    assert paths.state == fresh_user / ".local" / "state" / "fttui"
    assert not any(path.exists() for path in (paths.config, paths.state, paths.cache, paths.data))
