"""Asks for a provider: its name, its address, and where its key comes from."""

from __future__ import annotations

import shlex
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from fttui.domain.profiles.checks import profile_problem
from fttui.domain.profiles.profile import Dialect, Profile
from fttui.domain.text import safe_line
from fttui.ui.widgets.field import Field
from fttui.ui.widgets.tick import Tick


class ProfileDialog(ModalScreen[Profile | None]):
    """A new profile, or an existing one to change.

    Args:
        profile: the one to change; a new one if absent.
        taken: names that are not free.
    """

    HELP = """
A profile is a provider: any server that speaks the OpenAI protocol, by its base URL. The key may come from a command
(its first line of output), an environment variable, or the key store. Nothing here is secret; do not type a key.
"""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel", id="profile.cancel")]

    def __init__(self, profile: Profile | None = None, taken: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self._before = profile
        self._taken = taken

    def compose(self) -> ComposeResult:
        known = self._before or Profile("", Dialect.COMPATIBLE)
        with Vertical(classes="dialog -profile") as box:
            box.border_title = Content(safe_line(f"Profile {known.name}") if self._before else "New profile")
            if self._before is None:
                yield Field("Name", id="name", classes="-row", hint="nebius")
            yield Field("Base URL", known.base_url, id="address", classes="-row", hint="https://host/v1")
            yield Field("Key command", shlex.join(known.key_command), id="command", classes="-row", hint="optional")
            yield Field("Key variable", known.key_variable, id="variable", classes="-row", hint="optional")
            yield Tick("Works without a key", known.key_optional)
            yield Static(Content(""), classes="problem")
            with Horizontal(classes="dialog-buttons"):
                yield Button("Save", variant="primary", id="save")
                yield Button("Cancel", id="cancel")

    def on_mount(self) -> None:
        self.query(Field).first().focus_input()

    def _typed(self) -> Profile:
        known = self._before or Profile(self._value("#name"), Dialect.COMPATIBLE)
        return Profile(
            known.name,
            known.dialect,
            self._value("#address"),
            tuple(shlex.split(self._value("#command"))),
            self._value("#variable"),
            self.query_one(Tick).value,
        )

    def _value(self, selector: str) -> str:
        return self.query_one(selector, Field).value.strip()

    @on(Field.Submitted)
    @on(Button.Pressed, "#save")
    def accept(self) -> None:
        """Hand over the profile, if it holds together."""
        try:
            profile = self._typed()
            problem = profile_problem(profile)
        except ValueError:
            profile, problem = None, "The key command has a quote that is not closed"
        if profile is not None and self._before is None and profile.name in self._taken:
            problem = f"There is a profile {profile.name} already"
        if problem or profile is None:
            self.query_one(".problem", Static).update(Content(f"✗ {safe_line(problem)}"))
            return
        self.dismiss(profile)

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        """Change nothing."""
        self.dismiss(None)
