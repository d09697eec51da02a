"""The command palette: one provider over the keys and the command list of the screen it is opened on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Protocol, runtime_checkable

from textual.actions import parse
from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.dom import DOMNode
from textual.screen import Screen


@dataclass(frozen=True, slots=True)
class Command:
    """A palette entry: ``Noun: Verb object``, one sentence of help, what to call."""

    title: str
    help: str
    run: Callable[[], object]


@runtime_checkable
class HasCommands(Protocol):
    """A screen, or the app, with palette entries of its own."""

    def commands(self) -> Iterator[Command]:
        """The entries."""
        ...


def declared_bindings(node_type: type) -> Iterator[Binding]:
    """The bindings under an id that a class and its bases declare, nearest class first."""
    seen: set[str] = set()
    for owner in node_type.__mro__:
        for binding in Binding.make_bindings(vars(owner).get("BINDINGS", ())):
            if binding.id is not None and binding.description and binding.id not in seen:
                seen.add(binding.id)
                yield binding


def commands_of(screen: Screen[object]) -> Iterator[Command]:
    """Everything that can be done now: what the screen offers, then what has the focus, then the app."""
    focused = screen.focused
    within = (
        [] if focused is None else [node for node in focused.ancestors_with_self if node not in (screen, screen.app)]
    )
    titles: set[str] = set()
    moves: list[Command] = []
    for node in (screen, *within, screen.app):
        for command in node.commands() if isinstance(node, HasCommands) else ():
            titles.add(command.title)
            yield command
        for binding in declared_bindings(type(node)):
            command = _from_binding(node, binding)
            if command.title in titles or not _is_possible(node, binding):
                continue
            titles.add(command.title)
            if (binding.id or "").partition(".")[0] in _MOVES:
                moves.append(command)
            else:
                yield command
    yield from moves


_MOVES = ("list", "place")
"""Nouns of ids that move about in a list or between places: last in the palette."""


def _is_possible(node: DOMNode, binding: Binding) -> bool:
    _, name, parameters = parse(binding.action)
    return bool(node.check_action(name, parameters))


def _from_binding(node: DOMNode, binding: Binding) -> Command:
    noun = (binding.id or "").partition(".")[0].replace("_", " ").capitalize()
    key = node.app.get_key_display(binding)
    explained = f"{binding.tooltip} [{key}]" if binding.tooltip else f"Key {key}"
    return Command(f"{noun}: {binding.description}", explained, partial(node.app.run_action, binding.action, node))


class CommandProvider(Provider):
    """Finds commands for the palette."""

    async def discover(self) -> Hits:
        """All commands, in the order of nearness."""
        for command in commands_of(self.screen):
            yield DiscoveryHit(command.title, command.run, help=command.help)

    async def search(self, query: str) -> Hits:
        """The commands that match what was typed."""
        matcher = self.matcher(query)
        for command in commands_of(self.screen):
            if (score := matcher.match(command.title)) > 0:
                yield Hit(score, matcher.highlight(command.title), command.run, text=command.title, help=command.help)
