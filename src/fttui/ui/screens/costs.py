"""What training cost: totals of each provider and month, and every job with its estimate and what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events, getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from fttui.domain.errors import FttuiError
from fttui.domain.jobs.ledger import Entry, Total, totals
from fttui.domain.text import safe_line
from fttui.services.jobs.ledger import read_ledger
from fttui.ui import present
from fttui.ui.cells import cut, cut_left, fill, fill_left, wrap
from fttui.ui.job_status import look_of
from fttui.ui.place import Place, PlaceScreen
from fttui.ui.widgets.line_list import LineList, Piece

MONTHS_SHOWN = 4
DAY_CELLS, STATUS_CELLS, EXPECTED_CELLS, COST_CELLS = 12, 13, 17, 12


class EntryList(LineList):
    """Jobs, newest first: day, status, what it is, what was expected, what it cost."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"entry-list--muted", "entry-list--over"}
    BINDINGS = [Binding("enter", "choose", "Open job", id="costs.open")]

    def __init__(self) -> None:
        super().__init__(id="entries")
        self._entries: Sequence[Entry] = ()

    def show(self, entries: Sequence[Entry]) -> None:
        """Show these jobs."""
        self._entries = entries
        self.count = len(entries)
        self.refresh()

    @property
    def chosen(self) -> Entry | None:
        """The job under the cursor."""
        return self._entries[self.cursor] if self.cursor < len(self._entries) else None

    def row(self, number: int, width: int) -> Iterable[Piece]:
        """One job."""
        entry = self._entries[number]
        over = (entry.difference or 0.0) > 0
        yield fill(f" {present.day(entry.job.created_at)}", DAY_CELLS), "entry-list--muted"
        yield fill(f" {look_of(entry.job.status).word}", STATUS_CELLS), ""
        cells = job_cells(width) - 1
        yield " " + fill(job_words(entry, cells), cells), ""
        yield fill_left(expected_words(entry), EXPECTED_CELLS), "entry-list--muted"
        yield fill_left(cost_words(entry), COST_CELLS), "entry-list--over" if over else ""


def job_cells(width: int) -> int:
    """Cells for what a job is, out of a line's width."""
    return max(width - DAY_CELLS - STATUS_CELLS - EXPECTED_CELLS - COST_CELLS, 10)


def heading(width: int) -> str:
    """The line above the list."""
    parts = (fill(" Created", DAY_CELLS), fill(" Status", STATUS_CELLS), fill(" Profile, job", job_cells(width)))
    return "".join((*parts, fill_left("Expected", EXPECTED_CELLS), fill_left("Cost", COST_CELLS)))


