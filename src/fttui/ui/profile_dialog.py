"""Asks for a provider: its name, its address, what kind it is, and where its key comes from."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from fttui.domain.profiles.azure import TRAINING_TIERS
from fttui.domain.profiles.checks import profile_problem
from fttui.domain.profiles.kinds import ADDABLE, KIND_WORDS, kind_of_address, usual_key_variable
from fttui.domain.profiles.profile import Dialect, Profile
from fttui.domain.text import safe_line
from fttui.ui.screens.pick import Choice, PickDialog
from fttui.ui.widgets.field import Field
from fttui.ui.widgets.form_field import PickField
from fttui.ui.widgets.tick import Tick

_BY_ADDRESS = "told by the address"
_SERVICES_CHOICE = "the service's own choice"


class ProfileDialog(ModalScreen[Profile | None]):
    """A new profile, or an existing one to change.

    Args:
        profile: the one to change; a new one if absent.
        taken: names that are not free.
    """

    HELP = """
A profile is a provider: any server that speaks the OpenAI protocol, by its base URL. The key may come from a command
(its first line of output), an environment variable, or the key store. Nothing here is secret; do not type a key.

The kind is told by the address of OpenAI, Azure and Nebius; everything else is a compatible server. For Azure the
address of the resource is enough, `https://NAME.openai.azure.com`. An api-version asks for its older style. An Entra
token does as a key: let the key command print one.
"""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel", id="profile.cancel")]

    def __init__(self, profile: Profile | None = None, taken: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self._before = profile
        self._taken = taken
        self._kind = profile.dialect if profile is not None else None
        self._tier = profile.training_tier if profile is not None else ""

    def compose(self) -> ComposeResult:
        known = self._before or Profile("", Dialect.COMPATIBLE)
        with Vertical(classes="dialog -profile") as box:
            box.border_title = Content(safe_line(f"Profile {known.name}") if self._before else "New profile")
            if self._before is None:
                yield Field("Name", id="name", classes="-row", hint="nebius")
            yield Field("Base URL", known.base_url, id="address", classes="-row", hint="https://host/v1")
            yield Field("Key command", shlex.join(known.key_command), id="command", classes="-row", hint="optional")
            yield Field("Key variable", known.key_variable, id="variable", classes="-row", hint="optional")
            yield PickField("kind", "Kind", "What answers there.", placeholder=_BY_ADDRESS)
            yield Field("API version", known.api_version, id="version", classes="-row -azure", hint="older style only")
            tier = PickField("tier", "Training tier", "Where jobs run.", placeholder=_SERVICES_CHOICE)
            tier.add_class("-azure")
            yield tier
            yield Tick("Works without a key", known.key_optional)
            yield Static(Content(""), classes="problem")
            with Horizontal(classes="dialog-buttons"):
                yield Button("Save", variant="primary", id="save")
                yield Button("Cancel", id="cancel")

    def on_mount(self) -> None:
        self._show_kind()
        self.query(Field).first().focus_input()

    @property
    def _dialect(self) -> Dialect:
        return self._kind or kind_of_address(self._value("#address"))

    @on(Field.Changed, "#address")
    def _show_kind(self) -> None:
        """Show what is chosen, or what the address tells, and the fields of Azure for Azure alone."""
        kind = self.query_one("#kind", PickField)
        if self._kind is None:
            kind.show_placeholder(f"{KIND_WORDS[self._dialect]}, by the address")
        else:
            kind.show(KIND_WORDS[self._kind])
        self.query_one("#tier", PickField).show(self._tier)
        self.query(".-azure").set(display=self._dialect is Dialect.AZURE)

    @on(PickField.Opened, "#kind")
    @work(group="profile.choose", exclusive=True)
    async def _choose_kind(self) -> None:
        choices = [Choice(dialect.value, KIND_WORDS[dialect]) for dialect in ADDABLE]
        chosen = await self.app.push_screen_wait(PickDialog("What answers there?", choices, chosen=self._dialect))
        if chosen is not None:
            self._kind = Dialect(chosen)
            self._show_kind()

    @on(PickField.Opened, "#tier")
    @work(group="profile.choose", exclusive=True)
    async def _choose_tier(self) -> None:
        choices = [Choice("", _SERVICES_CHOICE), *(Choice(tier, tier) for tier in TRAINING_TIERS)]
        chosen = await self.app.push_screen_wait(PickDialog("Train where?", choices, chosen=self._tier))
        if chosen is not None:
            self._tier = chosen
            self._show_kind()

    @on(PickField.Emptied)
    def _empty(self, event: PickField.Emptied) -> None:
        if event.field.id == "kind":
            self._kind = None
            event.field.show("")
        else:
            self._tier = ""
        self._show_kind()

    def _typed(self) -> Profile:
        known = self._before or Profile(self._value("#name"), self._dialect)
        address, azure = self._value("#address"), self._dialect is Dialect.AZURE
        variable = self._value("#variable") or (usual_key_variable(address) if self._before is None else "")
        return replace(
            known,
            dialect=self._dialect,
            base_url=address,
            key_command=tuple(shlex.split(self._value("#command"))),
            key_variable=variable,
            key_optional=self.query_one(Tick).value,
            api_version=self._value("#version") if azure else "",
            training_tier=self._tier if azure else "",
            deployments=known.deployments if azure else (),
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
            self.query_one(".dialog > .problem", Static).update(Content(f"✗ {safe_line(problem)}"))
            return
        self.dismiss(profile)

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        """Change nothing."""
        self.dismiss(None)
