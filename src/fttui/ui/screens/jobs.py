"""The jobs of a profile, or of all: from the journal at once, from the provider as soon as it answers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from fttui.domain.errors import FttuiError, RateLimitedError
from fttui.domain.jobs.cadence import cadence_for
from fttui.domain.jobs.lifecycle import Lifecycle
from fttui.services.jobs.poll_turn import LIST, PollTurn, folder_of
from fttui.services.jobs.reconcile import Reconciled, refresh
from fttui.ui import jobs_words
from fttui.ui.dialogs import ErrorDialog
from fttui.ui.filter_screen import FilterScreen
from fttui.ui.job_ends import tell_end
from fttui.ui.job_facts import ends_of
from fttui.ui.job_progress import fetch_progress, progress_of
from fttui.ui.jobs_words import ListState
from fttui.ui.launch_again import launch_again
from fttui.ui.place import Place
from fttui.ui.screens.unsettled import Answer, Unsettled, UnsettledDialog
from fttui.ui.unsettled_launches import carry_out, find_unsettled
from fttui.ui.widgets.filter_line import FilterLine
from fttui.ui.widgets.job_list import JobKey, JobList, key_of
from fttui.ui.widgets.line_list import LineList

if TYPE_CHECKING:
    from fttui.services.jobs.journal import Journal, JournalJob

TICK_SECONDS = 2.5
"""How often it is looked whether the provider may be asked again."""


class JobsScreen(FilterScreen):
    """Every job of the profile that the journal or the provider knows; on a key, those of all profiles."""

    PLACE = Place.JOBS
    CSS_PATH = "../styles/jobs.tcss"
    HELP = """
All jobs of the profile, newest first; `a` shows those of all profiles. The list comes from this computer's journal at
once and is then brought up to date by the provider; jobs that were started elsewhere are taken in. Without a connection
you see what was known last.

Where a launch has lost its answer, made two jobs, or left a file behind that no job uses, `u` asks what is to be done.

