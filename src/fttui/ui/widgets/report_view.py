"""A report on one screen: verdict, facts, findings, distributions."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from fttui.domain.dataset.comparison import side_by_side
from fttui.domain.dataset.finding import Severity
from fttui.domain.dataset.report import Report
from fttui.domain.text import safe_line
from fttui.ui import report_words
from fttui.ui.cells import fitting
from fttui.ui.widgets.finding_table import FindingTable
from fttui.ui.widgets.histogram import Histogram
from fttui.ui.widgets.line_list import LineList

MARKS = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.INFO: "✓", None: "✓"}
LABEL = 7


def _right(text: str, width: int) -> str:
    return " " * max(width - cell_len(text), 0) + text


class ReportView(Vertical):
    """A whole report on one screen."""

    COMPONENT_CLASSES = {"report--label"}
    DEFAULT_CSS = """
    ReportView {
        height: 1fr;
        & > .verdict, & > .fact { height: 1; }
        & > .facts { height: auto; }
        & > FindingTable { height: 1fr; min-height: 3; }
        & > .detail { height: auto; max-height: 4; }
        & > .clean { height: auto; display: none; }
        & > .plots { height: 7; }
        & > .both { height: auto; display: none; }
        &.-comparing > .both { display: block; }
        &.-comparing > .plots, &.-comparing > .detail { display: none; }
        & Histogram { width: 1fr; margin-right: 2; }
        &.-clean > FindingTable, &.-clean > .detail { display: none; }
        &.-clean > .clean { display: block; }
        &.-clean > .plots { height: 1fr; max-height: 16; }
    }
    """

    report: reactive[Report | None] = reactive[Report | None](None, init=False)

    comparing: reactive[bool] = reactive(False, init=False)
    """Whether both files stand side by side in place of the plots."""

    @property
    def model(self) -> str:
        """The model that was asked about; empty for none."""
        return self._model

    findings = getters.query_one(FindingTable)

    def __init__(self, *, ascii: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._ascii = ascii
        self._model = self._ending = ""

    def compose(self) -> ComposeResult:
        yield Static(Content(""), classes="verdict")
        yield Static(Content(""), classes="facts")
        yield FindingTable(ascii=self._ascii, id="findings")
        yield Static(Content(""), classes="detail")
        yield Static(Content(""), classes="clean")
        yield Static(Content(""), classes="both")
        with Horizontal(classes="plots"):
            yield Histogram("Tokens per example", ascii=self._ascii, id="token-plot")
            yield Histogram("Messages per example", ascii=self._ascii, id="turn-plot")

    def watch_report(self, report: Report | None) -> None:
        if report is None:
            return
        line = self.query_one(".verdict", Static)
        mark = MARKS[report.worst] if report.examples else MARKS[Severity.ERROR]
        line.update(Content(f"{mark} {report_words.verdict(report)}"))
        line.set_class(mark == "✗", "-bad")
        line.set_class(mark == "!", "-fair")
        self._say_facts()
        self.query_one(".clean", Static).update(Content(report_words.next_step(report)))
        self.set_class(not report.findings, "-clean")
        self.findings.show_groups(report.findings)
        self._say_detail()
        self.query_one("#token-plot", Histogram).distribution = report.tokens.per_example if report.tokens else None
        self.query_one("#turn-plot", Histogram).distribution = report.turns

    def price_for(self, model: str, ending: str) -> None:
        """Tell the report's facts for another base.

        Args:
            model: the one that is asked about; empty for none.
            ending: when it ends, in words.
        """
        self._model, self._ending = model, ending
        self._say_facts()

    def _say_facts(self) -> None:
        if self.report is None:
            return
        facts = self.query_one(".facts", Static)
        # Before it was shown for the first time it has no size.
        room = (facts.content_size.width or self.app.size.width) - LABEL
        labelled = [
            Content.assemble((f"{label:<{LABEL}}", ".report--label"), fitting(words.split(" · "), room))
            for label, words in report_words.facts(self.report, self._model, self._ending)
        ]
        facts.update(Content("\n").join(labelled))

    def on_resize(self) -> None:
        """Tell as many of the facts as there is room for now."""
        self.call_after_refresh(self._say_facts)

    def watch_comparing(self, comparing: bool) -> None:
        self.set_class(comparing, "-comparing")

    def compare(self, report: Report) -> None:
        """Put a training file and its validation file side by side, or the plots back."""
        rows = side_by_side(report)
        head = (
            "side by side",
            safe_line(report.file.name, 24),
            safe_line(report.valid.file.name, 24) if report.valid else "",
        )
        widths = [max(cell_len(row[place]) for row in (head, *rows)) for place in range(3)]
        lines = [
            "  ".join(
                (
                    set_cell_size(label, widths[0]),
                    *(_right(cell, width) for cell, width in zip(cells, widths[1:], strict=True)),
                )
            )
            for label, *cells in (head, *rows)
        ]
        self.query_one(".both", Static).update(Content("\n".join(lines)))
        self.comparing = not self.comparing

    @on(LineList.Highlighted)
    def _follow_cursor(self, event: LineList.Highlighted) -> None:
        event.stop()
        self._say_detail()

    def _say_detail(self) -> None:
        """All of the message under the cursor, which its row may cut."""
        row = self.findings.current
        detail = self.query_one(".detail", Static)
        if row is None or self.report is None:
            detail.update(Content(""))
        else:
            words = report_words.detail(row, self.report)
            detail.update(Content(words))
