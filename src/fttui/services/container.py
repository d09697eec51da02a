"""Everything the screens and commands work with, put together once."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fttui.domain.errors import ProviderError, SettingsError
from fttui.domain.profiles.profile import OPENAI, Dialect, Endpoint, Profile
from fttui.domain.settings import Settings
from fttui.services.clock import SystemClock
from fttui.services.crash import redact
from fttui.services.paths import Paths, user_paths
from fttui.services.profiles.announcements import Announcements
from fttui.services.profiles.connections import Connections
from fttui.services.profiles.engine import Engine
from fttui.services.profiles.key_store import SystemKeyStore
from fttui.services.profiles.keys import Keys
from fttui.services.profiles.probe import Probes
from fttui.services.recents import Recents
from fttui.services.settings_file import load_settings, save_settings

if TYPE_CHECKING:
    from fttui.domain.dataset.row_limits import RowLimits
    from fttui.domain.jobs.lifecycle import Lifecycle
    from fttui.domain.profiles.capabilities import Capabilities
    from fttui.domain.profiles.probed import Probed
    from fttui.domain.remote import RemoteModel
    from fttui.services.chat.transcripts import Transcripts
    from fttui.services.dataset.checks import Checks
    from fttui.services.jobs.journal import Journal
    from fttui.services.jobs.token_survey import SurveyMemory
    from fttui.services.ports import Clock, ProviderApi


class Services:
    """The services of one running program.

    Args:
        paths: the user's folders.
        settings: the settings as they are now; `change_settings` replaces them.
        recents: what was open last.
        keys: finds and keeps API keys.
        engine: the embedded engine.
        settings_path: where the settings are kept.
        environ: the environment the program was started with.
    """

    def __init__(
        self,
        paths: Paths,
        settings: Settings,
        recents: Recents,
        keys: Keys,
        engine: Engine,
        *,
        settings_path: Path | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self.paths = paths
        self.settings = settings
        self.recents = recents
        self.keys = keys
        self.engine = engine
        self.clock: Clock = SystemClock()
        self.settings_path = settings_path or paths.settings
        self.environ: Mapping[str, str] = os.environ if environ is None else environ
        self._journal: Journal | None = None
        self._transcripts: Transcripts | None = None
        self._checks: Checks | None = None
        self.probes = Probes(paths.probes)
        self.announcements = Announcements(paths.announcements)
        self._surveys: SurveyMemory | None = None
        self._connections = Connections(keys, engine)

    @classmethod
    def open(cls, paths: Paths | None = None, environ: Mapping[str, str] | None = None) -> Services:
        """Read the settings and put everything together; nothing is started or written.

        Raises:
            SettingsError: the settings cannot be read.
        """
        environ = dict(os.environ if environ is None else environ)
        paths = paths or user_paths()
        settings_path = Path(environ["FTTUI_CONFIG"]) if environ.get("FTTUI_CONFIG") else paths.settings
        settings = load_settings(settings_path)
        store = SystemKeyStore(environ, choice=settings.key_store)
        return cls(
            paths,
            settings,
            Recents(paths.recents),
            Keys(environ, store, learn=redact.learn),
            Engine(paths, environ),
            settings_path=settings_path,
            environ=environ,
        )

    @property
    def journal(self) -> Journal:
        """The record of jobs, opened when first asked for."""
        if self._journal is None:
            from fttui.services.jobs.journal import Journal

            self._journal = Journal(self.paths.journal)
        return self._journal

    @property
    def surveys(self) -> SurveyMemory:
        """What files were found to count, for as long as they stay as they are."""
        if self._surveys is None:
            from fttui.services.jobs.token_survey import SurveyMemory

            self._surveys = SurveyMemory()
        return self._surveys

    @property
    def transcripts(self) -> Transcripts:
        """Saved conversations."""
        if self._transcripts is None:
            from fttui.services.chat.transcripts import Transcripts

            self._transcripts = Transcripts(self.paths.transcripts)
        return self._transcripts

    @property
    def checks(self) -> Checks:
        """Checks of data sets, with the processes and the reports that were kept."""
        if self._checks is None:
            from fttui.services.dataset.checks import Checks

            self._checks = Checks(self.paths.checks)
        return self._checks

    def profile(self, name: str | None = None) -> Profile:
        """The profile of a name; without one that of `FTTUI_PROFILE`, or the configured one.

        Raises:
            SettingsError: there is none of that name.
        """
        profile = self.settings.find_profile(name or self.environ.get("FTTUI_PROFILE") or self.settings.profile)
        address = self.environ.get("OPENAI_BASE_URL", "").strip()
        is_usual = (profile.name, profile.base_url) == (OPENAI.name, OPENAI.base_url)
        return replace(profile, base_url=address) if is_usual and address else profile

    async def endpoint(self, name: str | None = None) -> Endpoint:
        """Address and key of a profile; the embedded engine is started where it does not run.

        Raises:
            SettingsError: there is no such profile.
            EngineError: the embedded engine could not be started.
        """
        return await self._connections.endpoint(self.profile(name))

    async def provider(self, name: str | None = None) -> ProviderApi:
        """A connection to a profile, kept until its key, its address or its settings change.

        Raises:
            KeyStoreError: the profile needs a key and none was found.
            SettingsError, EngineError: as for `endpoint`.
        """
        return await self._connections.provider(self.profile(name), self.clock.now())

    async def list_models(self, name: str | None = None) -> Sequence[RemoteModel]:
        """The models that the provider of a profile lists now, newest first; what it says of their ends is remembered.

        Raises:
            KeyStoreError, SettingsError, EngineError: as for `provider`.
            ProviderError: it does not list them.
        """
        profile = self.profile(name)
        models = await (await self.provider(profile.name)).list_models()
        await self.announcements.learn(profile, models, datetime.fromtimestamp(self.clock.now(), UTC).date())
        return models

    def ending_of(self, model: str, name: str | None = None) -> Lifecycle | None:
        """The last days of a model at a profile, as its provider last said, else as announced; nothing is asked.

        Args:
            model: a base, a tuned model or a checkpoint.
            name: the profile; of one that is not there any more nothing is known but what a name of OpenAI's tells.
        """
        from fttui.domain.jobs.lifecycle import lifecycle_of

        try:
            profile = self.profile(name)
        except SettingsError:
            return lifecycle_of(model)
        return lifecycle_of(model, profile.dialect, self.announcements.of(profile))

    def capabilities(self, name: str | None = None) -> Capabilities:
        """What a profile can do, as far as its kind and the last probe of its server tell; nothing is asked.

        Raises:
            SettingsError: there is no such profile.
        """
        from fttui.domain.profiles.capabilities import capabilities_of

        profile = self.profile(name)
        return capabilities_of(profile, self.probes.of(profile))

    def row_limits(self, model: str | None, name: str | None = None) -> RowLimits:
        """What rows are held to for a model at a profile, a person's own limits before those that ship.

        Raises:
            SettingsError: there is no such profile.
        """
        from fttui.domain.dataset.row_limits import RowLimits

        return RowLimits.of(model, self.settings.example_tokens, self.profile(name))

    async def probe(self, name: str | None = None) -> Probed:
        """Ask the server of a profile what it answers, and remember it.

        Raises:
            SettingsError, EngineError: as for `endpoint`.
            KeyRefusedError, ProviderError: nothing can be asked at all.
        """
        return await self.probes.ask(await self.endpoint(name), self.clock.now())

    async def learn_capabilities(self, name: str | None = None) -> Capabilities:
        """What a profile can do; a server of no known kind that was never asked is asked now.

        What goes wrong on the way says nothing about the server: it is taken to be as declared.

        Raises:
            SettingsError: there is no such profile.
        """
        profile = self.profile(name)
        if profile.dialect is Dialect.COMPATIBLE and self.probes.of(profile) is None:
            with contextlib.suppress(ProviderError, SettingsError):
                await self.probe(profile.name)
        return self.capabilities(profile.name)

    def change_settings(self, change: Callable[[Settings], Settings]) -> Settings:
        """Apply a change to the settings as they are on disk now, and write them.

        Raises:
            SettingsError: they cannot be read or written, or the change does not hold together.
        """
        changed = change(load_settings(self.settings_path))
        save_settings(self.settings_path, changed)
        self.settings = changed
        return changed

    async def close(self, *, keep_engine: bool = False) -> None:
        """Let go of everything; the engine ends with the program where the settings say so.

        Args:
            keep_engine: leave the engine running all the same, as single commands do.
        """
        if self._checks is not None:
            checks, self._checks = self._checks, None
            await checks.close()
        await self._connections.close()
        await self.engine.leave(stop=not (keep_engine or self.settings.engine_outlives_app))
        if self._journal is not None:
            journal, self._journal = self._journal, None
            await asyncio.to_thread(journal.close)