`enter` opens a job, `/` narrows the list down, `r` asks the provider again. `space` marks jobs, `C` compares the marked
ones, of whatever profile: their curves over each other, the settings that differ, what came of each.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", key_display="/", id="jobs.filter"),
        Binding("r", "refresh", "Refresh", id="jobs.refresh"),
        Binding("y", "copy", "Copy id", id="jobs.copy"),
        Binding("c", "chat", "Chat", id="jobs.chat"),
        Binding("a", "all_profiles", "All profiles", show=False, id="jobs.all"),
        Binding("space", "mark", "Mark", show=False, id="jobs.mark"),
        Binding("C", "compare", "Compare", id="jobs.compare"),
        Binding("l", "launch_again", "Launch again", show=False, id="jobs.again"),
        Binding("m", "app.show_costs", "Costs", show=False, id="jobs.costs"),
        Binding("u", "decide", "Decide", id="jobs.decide"),
    ]

    list = getters.query_one("#jobs", JobList)

    def __init__(self) -> None:
        super().__init__()
        self._jobs: Sequence[JournalJob] = ()
        self._progress: Mapping[JobKey, float] = {}
        self._ends: Mapping[JobKey, Lifecycle] = {}
        self._of_all = False
        self._profile = ""
        self._trouble: FttuiError | None = None
        self._asking = True
        self._ask_again_at = 0.0
        self._unsettled: Sequence[Unsettled] = ()
        self._turn: PollTurn | None = None

    def compose_body(self) -> ComposeResult:
        yield FilterLine()
        yield Static(Content(""), id="heading")
        yield JobList(ascii_only=self.app.ascii_only, id="jobs")
        yield Static(Content(""), id="empty")
        yield Static(Content(""), id="notice")

    def on_mount(self) -> None:
        self.list.focus()
        self.set_interval(TICK_SECONDS, self._refresh_if_moving)
        self.watch(self.app, "profile_name", self._change_profile)

    def _change_profile(self, profile: str) -> None:
        if profile != self._profile:
            self._profile = profile
            self._jobs, self._progress, self._ends, self._unsettled = (), {}, {}, ()
            self._give_up_turn()
            self._ask_again_at = 0.0
            self.load()

    def on_screen_resume(self) -> None:
        """Coming back shows what the journal has learnt meanwhile."""
        if self._profile and not self._asking:
            self.load()

    def on_screen_suspend(self) -> None:
        """Let another program ask for the list."""
        self._give_up_turn()

    def on_unmount(self) -> None:
        """Let another program ask for the list."""
        self._give_up_turn()

    def _give_up_turn(self) -> None:
        if self._turn is not None:
            self._turn.give_up()
            self._turn = None

    def _take_turn(self, journal: Journal, profile: str) -> bool:
        """Whether it is on us to ask; of all programs that show this list only one does."""
        if self._turn is None:
            self._turn = PollTurn(folder_of(journal), profile, LIST)
        return self._turn.take()

    def on_resize(self, _event: events.Resize) -> None:
        """Lay the columns out anew."""
        self.call_after_refresh(self._draw_heading)

    def _refresh_if_moving(self) -> None:
        moving = any(not known.job.is_final for known in self._jobs)
        if self.is_active and moving and not self._asking and self.app.clock.now() >= self._ask_again_at:
            self.load()

    @work(group="jobs.load", exclusive=True)
    async def load(self, *, insists: bool = False) -> None:
        """Show what the journal knows, then what the provider says.

        Args:
            insists: ask at once, whoever asked whenever.
        """
        profile = self._profile
        cadence = cadence_for(self.app.services.profile(profile))
        self._asking = insists or self.app.clock.now() >= self._ask_again_at
        try:
            journal = await asyncio.to_thread(lambda: self.app.services.journal)
            self._asking = self._asking and (self._take_turn(journal, profile) or insists)
            await self._show_journal(journal, profile)
            if not self._asking:
                return
            self._trouble = None
            wait = cadence.listing * (1.0 if self.app.app_focus else cadence.away)
            provider = await self.app.services.provider(profile)
            settled = await refresh(provider, journal, profile, self.app.clock)
            self._tell_settled(settled)
            self._unsettled = await find_unsettled(journal, profile, settled, self.app.clock)
            await fetch_progress(provider, journal, profile)
            before = {key_of(known) for known in self._jobs if not known.job.is_final}
            await self._show_journal(journal, profile)
            for known in [known for known in self._jobs if key_of(known) in before and known.job.is_final]:
                tell_end(self.app, known.profile, await asyncio.to_thread(journal.feed, *key_of(known)))
        except FttuiError as error:
            self._trouble = error
            wait = cadence.listing
            if isinstance(error, RateLimitedError):
                wait = error.retry_after or cadence.throttled
        self._ask_again_at = self.app.clock.now() + wait
        self._asking = False
        self.draw()

    def _tell_settled(self, settled: Sequence[Reconciled]) -> None:
        """Tell what became of launches whose answer was lost."""
        for launch in settled:
            if len(launch.jobs) == 1:
                self.app.say(f"The launch whose answer was lost did create a job: {launch.jobs[0].id}")
            elif launch.jobs:
                names = ", ".join(job.id for job in launch.jobs)
                self.app.say(
                    f"One launch created {len(launch.jobs)} jobs: {names}. Stop those you do not want", "error"
                )

    async def _show_journal(self, journal: Journal, profile: str) -> None:
        self._jobs = await asyncio.to_thread(journal.jobs, None if self._of_all else profile)
        self._progress = await asyncio.to_thread(progress_of, journal, self._jobs)
        self._ends = await asyncio.to_thread(ends_of, self.app.services, self._jobs)
        self.draw()

    @property
    def shown(self) -> Sequence[JournalJob]:
        """The jobs that pass the filter."""
        return [known for known in self._jobs if self.passes(jobs_words.searched(known))]

    @property
    def list_in_view(self) -> JobList:
        return self.list

    def draw(self) -> None:
        if not self.is_whole:
            return
        shown = self.shown
        self.list.tell_ends(self._ends, self.app.today)
        self.list.show(shown, self._progress, names_profiles=self._of_all)
        self.call_after_refresh(self._draw_heading)
        self.set_class(not shown, "-empty")
        if shown and self.focused is None:
            self.call_after_refresh(self.list.focus)
        picture = ListState(
            self._profile, len(self._jobs), len(shown), self.wanted, self._asking, self._trouble,
            marked=len(self.list.marked), of_all=self._of_all, unsettled=self._unsettled,
        )  # fmt: skip
        self.query_one("#empty", Static).update(Content(jobs_words.empty_words(picture)))
        self.query_one("#notice", Static).update(jobs_words.notice_line(picture), layout=False)
        self.refresh_bindings()

    def _draw_heading(self) -> None:
        if self.is_whole:
            self.query_one("#heading", Static).update(Content(self.list.heading()), layout=False)

    # What keys do

    @on(LineList.Chosen)
    def _open_chosen(self) -> None:
        """Open the job under the cursor."""
        if self.list.chosen is not None:
            self.app.open_job(*key_of(self.list.chosen))

    @on(LineList.Highlighted)
    def _tell_bindings(self) -> None:
        self.refresh_bindings()

    def action_refresh(self) -> None:
        """Ask the provider again."""
        self.load(insists=True)

    def action_all_profiles(self) -> None:
        """Show the jobs of all profiles, or of this one again."""
        self._of_all = not self._of_all
        self.load()

    def action_copy(self) -> None:
        """Copy the id of the job under the cursor."""
        if self.list.chosen is not None:
            self.app.copy_text(self.list.chosen.job.id, "the job id")

    def action_chat(self) -> None:
        """Talk to the tuned model under the cursor."""
        known = self.list.chosen
        if known is not None and known.job.fine_tuned_model:
            self.app.chat_with(known.job.fine_tuned_model, known.profile)

    def action_mark(self) -> None:
        """Mark the job under the cursor, or take its mark away."""
        self.list.mark()
        self.draw()

    def action_compare(self) -> None:
        """Compare the marked jobs; one marked job is compared with the one under the cursor."""
        chosen = self._to_compare()
        if len(chosen) > 1:
            from fttui.ui.screens.compare import CompareScreen

            self.app.push_screen(CompareScreen(chosen))

    def _to_compare(self) -> Sequence[JobKey]:
        """The marked jobs: those in the list in its order, then those that are not in it now."""
        chosen, under = self.list.marked.copy(), self.list.chosen
        if len(chosen) == 1 and under is not None:
            chosen.add(key_of(under))
        here = [key_of(known) for known in self._jobs if key_of(known) in chosen]
        return [*here, *sorted(chosen.difference(here))]

    def action_launch_again(self) -> None:
        """Fill the Launch form with what the job under the cursor was asked for."""
        if self.list.chosen is not None:
            launch_again(self.app, self.list.chosen.profile, self.list.chosen.job)

    def action_decide(self) -> None:
        """Say what is to become of the first thing that waits for a word."""
        if not self._unsettled:
            return
        profile, what = self._profile, self._unsettled[0]

        def answered(answer: Answer | None) -> None:
            if answer is not None:
                self._carry_out(profile, what, answer)

        self.app.push_screen(UnsettledDialog(what), answered)

    @work(group="jobs.decide")
    async def _carry_out(self, profile: str, what: Unsettled, answer: Answer) -> None:
        # No longer offered while it is done: a second yes must never become a second job.
        self._unsettled = [one for one in self._unsettled if one != what]
        self.draw()
        try:
            self.app.say(await carry_out(self.app.services, self.app.clock, profile, what, answer))
        except FttuiError as error:
            self.app.push_screen(ErrorDialog(error))
        self.load(insists=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what the job under the cursor has a use for."""
        if action == "decide":
            return bool(self._unsettled)
        if action == "compare" and self.is_whole:
            return len(self._to_compare()) > 1
        if action in ("copy", "chat", "launch_again") and self.is_whole:
            known = self.list.chosen
            return known is not None and (action != "chat" or bool(known.job.fine_tuned_model))
        return True
