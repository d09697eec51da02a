"""The top of a job's screen: what it is, how far it is, how well it does, what is in the way."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from fttui.domain.jobs.feed import JobFeed
from fttui.domain.jobs.job import Job
from fttui.domain.text import safe_line
from fttui.ui import job_facts
from fttui.ui.cells import fitting
from fttui.ui.job_status import look_of
from fttui.ui.widgets.progress_line import ProgressLine


class JobHead(Vertical):
    """Status, progress and the newest values, a line each; one more for a failure or a missing connection."""

    DEFAULT_CSS = """
    JobHead { height: auto; padding: 0 1; }
    JobHead > Static { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    JobHead > #values { display: none; }
    JobHead.-values > #values { display: block; }
    JobHead > #notice { height: auto; max-height: 4; display: none; text-wrap: wrap; }
    JobHead.-over > ProgressLine { display: none; }
    JobHead > #summary { display: none; }
    JobHead.-over > #summary { display: block; }
    JobHead.-notice > #notice { display: block; }
    """

    def __init__(self, job_id: str, *, ascii_only: bool = False) -> None:
        super().__init__()
        self._job_id = job_id
        self._ascii_only = ascii_only
        self._noticed = ""
        self._shown: tuple[JobFeed, str, float, str] | None = None

    def compose(self) -> ComposeResult:
        yield Static(Content(safe_line(self._job_id)), id="status")
        yield ProgressLine()
        yield Static(Content(""), id="summary")
        yield Static(Content(""), id="values")
        yield Static(Content(""), id="notice")

    def on_resize(self) -> None:
        """Show what there is room for now."""
        if self._shown is not None:
            self.show(*self._shown)

    def show(self, feed: JobFeed, trouble: str, now: float, cost: str = "") -> None:
        """Show what is known at a moment, what keeps the provider from answering, and at the end what it cost."""
        self._shown = (feed, trouble, now, cost)
        self.query_one("#status", Static).update(self._status_line(feed.job, asks=not trouble), layout=False)
        self.show_progress(feed, now)
        summary = job_facts.summary_words(feed, cost)
        self.set_class(bool(summary), "-over")
        fits = fitting(summary.split(" · "), self.content_size.width)
        self.query_one("#summary", Static).update(Content(fits), layout=False)
        values = self.query_one("#values", Static)
        words = job_facts.newest_values(feed, self.content_size.width)
        self.set_class(bool(words), "-values")
        values.update(Content.styled(words, "$text-muted"), layout=False)
        notice = _notice(feed.job, trouble)
        self.set_class(bool(notice), "-notice")
        if notice.plain != self._noticed:
            self._noticed = notice.plain
            self.query_one("#notice", Static).update(notice)

    def show_progress(self, feed: JobFeed, now: float) -> None:
        """Show how far it is; the time left changes from second to second."""
        before, after = job_facts.progress_words(feed, now)
        self.query_one(ProgressLine).show(feed.progress, before, after)

    def _status_line(self, job: Job | None, *, asks: bool) -> Content:
        if job is None:
            name = safe_line(self._job_id)
            return Content.styled(f"asking for {name}…" if asks else name, "$text-muted")
        look = look_of(job.status)
        sign = look.plain_sign if self._ascii_only else look.sign
        made = safe_line(job.fine_tuned_model) if job.fine_tuned_model else safe_line(job.id)
        base = "" if job.fine_tuned_model else f"from {safe_line(job.model)}"
        return Content.assemble((f"{sign} {look.word}", f"bold {look.tone}"), "  ", made, "  ", (base, "$text-muted"))


def _notice(job: Job | None, trouble: str) -> Content:
    parts: list[Content] = []
    if job is not None and (words := job_facts.failure_words(job)):
        parts.append(Content.styled(words, "$text-error"))
    if trouble:
        parts.append(Content.styled(trouble, "$text-warning"))
    return Content("\n").join(parts)
