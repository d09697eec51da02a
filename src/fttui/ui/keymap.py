"""Keys of the user's own: what in them names no action of the program, or no key."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
import unicodedata
from collections.abc import Iterator, Mapping

from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import Keys

import fttui.ui
from fttui.domain.text import safe_line

_NAMED_KEYS = frozenset(key.value for key in Keys)
_MODIFIERS = ("ctrl+", "shift+", "alt+", "meta+", "super+", "hyper+")


def faults(keymap: Mapping[str, str]) -> tuple[str, ...]:
    """Say in words what in a keymap does nothing; imports every screen, so it belongs away from the event loop.

    Args:
        keymap: ids of actions with the keys that they are to have, commas between several.
    """
    known = frozenset(_action_ids())
    found = [_unknown_action(action, known) for action in keymap if action not in known]
    found += [
        f"There is no key {safe_line(key, 30)}, meant for {action}"
        for action, keys in keymap.items()
        for key in keys.split(",")
        if action in known and not _is_key(key.strip())
    ]
    return tuple(found)


def _unknown_action(action: str, known: frozenset[str]) -> str:
    near = difflib.get_close_matches(action, known, n=1)
    return f"There is no action {safe_line(action, 60)} to give a key to" + (
        f"; did you mean {near[0]}?" if near else ""
    )


def _action_ids() -> Iterator[str]:
    for module in pkgutil.walk_packages(fttui.ui.__path__, "fttui.ui."):
        importlib.import_module(module.name)
    waiting: list[type[DOMNode]] = [DOMNode]
    while waiting:
        node = waiting.pop()
        waiting += node.__subclasses__()
        for binding in vars(node).get("BINDINGS", ()):
            if isinstance(binding, Binding) and binding.id:
                yield binding.id


def _is_key(key: str) -> bool:
    name = key
    while name.startswith(_MODIFIERS):
        name = name.partition("+")[2]
    if len(name) == 1 or key in _NAMED_KEYS or name in _NAMED_KEYS:
        return True
    try:
        unicodedata.lookup(name.replace("_", " ").upper())
    except KeyError:
        return False
    return True
