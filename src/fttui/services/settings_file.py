"""The settings on disk: read as TOML, written as TOML.

A hand-written file keeps its opening comment when the program changes a setting; where other comments
would be lost, the file as it was stays beside it as ``settings.toml.before``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from fttui.domain.errors import SettingsError
from fttui.domain.settings import Settings, read_settings, settings_document
from fttui.domain.text import safe_line
from fttui.services.atomic import write_text

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SIZE_LIMIT = 1 << 20
_WRITABLE_BY_OTHERS = 0o022
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def load_settings(path: Path) -> Settings:
    """Read the settings; a file that does not exist means the usual ones.

    Raises:
        SettingsError: the file cannot be read, is not TOML, or holds something wrong.
    """
    text = _read(path)
    if text is None:
        return Settings()
    try:
        return read_settings(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{_shown(path)} is not TOML: {safe_line(str(error), 200)}") from None
    except SettingsError as error:
        raise SettingsError(f"{error.message} (in {_shown(path)})", hint=error.hint) from None


def save_settings(path: Path, settings: Settings) -> None:
    """Write the settings, whole or not at all.

    Raises:
        SettingsError: the file cannot be written.
    """
    old = _read(path) or ""
    opening = _opening_comment(old)
    try:
        if _has_comments(old.removeprefix(opening)):
            write_text(path.with_name(f"{path.name}.before"), old)
        write_text(path, opening + to_toml(settings_document(settings)))
    except OSError as error:
        raise SettingsError(f"{_shown(path)} cannot be written: {error.strerror}") from error


def to_toml(document: Mapping[str, object]) -> str:
    """Write a document of text, numbers, flags, lists of text and tables as TOML."""
    return "\n".join(_table_lines(document, ())).strip("\n") + "\n"


def _table_lines(table: Mapping[str, object], place: tuple[str, ...]) -> list[str]:
    lines = [f"{_key(name)} = {_value(value)}" for name, value in table.items() if not isinstance(value, Mapping)]
    for name, value in table.items():
        if isinstance(value, Mapping):
            inner = (*place, name)
            if any(not isinstance(entry, Mapping) for entry in value.values()):
                lines += ["", "[" + ".".join(_key(part) for part in inner) + "]"]
            lines += _table_lines(value, inner)
    return lines


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else _quoted(name)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(entry) for entry in value) + "]"
    raise TypeError(f"settings hold no {type(value).__name__}")


def _quoted(text: str) -> str:
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    return f"\\u{ord(character):04x}" if ord(character) < 0x20 or ord(character) == 0x7F else character


def _opening_comment(text: str) -> str:
    lines = text.splitlines(keepends=True)
    count = next((place for place, line in enumerate(lines) if line.strip() and not line.startswith("#")), len(lines))
    return "".join(lines[:count])


def _has_comments(text: str) -> bool:
    return any("#" in line for line in text.splitlines())


def _read(path: Path) -> str | None:
    try:
        status = path.stat()
        if status.st_mode & _WRITABLE_BY_OTHERS:
            raise SettingsError(
                f"{_shown(path)} can be changed by other users", hint=f"chmod 600 {_shown(path)} makes it yours alone."
            )
        if status.st_size > _SIZE_LIMIT:
            raise SettingsError(f"{_shown(path)} is too large for a settings file")
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsError(f"{_shown(path)} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise SettingsError(f"{_shown(path)} is not UTF-8 text") from None


def _shown(path: Path) -> str:
    return safe_line(str(path))
