from __future__ import annotations

import os
import stat
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fttui.domain.errors import SettingsError
from fttui.domain.profiles.profile import Dialect, Profile
from fttui.domain.settings import Settings
from fttui.services.settings_file import load_settings, save_settings, to_toml

CHANGED = Settings(theme="nord", keymap={"job.cancel": "x"}).with_profile(
    Profile("work", Dialect.COMPATIBLE, "https://llm.example.org/v1", ("pass", 'show "it"'))
)


def test_no_file_means_the_usual_settings(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none" / "settings.toml") == Settings()
    assert not (tmp_path / "none").exists()


def test_settings_are_read_as_they_were_saved_and_are_private(tmp_path: Path) -> None:
    path = tmp_path / "fttui" / "settings.toml"
    os.umask(0)

    save_settings(path, CHANGED)

    assert load_settings(path) == CHANGED
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert os.listdir(path.parent) == ["settings.toml"]  # noqa: PTH208 - the bare names


def test_the_opening_comment_stays_and_a_file_with_other_comments_is_kept_beside(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('# mine\n\ntheme = "nord" # dark\n', "utf-8")
    path.chmod(0o600)

    save_settings(path, replace(load_settings(path), theme="gruvbox"))

    assert path.read_text("utf-8") == '# mine\n\ntheme = "gruvbox"\n'
    assert path.with_name("settings.toml.before").read_text("utf-8") == '# mine\n\ntheme = "nord" # dark\n'


def test_a_link_to_settings_kept_elsewhere_stays_a_link(tmp_path: Path) -> None:
    kept = tmp_path / "dotfiles.toml"
    kept.touch(0o600)
    link = tmp_path / "settings.toml"
    link.symlink_to(kept)

    save_settings(link, CHANGED)

    assert link.is_symlink()
    assert load_settings(kept) == CHANGED


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"theme = ", "is not TOML", id="not TOML"),
        pytest.param(b"theme = '\xff'", "is not UTF-8", id="not UTF-8"),
        pytest.param(b"thme = 'x'", r"Unknown setting thme \(in .*settings.toml\)", id="unknown key"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_left_as_it_is(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(content)
    path.chmod(0o600)

    with pytest.raises(SettingsError, match=message):
        load_settings(path)

    assert path.read_bytes() == content


def test_settings_that_others_can_change_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.touch()
    path.chmod(0o666)

    with pytest.raises(SettingsError, match="can be changed by other users"):
        load_settings(path)


values = st.recursive(
    st.one_of(st.text(st.characters(codec="utf-8")), st.booleans(), st.integers(-(2**62), 2**62)),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)
tables = st.recursive(
    st.dictionaries(st.text(st.characters(codec="utf-8")), values, max_size=3),
    lambda inner: st.dictionaries(st.text(st.characters(codec="utf-8")), st.one_of(values, inner)),
    max_leaves=8,
)


@given(tables)
def test_whatever_is_written_reads_back_the_same(document: dict[str, object]) -> None:
    def without_empty(table: dict[str, object]) -> dict[str, object]:
        inner = {key: without_empty(value) if isinstance(value, dict) else value for key, value in table.items()}
        return {key: value for key, value in inner.items() if value != {}}

    assert tomllib.loads(to_toml(without_empty(document))) == without_empty(document)
