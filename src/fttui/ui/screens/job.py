"""One job: where it stands, its curves, its log, its checkpoints."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.reactive import var
from textual.screen import ModalScreen

from fttui.domain.errors import FttuiError
from fttui.domain.jobs.comparison import run_name
from fttui.domain.jobs.feed import JobFeed, JobUpdate
from fttui.domain.jobs.job import Job
from fttui.domain.text import safe_line
from fttui.services.jobs.watch import WatchState
from fttui.services.ports import JobsApi
from fttui.ui import job_facts, present
from fttui.ui.dialogs import ConfirmDialog
from fttui.ui.job_ends import cost_words
from fttui.ui.job_facts import Beside
from fttui.ui.job_following import followed
from fttui.ui.launch_again import launch_again
from fttui.ui.place import Place
from fttui.ui.plot_screen import PlotScreen
from fttui.ui.widgets.job_head import JobHead
from fttui.ui.widgets.job_panes import JobPanes
from fttui.ui.widgets.line_list import LineList
from fttui.ui.widgets.loss_plot import LossPlot


class JobScreen(PlotScreen):
    """One job, followed while the screen is in view.

    Args:
        profile: the profile the job belongs to.
        job_id: its id at the provider.
    """

    PLACE = Place.JOBS
    CSS_PATH = "../styles/job.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-short"), (18, "-tall")]
    HELP = """
One job, followed live. Leaving this screen, or the program, does not stop the job: it goes on at the provider, and what
it reported meanwhile is there when you come back.

The plot marks checkpoints with `▴` and the best one, by the loss on rows kept back, with `✦`. `a` changes between loss,
accuracy and whatever else is measured, `o` to a logarithmic scale, `s` smooths. `+` and `-` zoom, `<` and `>` move,
left and right read the values of a step, `0` shows all again. `b` lays other jobs over this one. Below the plot stands
what the curves say, where they say enough.

