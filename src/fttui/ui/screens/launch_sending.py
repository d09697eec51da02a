"""A launch under way: uploading, asking once for the job, and what came of it."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from dataclasses import dataclass

from textual import on, work
from textual.message import Message
from textual.reactive import var

from fttui.domain.errors import ForbiddenError, FttuiError
from fttui.services.jobs.launch_plan import LaunchPlan, LaunchProgress, Stage
from fttui.ui import present
from fttui.ui.base_end import carry_question
from fttui.ui.dialogs import ErrorDialog
from fttui.ui.place import PlaceScreen
from fttui.ui.widgets.sending_line import SendingLine

STOPPABLE = frozenset({Stage.HASHING, Stage.UPLOADING, Stage.PROCESSING})


class LaunchingScreen(PlaceScreen):
    """A screen that sends a launch, one at a time."""

    sending: var[LaunchProgress | None] = var[LaunchProgress | None](None, bindings=True)
    """How far the launch under way is; None while there is none."""

    @dataclass
    class Sent(Message):
        """The launch has come further."""

        progress: LaunchProgress

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, LaunchingScreen.Sent) and message.progress.stage is self.progress.stage

    @abstractmethod
    def tell_notice(self, words: str) -> None:
        """Say something beside the button."""

    @abstractmethod
    def after_launch(self) -> None:
        """Something was launched."""

    @abstractmethod
    def choose_another(self) -> None:
        """Another profile is wanted for the same launch."""

    @abstractmethod
    def hold(self, still: bool) -> None:
        """Keep the form still, or let it be edited again."""

    @work(group="launch.send")
    async def send(self, plan: LaunchPlan, profile: str) -> None:
        from fttui.services.jobs.launch import launch

        services = self.app.services
        try:
            journal = await asyncio.to_thread(lambda: services.journal)
            provider = await services.provider(profile)
            self.app.refresh_status()
            job = await launch(provider, journal, profile, plan, self._tell, self.app.clock)
        except ForbiddenError as error:
            self.tell_notice(error.title)
            self.app.push_screen(carry_question(error), lambda wanted: self.choose_another() if wanted else None)
        except FttuiError as error:
            # To be read and copied, not a toast: money and data are at stake.
            self.app.push_screen(ErrorDialog(error))
            self.tell_notice(f"{error.title}")
        else:
            self.after_launch()
            self.tell_notice(f"Launched {job.id}")
            if self.is_current:
                self.app.open_job(profile, job.id)
            else:
                self.app.say(f"The job {job.id} was created")
        finally:
            self.sending = None

    def _tell(self, progress: LaunchProgress) -> None:
        self.post_message(self.Sent(progress))

    @on(Sent)
    def _show_sent(self, event: Sent) -> None:
        if self.sending is not None:
            if event.progress.warning and not self.sending.warning:
                self.app.say(event.progress.warning, "warning")
            self.sending = event.progress

    def watch_sending(self, progress: LaunchProgress | None) -> None:
        """Show how far the launch is, and keep the form still meanwhile."""
        if not self.is_whole:
            return
        self.set_class(progress is not None, "-sending")
        self.hold(progress is not None)
        if progress is not None:
            self.query_one(SendingLine).tell(progress)
        share = progress.done / progress.total if progress is not None and progress.total else None
        percent = f" {present.percent(share)}" if share is not None else ""
        self.app.running = f"{progress.stage.value}{percent}" if progress is not None else ""

    def action_stop_upload(self) -> None:
        """Stop before a job is asked for."""
        if self.sending is not None and self.sending.stage in STOPPABLE:
            self.workers.cancel_group(self, "launch.send")
            self.tell_notice("Stopped; no job was asked for")
