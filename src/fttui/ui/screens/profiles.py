"""Profiles & keys: who to talk to, with which key, and whether that works."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from fttui.domain.errors import FttuiError, NotFoundError
from fttui.domain.profiles.probed import Finding
from fttui.domain.profiles.profile import BUILT_IN, Credential, Dialect, Profile
from fttui.domain.profiles.states import KeyStoreState
from fttui.ui import present
from fttui.ui.dialogs import ConfirmDialog
from fttui.ui.place import Place, PlaceScreen
from fttui.ui.profile_facts import facts, store_words
from fttui.ui.widgets.line_list import LineList
from fttui.ui.widgets.profile_list import ProfileList


class ProfilesScreen(PlaceScreen):
    """All profiles, and everything about the one under the cursor."""

    PLACE = Place.PROFILES
    CSS_PATH = "../styles/profiles.tcss"
    HELP = """
A profile is a provider: the embedded engine on this computer, OpenAI, Azure / Foundry, Nebius, or any server that
speaks the same protocol, those that only chat included.

`enter` uses the profile under the cursor for everything from now on. Its key is looked for in this order: the profile's
key command, its environment variable, the key store of the system, this session. A key is never shown, only its last
four characters; `t` asks the provider whether it takes it, and what it can do: questions that change and cost nothing.
`tab` goes to what is told below the list, and the arrow keys move it.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "set_key", "Set key", id="profiles.set-key"),
        Binding("t", "test", "Test", id="profiles.test"),
        Binding("n", "add", "New", id="profiles.add"),
        Binding("e", "edit", "Edit", id="profiles.edit"),
        Binding("x", "delete_key", "Delete key", show=False, id="profiles.delete-key"),
        Binding("d", "delete", "Delete profile", show=False, id="profiles.delete"),
        Binding("u", "unlock", "Unlock key store", show=False, id="profiles.unlock"),
        Binding("y", "copy", "Copy address", show=False, id="profiles.copy"),
        Binding("r", "look_again", "Look for keys again", show=False, id="profiles.look-again"),
    ]

    list = getters.query_one("#profiles", ProfileList)

    def __init__(self) -> None:
        super().__init__()
        self._credentials: dict[str, Credential] = {}
        self._tests: dict[str, str] = {}
        self._store: KeyStoreState | None = None
        self._store_trouble = ""

    def compose_body(self) -> ComposeResult:
        yield Static(Content(""), id="store")
        yield ProfileList(id="profiles")
        with VerticalScroll(id="facts"):
            yield Static(Content(""))

    def on_mount(self) -> None:
        self.list.focus()
        self.watch(self.app, "profile_name", self._draw_anew)
        self.look()

    def _draw_anew(self, _: str) -> None:
        self._draw()

    @property
    def _profiles(self) -> tuple[Profile, ...]:
        services = self.app.services
        return tuple(services.profile(profile.name) for profile in services.settings.profiles)

    @work(group="profiles.look", exclusive=True)
    async def look(self) -> None:
        """Find out how the key store is, then the key of each profile."""
        self._draw()
        try:
            self._store, self._store_trouble = await self.app.services.keys.state(), ""
        except FttuiError as error:
            self._store_trouble = error.message
        self._draw()
        for profile in self._profiles:
            self._credentials[profile.name] = await self.app.services.keys.find(profile)
            self._draw()

    def _draw(self) -> None:
        self.list.show(self._profiles, self.app.profile_name, self._credentials)
        self.query_one("#store", Static).update(store_words(self._store, self._store_trouble))
        self._draw_facts()
        self.refresh_bindings()

    @on(LineList.Highlighted)
    def _draw_facts(self) -> None:
        profile = self.list.chosen
        if profile is not None:
            credential, test = self._credentials.get(profile.name), self._tests.get(profile.name, "")
            pane = self.query_one("#facts Static", Static)
            can = self.app.services.capabilities(profile.name)
            pane.update(facts(profile, can, credential, test, self.size.width - 3))
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what makes no sense for the profile under the cursor."""
        profile = self.list.chosen if self.is_mounted else None
        if profile is None:
            return True
        is_engine = profile.dialect is Dialect.ENGINE
        if action in ("set_key", "delete_key", "edit", "copy") and is_engine:
            return None
        if action == "delete" and profile in BUILT_IN:
            return None
        if action == "unlock":
            return True if self._store is not None and self._store.locked else None
        return True

    # What keys do

    @on(LineList.Chosen)
    @work(group="profiles.change", exclusive=True)
    async def action_use(self) -> None:
        """Use the profile under the cursor from now on."""
        profile = self.list.chosen
        if profile is None or not await self.app.change_settings(
            lambda settings: replace(settings, profile=profile.name)
        ):
            return
        self.app.profile_name = profile.name
        self.app.say(f"Everything now goes to {profile.name}")

    @work(group="profiles.change", exclusive=True)
    async def action_add(self) -> None:
        """Add a provider."""
        from fttui.ui.profile_dialog import ProfileDialog

        taken = frozenset(profile.name for profile in self._profiles)
        profile = await self.app.push_screen_wait(ProfileDialog(taken=taken))
        if profile is not None and await self.app.change_settings(lambda settings: settings.with_profile(profile)):
            self.list.show(self._profiles, self.app.profile_name, self._credentials)
            self.list.go_to(len(self._profiles) - 1)
            self.look()

    @work(group="profiles.change", exclusive=True)
    async def action_edit(self) -> None:
        """Change the provider under the cursor."""
        from fttui.ui.profile_dialog import ProfileDialog

        before = self.list.chosen
        if before is None:
            return
        profile = await self.app.push_screen_wait(ProfileDialog(before))
        if profile is None or profile == before:
            return
        if await self.app.change_settings(lambda settings: settings.with_profile(profile)):
            self._forget(profile.name)

    @work(group="profiles.change", exclusive=True)
    async def action_delete(self) -> None:
        """Remove the provider under the cursor from the list; its stored key stays until it is deleted."""
        profile = self.list.chosen
        if profile is None:
            return
        question = ConfirmDialog(
            f"Remove profile {profile.name}?",
            f"{profile.base_url}\n\nJobs in the journal stay. A key in the key store stays as well; delete it first"
            " with x if it is not wanted any more.",
            "Remove",
            danger=True,
        )
        if await self.app.push_screen_wait(question) and await self.app.change_settings(
            lambda settings: settings.without_profile(profile.name)
        ):
            self.app.profile_name = self.app.services.profile().name
            self._forget(profile.name)

    @work(group="profiles.change", exclusive=True)
    async def action_set_key(self) -> None:
        """Take a key for the profile under the cursor."""
        from fttui.ui.key_dialog import KeyDialog

        profile = self.list.chosen
        if profile is None:
            return
        store = self._store or KeyStoreState("", available=False, reason=self._store_trouble or "it has not answered")
        given = await self.app.push_screen_wait(KeyDialog(profile, store))
        if given is None:
            return
        keys = self.app.services.keys
        try:
            if given.keep:
                await keys.set(profile, given.key)
            else:
                keys.use_for_session(profile, given.key)
        except FttuiError as error:
            self.app.show_failure(error)
            return
        where = store.backend if given.keep else "memory until the program ends"
        self.app.say(f"The key {given.key.hint} for {profile.name} is in {where}")
        self._forget(profile.name)

    @work(group="profiles.change", exclusive=True)
    async def action_delete_key(self) -> None:
        """Forget the key of the profile under the cursor."""
        profile = self.list.chosen
        if profile is None:
            return
        question = ConfirmDialog(
            f"Delete the key of {profile.name}?",
            f"The key for {profile.host} is removed from the key store and from this session."
            " Keys in the environment or behind a key command are not touched.",
            "Delete key",
            danger=True,
        )
        if not await self.app.push_screen_wait(question):
            return
        try:
            had_one = await self.app.services.keys.delete(profile)
        except FttuiError as error:
            self.app.show_failure(error)
            return
        self.app.say(f"The key of {profile.name} is deleted" if had_one else f"{profile.name} had no stored key")
        self._forget(profile.name)

    @work(group="profiles.test", exclusive=True)
    async def action_test(self) -> None:
        """Ask the provider under the cursor for its models, and what else it answers."""
        profile = self.list.chosen
        if profile is None:
            return
        self._tests[profile.name] = "asking…"
        self._draw()
        begun = self.app.clock.now()
        try:
            count = present.counted(len(await self.app.services.list_models(profile.name)), "model")
            seconds = self.app.clock.now() - begun
            self._tests[profile.name] = f"✓ answered in {seconds:.1f} s with {count}"
            self._draw()
            await self.app.services.probe(profile.name)
        except NotFoundError:
            await self._probe_alone(profile)
        except FttuiError as error:
            self._tests[profile.name] = " ".join(f"✗ {error.title}: {error.message}. {error.hint}".split())
        self._draw()
        self.app.refresh_status()

    async def _probe_alone(self, profile: Profile) -> None:
        """Find out what a server answers that lists no models."""
        try:
            found = await self.app.services.probe(profile.name)
        except FttuiError as error:
            self._tests[profile.name] = f"✗ {error.title}: {error.message}"
            return
        there = [subject.value for subject, finding in found.findings.items() if finding is Finding.ANSWERS]
        self._tests[profile.name] = f"✓ answered, with {', '.join(there)}" if there else "✗ it has none of the lists"

    @work(group="profiles.unlock", exclusive=True)
    async def action_unlock(self) -> None:
        """Let the system ask for the password of the key store."""
        self._store_trouble = "waiting for the system to ask you for its password…"
        self._draw()
        try:
            self._store, self._store_trouble = await self.app.services.keys.unlock(), ""
        except FttuiError as error:
            self._store_trouble = error.message
        self.look()

    def action_copy(self) -> None:
        """Copy the base URL."""
        if self.list.chosen is not None:
            self.app.copy_text(self.list.chosen.base_url, "the base URL")

    def action_look_again(self) -> None:
        """Look for all keys again."""
        self._credentials.clear()
        self.look()

    def _forget(self, name: str) -> None:
        self._credentials.pop(name, None)
        self._tests.pop(name, None)
        self.look()
        self.app.refresh_status()
