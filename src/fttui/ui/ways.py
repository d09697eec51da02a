"""The ways between the places, and into each with something in hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual import work
from textual.app import App
from textual.reactive import var

from fttui.ui.place import ChoosesModels, FillsForms, OpensFiles, Place, PlaceScreen, ShowsReports

if TYPE_CHECKING:
    from fttui.services.container import Services


class WaysApp(App[None]):
    """An app that knows its places; what screens call to lead the person on."""

    MODES = {place.key: place.build for place in Place if place is not Place.DATA}

    services: Services
    profile_name: var[str] = var("local")
    """The profile that screens talk to."""
    dataset: var[Path | None] = var[Path | None](None)
    """The training file in hand."""
    new_file: Path | None = None
    """A data file that was written here, and that the Data place has not shown yet."""
    _jobs_were_visited = False

    def action_visit(self, module: str) -> None:
        """Go to a place; the first visit of the jobs opens the one looked at last."""
        place = Place[module.upper()]
        if place is Place.REPORT and self.dataset is not None:
            dataset = self.dataset
            self._visit_and(place, lambda screen: cast("ShowsReports", screen).offer_file(dataset))
            return
        last = self._job_to_reopen() if place is Place.JOBS else None
        if last is not None:
            self.open_job(*last)
        else:
            self.visit(place)

    def _job_to_reopen(self) -> tuple[str, str] | None:
        if self._jobs_were_visited:
            return None
        self._jobs_were_visited = True
        last = self.services.recents.last_job
        return last if last is not None and last[0] == self.profile_name else None

    def visit(self, place: Place) -> None:
        """Go to a place, as it was left."""
        self.switch_mode(place.key)

    def step_home(self) -> None:
        """One step home: out of a screen on top of a place, else to the Data place."""
        if len(self.screen_stack) > 1:
            self.pop_screen()
        else:
            self.visit(Place.DATA)

    @work(group="app.visit")
    async def _visit_and(self, place: Place, tell: Callable[[PlaceScreen], object]) -> None:
        await self.switch_mode(place.key)
        while len(self.screen_stack) > 1:
            await self.pop_screen()
        if isinstance(self.screen, PlaceScreen):
            tell(self.screen)

    def open_dataset(self, path: Path, line: int | None = None, place: str = "") -> None:
        """Show a data set in the Data place, at a row (0-based) and a place in it such as ``messages[2].content``."""
        self.dataset = path
        self._visit_and(Place.DATA, lambda screen: cast("OpensFiles", screen).open_file(path, line, place))

    def show_report(self, path: Path, valid: Path | None = None) -> None:
        """Validate a data set in the Report place."""
        self.dataset = path
        self._visit_and(Place.REPORT, lambda screen: cast("ShowsReports", screen).show_file(path, valid))

    def launch_with(self, training: Path | str | None, validation: Path | str | None = None) -> None:
        """Take files, local or by id at the provider, into the Launch form."""
        if isinstance(training, Path):
            self.dataset = training
        self._visit_and(Place.LAUNCH, lambda screen: cast("FillsForms", screen).fill(training, validation))

    def open_job(self, profile: str, job_id: str) -> None:
        """Show one job, on top of the Jobs place."""

        self._jobs_were_visited = True

        def push(_: PlaceScreen) -> None:
            from fttui.ui.screens.job import JobScreen

            self.push_screen(JobScreen(profile, job_id))

        self._visit_and(Place.JOBS, push)

    def chat_with(self, model: str, profile: str | None = None) -> None:
        """Talk to a model in the Playground."""
        self._visit_and(Place.PLAYGROUND, lambda screen: cast("ChoosesModels", screen).choose(model, profile))

    def take_base(self, model: str) -> None:
        """Take a base in hand, for now and for the next time at this profile; an empty name takes none."""
        self.services.recents.take_base(self.profile_name, model)
        self.base_model = model

    def action_show_costs(self) -> None:
        """Show what training cost, on top of the Jobs place."""
        from fttui.ui.screens.costs import CostsScreen

        self._visit_and(Place.JOBS, lambda _: self.push_screen(CostsScreen()))
