"""The Report place: what validation says about a training file, and about the validation file beside it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.widgets import ContentSwitcher

from fttui.domain.dataset.encodings import encoding_for
from fttui.domain.dataset.report import Report
from fttui.domain.dataset.row_limits import RowLimits
from fttui.domain.errors import FttuiError
from fttui.domain.jobs.bases import whose_model
from fttui.domain.jobs.launch_cost import priced
from fttui.domain.jobs.prices import price_book
from fttui.domain.profiles.profile import OPENAI
from fttui.services.dataset.validation import ValidationProgress
from fttui.ui import present
from fttui.ui.place import Place, PlaceScreen
from fttui.ui.widgets.finding_table import FindingTable
from fttui.ui.widgets.notice import Notice
from fttui.ui.widgets.report_view import ReportView
from fttui.ui.widgets.working import Working

NO_FILE = """No file has been checked yet.

Choose one in the Data place (1) and press v there, or press o to type a path."""

STOPPED = """There is no report, because the check was stopped before the end.

r checks the file again."""


class State(StrEnum):
    """What the place shows; also the ids of its parts."""

    EMPTY = "empty"
    CHECKING = "checking"
    READY = "ready"
    FAILED = "failed"


class ReportScreen(PlaceScreen):
    """Runs the validation it is asked for, and shows its report."""

    PLACE = Place.REPORT
    CSS_PATH = "../styles/report.tcss"
    AUTO_FOCUS = ""
    HELP = """\
# Report

Everything that is wrong with a file, or worth knowing, at once. **✗ error**: refused by the provider or harmful;
**! warning**: deserves a look; **i info**: worth knowing. How bad a finding is, and which limits hold, depends on the
profile, which the first line names; another profile (7) is judged by at once, without another check. `enter` opens a
group and jumps from an example to its message in the Data place. Below the list stand the line and byte of the
finding, and what the service is known to answer to it.

Token counts name their encoding; ≈ marks an estimate. The cost is that of training on the model you choose with `m`,
for the epochs a provider would choose itself, with the day its price was looked up.