def job_words(entry: Entry, cells: int) -> str:
    """Whose job it is, and what it made, the end of its name first of all."""
    profile = cut(safe_line(entry.profile), max(cells // 3, 6))
    name = safe_line(entry.job.fine_tuned_model or entry.job.suffix or entry.job.id)
    return f"{profile}  {cut_left(name, cells - cell_len(profile) - 2)}"


def expected_words(entry: Entry) -> str:
    """What the launch was expected to cost; empty where that is not known."""
    estimate = entry.estimate
    if estimate is None or estimate.low is None or estimate.high is None:
        return ""
    return (
        "free" if estimate.free else present.money(estimate.low, estimate.high, estimate.currency).replace(" to ", "–")
    )


def cost_words(entry: Entry) -> str:
    """What it cost, as far as it is known."""
    if entry.actual is None:
        return "not known" if entry.job.is_final else "not yet"
    return "free" if entry.is_free else present.money(entry.actual)


def total_words(total: Total) -> str:
    """A month of a profile in a line."""
    parts = [
        f"{total.month}  {fill(safe_line(total.profile), 12)} {fill_left(present.counted(total.jobs, 'job'), 8)}",
        f"{present.short_count(total.trained_tokens)} tokens",
        present.money(total.actual, currency=total.currency),
    ]
    parts += [f"up to {present.money(total.expected, currency=total.currency)} to come"] if total.expected else []
    parts += [f"{total.unknown} not known"] if total.unknown else []
    return " · ".join(parts)


class CostsScreen(PlaceScreen):
    """The ledger of this computer's journal."""

    PLACE = Place.JOBS
    CSS_PATH = "../styles/costs.tcss"
    HELP = """
What training cost, from the journal on this computer. Above stand the totals of each profile and month, then every
job: what was expected when it was launched, and what its trained tokens come to. Below is said why the two differ for
the job under the cursor. Prices are dated and may be out of date: the provider's invoice is what counts.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "this_profile", "This profile", id="costs.profile"),
        Binding("y", "copy", "Copy id", id="costs.copy"),
        Binding("r", "reload", "Refresh", id="costs.refresh"),
    ]

    entries = getters.query_one(EntryList)

    def __init__(self) -> None:
        super().__init__()
        self._all: Sequence[Entry] = ()
        self._only = ""

    def compose_body(self) -> ComposeResult:
        yield Static(Content("Reading the journal…"), id="totals")
        yield Static(Content(""), id="heading")
        yield EntryList()
        yield Static(Content(""), id="reasons")

    def on_mount(self) -> None:
        self.entries.focus()
        self.load()

    def on_resize(self, _event: events.Resize) -> None:
        """Lay the columns out anew."""
        self.call_after_refresh(self._draw)

    @work(group="costs.load", exclusive=True)
    async def load(self) -> None:
        """Read the ledger."""
        services = self.app.services
        settings = services.settings
        try:
            self._all = await asyncio.to_thread(
                lambda: read_ledger(services.journal, settings.profiles, settings.prices)
            )
        except FttuiError as error:
            self.query_one("#totals", Static).update(Content(f"{error.title}: {safe_line(error.message)}"))
            self.app.show_failure(error)
            return
        self._draw()

    @property
    def shown(self) -> Sequence[Entry]:
        """The jobs in view."""
        return [entry for entry in self._all if not self._only or entry.profile == self._only]

    def _draw(self) -> None:
        if not self.is_whole:
            return
        shown = self.shown
        self.entries.show(shown)
        sums = totals(shown)
        lines = [total_words(total) for total in sums[:MONTHS_SHOWN]]
        if len(sums) > MONTHS_SHOWN:
            lines.append(f"and {len(sums) - MONTHS_SHOWN} more: fttui costs lists them")
        where = f" on {safe_line(self._only, 24)}" if self._only else ""
        empty = f"Nothing was trained{where} yet: the journal knows no job."
        self.query_one("#totals", Static).update(Content("\n".join(lines) if lines else empty))
        self.query_one("#heading", Static).update(Content(heading(self.entries.size.width) if shown else ""))
        self._explain()

    @on(LineList.Highlighted)
    def _explain(self) -> None:
        entry = self.entries.chosen
        box = self.query_one("#reasons", Static)
        lines = (
            [part for reason in entry.reasons for part in wrap(safe_line(reason), max(box.size.width - 4, 20))]
            if entry
            else []
        )
        box.update(Content("\n".join(lines)))
        self.refresh_bindings()

    @on(LineList.Chosen)
    def _open(self) -> None:
        entry = self.entries.chosen
        if entry is not None:
            self.app.open_job(entry.profile, entry.job.id)

    def action_this_profile(self) -> None:
        """Show the jobs of the profile in use, or of all of them."""
        self._only = "" if self._only else self.app.profile_name
        self._draw()

    def action_copy(self) -> None:
        """Copy the id of the job under the cursor."""
        entry = self.entries.chosen
        if entry is not None:
            self.app.copy_text(entry.job.id, "the job id")

    def action_reload(self) -> None:
        """Read the journal again."""
        self.load()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing to copy where there is no job."""
        return self.entries.chosen is not None if action == "copy" and self.is_whole else True