`v` shows the log, the checkpoints or the details on a narrow screen, on a low one in place of the plot. On a
checkpoint, `enter` talks to it and `y` copies its name; `m` ranks them by loss or by accuracy. `w` shows the result
file of a finished job, to look at and to save.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "next_pane", "View", id="job.view"),
        Binding("c", "chat", "Chat", id="job.chat"),
        Binding("p", "pause", "Pause", id="job.pause"),
        Binding("p", "resume", "Resume", id="job.resume"),
        Binding("x", "cancel", "Stop", id="job.cancel"),
        Binding("y", "copy", "Copy id", show=False, id="job.copy"),
        Binding("w", "results", "Results", show=False, id="job.results"),
        Binding("m", "rank", "Rank by", show=False, id="job.rank"),
        Binding("b", "beside", "Lay over", show=False, id="job.overlay"),
        Binding("n", "launch_again", "Launch again", show=False, id="job.again"),
        Binding("r", "refresh", "Refresh", show=False, id="job.refresh"),
    ]

    feed: var[JobFeed] = var(JobFeed())
    state: var[WatchState] = var(WatchState())
    """How the asking goes."""
    trouble: var[FttuiError | None] = var[FttuiError | None](None)
    """Why nothing more will be asked."""

    head = getters.query_one(JobHead)
    panes = getters.query_one(JobPanes)

    def __init__(self, profile: str, job_id: str) -> None:
        super().__init__()
        self.profile = profile
        self.job_id = job_id
        self._asked = ""
        self._beside = Beside()
        self._status = ""

    def compose_body(self) -> ComposeResult:
        ascii_only = self.app.ascii_only or self.app.no_color
        yield JobHead(self.job_id, ascii_only=ascii_only)
        yield JobPanes(self.plot_marks(), ascii_only=ascii_only)

    @property
    def plot_in_view(self) -> LossPlot:
        """The plot the keys are for."""
        return self.panes.plot

    def on_mount(self) -> None:
        self.panes.focus_pane()
        self._remember()
        self.set_interval(1.0, self._tick)

    # Following

    def on_screen_resume(self) -> None:
        """Follow the job while it is in view."""
        if not any(
            worker.node is self and worker.group == "job.follow" and worker.is_running for worker in self.workers
        ):
            self.follow()

    def on_screen_suspend(self) -> None:
        """Stop asking, unless it is only a question that lies on top; the job goes on at the provider."""
        if isinstance(self.app.screen, ModalScreen):
            return
        self.workers.cancel_group(self, "job.follow")
        self.app.running = self.app.condition = ""

    def on_unmount(self) -> None:
        """Leave nothing in the status line."""
        self.app.running = self.app.condition = ""

    @work(group="job.follow", exclusive=True)
    async def follow(self) -> None:
        """Show what the journal knows, then whatever is new, until the job is over."""
        self.trouble, self.state = None, WatchState()
        try:
            async with aclosing(followed(self.app, self.profile, self.job_id)) as news_of_job:
                async for news in news_of_job:
                    match news:
                        case WatchState():
                            self.state = news
                        case JobFeed():
                            self.feed = news
        except FttuiError as error:
            self.trouble = error

    @work(group="job.remember")
    async def _remember(self) -> None:
        recents = self.app.services.recents
        await asyncio.to_thread(setattr, recents, "last_job", (self.profile, self.job_id))

    # Drawing

    def watch_feed(self, feed: JobFeed) -> None:
        """Show the news."""
        if not self.is_whole:
            return
        self._draw_head()
        self.panes.show(feed)
        self.refresh_bindings()
        if feed.job is not None and feed.job.status != self._status:
            self._status = feed.job.status
            self._look_beside(feed, feed.job)

    @work(group="job.beside", exclusive=True)
    async def _look_beside(self, feed: JobFeed, job: Job) -> None:
        """Find out what the job cost, and until when its models are there."""
        services = self.app.services
        try:
            cost = await asyncio.to_thread(cost_words, services, self.profile, feed) if job.is_final else ""
        except FttuiError:
            return
        self._beside = Beside(cost, *job_facts.endings(services, self.profile, job, self.app.today))
        if self.is_whole:
            self.panes.tell_beside(self._beside)
            self._draw_head()

    def watch_trouble(self) -> None:
        """Show or clear what is in the way."""
        self._draw_head()

    def watch_state(self) -> None:
        """Show or clear what is in the way."""
        self._draw_head()

    def _tick(self) -> None:
        if self.is_current and (self.state.is_offline or self._is_moving):
            self._draw_head()

    @property
    def _is_moving(self) -> bool:
        return self.feed.job is not None and not self.feed.job.is_final

    def _draw_head(self) -> None:
        if not self.is_whole:
            return
        now = self.app.clock.now()
        trouble = job_facts.trouble_words(self.state, self.trouble, now)
        self.head.show(self.feed, trouble, now, self._beside.cost)
        if self.is_current:
            share = self.feed.progress
            self.app.running = f"job {present.percent(share)}" if self._is_moving and share is not None else ""
            self.app.condition = "offline" if self.state.is_offline else ""

    # What keys do

    def action_next_pane(self) -> None:
        """Show the next of log, checkpoints and details, or go to it where all are in view; on a low screen instead of
        the plot, which comes after them."""
        self.panes.show_next()

    def action_rank(self) -> None:
        """Rank the checkpoints by loss, by accuracy or by reward, whatever they have."""
        self.panes.rank_anew()

    @work(group="job.overlay", exclusive=True)
    async def action_beside(self) -> None:
        """Lay other jobs' curves over this one's, or take them away."""
        plot = self.panes.plot
        if plot.is_overlaid:
            plot.overlay(())
            return
        from fttui.ui.runs_dialog import ask_for_runs

        runs = await ask_for_runs(self.app, self.profile, self.job_id)
        if runs and self.feed.job is not None:
            plot.overlay(runs, run_name(self.feed.job))

    def action_refresh(self) -> None:
        """Ask the provider again at once."""
        self.follow()

    def action_chat(self) -> None:
        """Talk to the tuned model, or to the checkpoint under the cursor before there is one."""
        model = self._model_to_talk_to()
        if model is not None:
            self.app.chat_with(model, self.profile)

    def _model_to_talk_to(self) -> str | None:
        if self.feed.job is not None and self.feed.job.fine_tuned_model:
            return self.feed.job.fine_tuned_model
        chosen = self.panes.checkpoints.chosen
        return chosen.model if chosen is not None else None

    @on(LineList.Chosen)
    def _talk_to_checkpoint(self) -> None:
        chosen = self.panes.checkpoints.chosen
        if chosen is not None:
            self.app.chat_with(chosen.model, self.profile)

    def action_copy(self) -> None:
        """Copy the name of the checkpoint under the cursor, else the job's id."""
        chosen = self.panes.checkpoints.chosen
        if chosen is not None and self.panes.checkpoints.has_focus:
            self.app.copy_text(chosen.model, "the checkpoint's name")
        else:
            self.app.copy_text(self.job_id, "the job id")

    def action_launch_again(self) -> None:
        """Fill the Launch form with what this job was asked for."""
        if self.feed.job is not None:
            launch_again(self.app, self.profile, self.feed.job)

    def action_pause(self) -> None:
        """Ask the job to stop for now."""
        self._ask("pause", lambda provider: provider.pause_job(self.job_id))

    def action_resume(self) -> None:
        """Ask the job to go on."""
        self._ask("resume", lambda provider: provider.resume_job(self.job_id))

    def action_cancel(self) -> None:
        """Ask the job to stop for good, after a question."""
        kept = present.counted(len(self.feed.checkpoints), "checkpoint")
        body = (
            f"{safe_line(self.job_id)} on profile {self.profile} stops for good. It cannot be resumed; {kept} so far."
        )

        def answered(confirmed: bool | None) -> None:
            if confirmed:
                self._ask("cancel", lambda provider: provider.cancel_job(self.job_id))

        self.app.push_screen(ConfirmDialog("Stop this job for good?", body, "Stop the job", danger=True), answered)

    def _ask(self, what: str, call: Callable[[JobsApi], Awaitable[Job]]) -> None:
        if not self._asked:
            self._asked = what
            self._send(what, call)

    @work(group="job.ask")
    async def _send(self, what: str, call: Callable[[JobsApi], Awaitable[Job]]) -> None:
        try:
            provider = await self.app.services.provider(self.profile)
            job = await call(provider)
            journal = self.app.services.journal
            await asyncio.to_thread(journal.record, self.profile, self.job_id, JobUpdate(job))
            self.feed = self.feed.apply(JobUpdate(job))
        except FttuiError as error:
            self.app.show_failure(error)
        finally:
            self._asked = ""
        self.follow()

    def action_results(self) -> None:
        """Show the result file: its table, its curves, and a way to keep it."""
        if self.feed.job is not None and self.feed.job.result_files:
            from fttui.ui.screens.results import ResultsScreen

            self.app.push_screen(ResultsScreen(self.profile, self.feed.job))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what makes sense for the job as it stands."""
        job = self.feed.job
        match action:
            case "pause":
                return job is not None and job.can_pause and job_facts.pauses(self.app.services, self.profile)
            case "resume":
                return job is not None and job.can_resume
            case "cancel":
                return job is not None and job.can_cancel
            case "chat":
                return self._model_to_talk_to() is not None if self.is_whole else False
            case "results":
                return job is not None and bool(job.result_files)
            case _:
                return True