`u` puts a validation file beside, `w` goes from one file's report to the other's, `c` puts both side by side, `e` saves
the report as JSON, Markdown or SARIF, `r` checks again, `p` shows the fixes that the file calls for, `t` goes on to
Launch. `escape` stops a check that is running.
"""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "train", "Train", tooltip="Take the files into the Launch form", id="report.train"),
        Binding("p", "prepare", "Prepare", tooltip="Mend and split the file", id="report.prepare"),
        Binding("m", "choose_model", "Model", tooltip="Encoding, limits and prices to use", id="report.model"),
        Binding("u", "choose_beside", "Validation", tooltip="Choose a validation file", id="report.beside"),
        Binding("e", "export", "Save", tooltip="Save the report to a file", id="report.save"),
        Binding("r", "check_again", "Again", tooltip="Check the file again", id="report.again"),
        Binding("dollar_sign,ctrl+g", "costs", "Estimate", tooltip="What every model would cost", id="report.estimate"),
        Binding("c", "compare", "Side by side", show=False, id="report.compare"),
        Binding("w", "other_file", "Other file", show=False, id="report.other"),
        Binding("o", "open_path", "Path", tooltip="Check a file by its path", id="report.open-path"),
        Binding("escape", "home", "Stop or back", show=False, id="report.stop"),
    ]

    state: reactive[State] = reactive(State.EMPTY, bindings=True, init=False)

    switcher = getters.query_one(ContentSwitcher)
    view = getters.query_one(ReportView)
    working = getters.query_one(Working)
    notice = getters.query_one(f"#{State.FAILED}", Notice)

    def __init__(self) -> None:
        super().__init__()
        self._path: Path | None = None
        self._valid: Path | None = None
        self._checked: Report | None = None
        """What the check found, by nobody's rules in particular."""
        self._report: Report | None = None
        """The same by the rules of the profile."""
        self._counted_for: str | None = None
        """The model whose tokens the check went by."""
        self._limits = RowLimits()
        """What the last check held rows to, or the one that runs."""

    def compose_body(self) -> ComposeResult:
        with ContentSwitcher(initial=State.EMPTY):
            yield Notice(NO_FILE, id=State.EMPTY)
            yield Working(id=State.CHECKING)
            yield ReportView(ascii=self.app.ascii_only, id=State.READY)
            yield Notice(id=State.FAILED)

    def watch_state(self, state: State) -> None:
        self.switcher.current = state
        self.set_focus(self.view.findings if state is State.READY else None)

    def on_mount(self) -> None:
        self.watch(self.app, "profile_name", self._follow_profile, init=False)
        self.watch(self.app, "base_model", self._follow_model, init=False)

    # Checking

    def show_file(self, path: Path, valid: Path | None = None, *, anew: bool = False) -> None:
        """Check a file, and a validation file beside it; a check that is running is given up.

        Args:
            path: the file.
            valid: the validation file.
            anew: check even where a report is known and nothing has changed.
        """
        self._path, self._valid = path, valid
        self._check(path, valid, self.app.base_model or None, anew=anew)

    def offer_file(self, path: Path) -> None:
        """Check the file in hand, unless a file has been checked here before."""
        if self._path is None:
            self.show_file(path)

    @work(group="report.validate", exclusive=True)
    async def _check(self, path: Path, valid: Path | None, model: str | None, *, anew: bool) -> None:
        self._checked = self._report = None
        self._limits = self._limits_for(model)
        names = path.name + (f" and {valid.name}" if valid is not None else "")
        self.working.begin(f"Checking {names}", "Every row is read and its tokens are counted; esc stops.")
        self.state = State.CHECKING
        self.app.running = f"checking {path.name}"
        try:
            check, limits, tell = self.app.services.checks.check, self._limits, self._tell
            found = await check(path, valid_path=valid, model=model, limits=limits, progress=tell, anew=anew)
        except FttuiError as error:
            self.notice.say_failure(error, "r tries again; 1 leads to the files.")
            self.state = State.FAILED
        else:
            self._checked, self._counted_for = found.report, model
            self.view.comparing = False
            self._judge()
            self.state = State.READY
            if found.from_cache:
                self.app.say("From the cache: nothing has changed since the last check. r checks again.")
        finally:
            self.app.running = ""

    def _limits_for(self, model: str | None) -> RowLimits:
        return self.app.services.row_limits(model, self.app.profile_name)

    def _follow_profile(self) -> None:
        """Another profile has other rules, and perhaps a limit of one's own for images."""
        if self._limits_for(self._counted_for).images == self._limits.images:
            self._judge()
        elif self.state in (State.CHECKING, State.READY):
            self._look_again()

    def _judge(self) -> None:
        """Show what was found by the rules of the profile that is chosen now."""
        from fttui.domain.dataset.ruling import Ruling

        if self._checked is None:
            return
        services, name = self.app.services, self.app.profile_name
        shows_valid = self._report is not None and self.view.report is self._report.valid
        ruling = Ruling.of(services.profile(name), services.capabilities(name))
        profile, model = services.profile(name), self.app.base_model
        dialect = whose_model(model, profile.dialect)
        book = price_book(services.settings.prices, dialect)
        self._report = report = priced(ruling.judge(self._checked), model, book, dialect)
        self.view.price_for(model, self._ending(model, name if dialect is profile.dialect else OPENAI.name))
        self.view.report = report.valid if shows_valid and report.valid is not None else report

    def _ending(self, model: str, profile: str) -> str:
        """When the base in hand ends, in words; empty where nothing is announced."""
        ending = self.app.services.ending_of(model, profile)
        if ending is None:
            return ""
        today = self.app.today
        return f"{ending.brief_words(today)}; {ending.training_words(today)}"

    def _follow_model(self, model: str) -> None:
        """Another base in hand has other prices, and perhaps other tokens and limits."""
        report = self._checked
        if report is None or report.tokens is None:
            return
        reports = [one for one in (report, report.valid) if one is not None and one.tokens is not None]
        longest = max(one.tokens.per_example.maximum for one in reports if one.tokens is not None)
        # Pictures cost each model something else.
        exact = all(one.tokens is not None and one.tokens.exact for one in reports)
        alike = encoding_for(self._counted_for) == encoding_for(model or None)
        uncut = not any(limits.cuts(longest) for limits in (self._limits, self._limits_for(model or None)))
        if exact and alike and uncut:
            self._judge()
        else:
            self._look_again()

    def _look_again(self) -> None:
        if self._path is not None:
            self.show_file(self._path, self._valid)

    def _tell(self, progress: ValidationProgress) -> None:
        if self.is_whole:
            found = present.counted(progress.findings, "finding")
            words = f"{present.counted(progress.examples, 'example')}, {found} so far"
            self.working.tell(progress.bytes_done, progress.bytes_total, words)

    def action_home(self) -> None:
        """Stop a running check, else go home."""
        if self.state is State.CHECKING:
            self.workers.cancel_group(self, "report.validate")
            self.notice.say("Stopped", STOPPED)
            self.state = State.FAILED
        else:
            super().action_home()

    # What to do with a report

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "train" | "prepare" | "costs" | "choose_model" | "choose_beside" | "export":
                return self.state is State.READY
            case "other_file" | "compare":
                return self.state is State.READY and self._report is not None and self._report.valid is not None
            case "open_path":
                return self.state in (State.EMPTY, State.FAILED)
            case "check_again":
                return self.state in (State.READY, State.FAILED)
            case _:
                return super().check_action(action, parameters)

    def action_check_again(self) -> None:
        """Check the same files again, even if nothing has changed."""
        if self._path is not None:
            self.show_file(self._path, self._valid, anew=True)

    def action_train(self) -> None:
        """Take the files into the Launch form."""
        if self._path is not None:
            self.app.launch_with(self._path, self._valid)

    def action_prepare(self) -> None:
        """Show the fixes that the file calls for."""
        from fttui.ui.screens.prepare import PrepareScreen

        report = self.view.report
        if report is not None:
            valid = self._valid if report is self._report else None
            self.app.push_screen(PrepareScreen(Path(report.file), valid, self.app.base_model))

    def action_costs(self) -> None:
        """Show what every model would cost on the file."""
        from fttui.ui.screens.estimate import EstimateScreen

        report = self.view.report
        if report is not None:
            self.app.push_screen(EstimateScreen(Path(report.file), self.app.base_model))

    def action_other_file(self) -> None:
        """Show the report on the other of the two files."""
        report = self._report
        if report is not None and report.valid is not None:
            self.view.report = report.valid if self.view.report is report else report

    def action_compare(self) -> None:
        """Show training and validation file side by side, or the plots again."""
        if self._report is not None:
            self.view.compare(self._report)

    @on(FindingTable.ExampleChosen)
    def _jump(self, event: FindingTable.ExampleChosen) -> None:
        report, finding = self.view.report, event.finding
        if report is None:
            return
        if finding.line == 0:
            self.app.say("This is about the file as a whole; there is no single row to show")
            return
        self.app.open_dataset(Path(report.file), finding.line - 1, finding.path)

    @work(group="report.ask", exclusive=True)
    async def action_choose_model(self) -> None:
        """Choose whose encoding, limits and prices apply."""
        from fttui.ui.model_choices import choose_base

        await choose_base(self.app, "Price and limits of")

    @work(group="report.ask", exclusive=True)
    async def action_choose_beside(self) -> None:
        """Choose a validation file, and check both."""
        from fttui.ui.report_asking import ask_for_file

        chosen = await ask_for_file(self.app, "Validation file", leave_out=self._path)
        if chosen is not None and self._path is not None:
            self.show_file(self._path, chosen)

    @work(group="report.ask", exclusive=True)
    async def action_open_path(self) -> None:
        """Choose a file, and check it."""
        from fttui.ui.report_asking import ask_for_file

        chosen = await ask_for_file(self.app, "File to check", leave_out=self._path)
        if chosen is not None:
            self.app.show_report(chosen)

    @work(group="report.ask", exclusive=True)
    async def action_export(self) -> None:
        """Save the report beside the file, or wherever is typed; the ending decides what it is written as."""
        from fttui.ui.report_asking import save_report

        if self._report is not None:
            await save_report(self.app, self._report)
