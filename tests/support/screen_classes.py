"""Every screen and widget of the program, and the keys they declare."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

from textual.binding import Binding
from textual.dom import DOMNode

import fttui.ui

UI = Path(fttui.ui.__file__).parent
SOURCES = sorted(UI.rglob("*.py"))


def ui_classes() -> Iterator[type[DOMNode]]:
    for path in SOURCES:
        parts = path.relative_to(UI.parent.parent).with_suffix("").parts
        name = ".".join(parts).removesuffix(".__init__")
        for value in vars(importlib.import_module(name)).values():
            if isinstance(value, type) and issubclass(value, DOMNode) and value.__module__ == name:
                yield value


def own_bindings() -> Iterator[tuple[type[DOMNode], Binding]]:
    for owner in ui_classes():
        for binding in vars(owner).get("BINDINGS", ()):
            assert isinstance(binding, Binding), f"{owner.__name__} declares {binding!r}"
            yield owner, binding
