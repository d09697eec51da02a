"""Tables of facts that ship with the program: read as code is, from the package and nowhere else."""

from __future__ import annotations

import pkgutil
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date


def shipped_table(package: str, name: str) -> Mapping[str, object]:
    """The decoded table beside a package's modules.

    Args:
        package: the dotted name of the package.
        name: the file, such as ``prices.toml``.

    Raises:
        FileNotFoundError: the program was installed without it.
    """
    content = pkgutil.get_data(package, name)
    if content is None:
        raise FileNotFoundError(f"{package} has no {name}")
    return tomllib.loads(content.decode("utf-8"))


def day_of(table: Mapping[str, object], key: str) -> date | None:
    """A day that stands in a table, None where it does not."""
    value = table.get(key)
    return value if isinstance(value, date) else None


def names_of(table: Mapping[str, object], key: str = "names") -> tuple[str, ...]:
    """A list of names that stands in a table."""
    value = table.get(key, ())
    return tuple(name for name in value if isinstance(name, str)) if isinstance(value, Sequence) else ()


def number_of(table: Mapping[str, object], key: str) -> float | None:
    """A number that stands in a table, None where it does not."""
    value = table.get(key)
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def tables_of(table: Mapping[str, object], key: str) -> Sequence[Mapping[str, object]]:
    """The tables in a list of tables."""
    value = table.get(key, ())
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, Sequence) else []
