"""What a launch is about to do, for a person to agree to, and what forbids it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from fttui.cli.ending import today_at
from fttui.domain.counts import counted
from fttui.domain.dataset.finding import Severity
from fttui.domain.dataset.report import CostRange, Report
from fttui.domain.errors import RefusedLaunchError
from fttui.domain.jobs.auto_size import auto_size
from fttui.domain.jobs.base_caution import ADVICE, Caution, caution
from fttui.domain.jobs.draft import Draft, source_name
from fttui.domain.jobs.job import Method
from fttui.domain.jobs.launch_cost import launch_cost
from fttui.domain.jobs.ledger import Estimate
from fttui.domain.jobs.ledger_estimate import expected
from fttui.domain.jobs.lifecycle import Lifecycle
from fttui.domain.jobs.prices import PRICE_BOOK, PriceBook
from fttui.domain.profiles.profile import Dialect, Profile
from fttui.domain.text import safe_line


@dataclass(frozen=True, slots=True)
class LaunchSheet:
    """A launch with the report on its file."""

    draft: Draft
    report: Report | None
    """None for a file that lies at the provider."""
    profile: Profile
    book: PriceBook = PRICE_BOOK
    """The prices that hold at the profile."""
    today: date = field(default_factory=today_at)
    ending: Lifecycle | None = None
    """The last days of the base, where they are announced."""

    @property
    def is_free(self) -> bool:
        """Whether it runs on this computer."""
        return self.profile.dialect is Dialect.ENGINE

    @property
    def epochs(self) -> int | None:
        """How often the file is gone through: as chosen, else as the provider is known to choose; None if unknown."""
        chosen = self.draft.hyperparameters.get("n_epochs")
        if isinstance(chosen, int):
            return chosen
        if self.report is None:
            return None
        size = auto_size(self.report.valid_examples, self.profile.dialect)
        return size.epochs if size is not None else None

    @property
    def cost(self) -> CostRange | None:
        """What it may cost; None where no price is known."""
        if self.report is None or not self.epochs:
            return None
        return launch_cost(self.report, self.draft.model, self.epochs, self.book)

    @property
    def expected(self) -> Estimate:
        """The estimate as the ledger keeps it."""
        return expected(self.draft, self.report, self.epochs, self.book, free=self.is_free)

    def lines(self) -> Iterator[str]:
        """The sheet, line by line, safe to show."""
        report, draft = self.report, self.draft
        for group in report.findings if report is not None else ():
            if group.severity is not Severity.INFO:
                first = group.examples[0].line if group.examples else 0
                where = f" (first in line {first})" if first else ""
                often = "once" if group.count == 1 else f"{group.count:,} times"
                yield f"  {group.severity.value}: {safe_line(group.message)}, {often}{where}"
        name = safe_line(source_name(draft.training))
        size = "not checked here"
        if report is not None:
            size = f"{counted(report.examples, 'example')}, {counted(report.size, 'byte')}"
        yield f"  file      {name}, {size}"
        if draft.validation is not None:
            yield f"  kept back {safe_line(source_name(draft.validation))}"
        yield f"  base      {safe_line(draft.model)}, {draft.method.value}"
        chosen = ", ".join(f"{key} {value}" for key, value in draft.hyperparameters.items())
        yield f"  settings  {safe_line(chosen) or 'all auto'}"
        if draft.grader is not None and draft.method is Method.REINFORCEMENT:
            yield f"  grader    {safe_line(str(draft.grader.get('name')))}: {safe_line(str(draft.grader.get('type')))}"
        if draft.wandb is not None:
            yield f"  W&B       {safe_line(draft.wandb.project)}"
        yield f"  where     {'on this computer' if self.is_free else safe_line(self.profile.host)}"
        yield f"  cost      {self._cost_words()}"
        yield from self._end_words()

    def _cost_words(self) -> str:
        if self.is_free:
            return "nothing"
        cost = self.cost
        if cost is None:
            return "unknown: " + (self._no_cost_words() if self.report else "the file was not checked")
        if not cost.low and cost.high:
            return f"up to {cost.currency} {cost.high:,.2f}, where the job is paused (prices of {cost.prices_checked})"
        low, high = f"{cost.low:.2f}", f"{cost.high:.2f}"
        span = high if low == high else f"{low} to {high}"
        return (
            f"about {cost.currency} {span} for {counted(self.epochs or 0, 'epoch')} (prices of {cost.prices_checked})"
        )

    def _no_cost_words(self) -> str:
        price = self.book.price_of(self.draft.model)
        if price is None or price.training_hour is None:
            return f"there is no price for {safe_line(self.draft.model)} here"
        rate = f"{self.book.currency} {price.training_hour:,.2f}"
        return f"each hour of training {safe_line(self.draft.model)} costs {rate}, and no upper end is published"

    def _end_words(self) -> Iterator[str]:
        ending = self.ending
        if ending is None:
            return
        if ending.words(self.today):
            yield f"  ends      base and tunes stop answering on {ending.shuts_down}: {ending.words(self.today)}"
        yield f"            {ending.training_words(self.today)} ({ending.source})"

    @property
    def caution(self) -> Caution | None:
        """What speaks against the base, so that it is asked about again."""
        return caution(self.draft.model, self.profile.name, self.ending, self.today)

    def refuse_base_unasked(self) -> None:
        """Stop a launch on a base that nobody can be asked about, where a yes in advance does not cover it.

        Raises:
            RefusedLaunchError: it takes no jobs by the dates known here, or ends within days.
        """
        found = self.caution
        if found is not None and (found.closed or found.shortly):
            raise RefusedLaunchError(
                f"{safe_line(found.reason, 300)} Nothing was sent",
                hint=f"{found.source}. {ADVICE}; --anyway trains on it all the same.",
            )

    def refuse_if_wrong(self, max_cost: float | None) -> None:
        """Stop what must not be launched.

        Args:
            max_cost: the most it may cost, in the currency of the prices.

        Raises:
            RefusedLaunchError: the file has errors, or it may cost too much.
        """
        first = self.report
        reports = [one for one in (first, first.valid if first is not None else None) if one is not None]
        errors = sum(report.count(Severity.ERROR) for report in reports)
        if errors:
            raise RefusedLaunchError(
                f"The check found {counted(errors, 'error')}; nothing was sent",
                hint=f"See them all with: fttui check {safe_line(str(self.draft.training))}",
            )
        if max_cost is None or self.is_free:
            return
        cost = self.cost
        if cost is None:
            why = self._no_cost_words() if self.report is not None else "the file was not checked here"
            why = why[0].upper() + why[1:]
            raise RefusedLaunchError(
                f"{why}, so --max-cost cannot be kept",
                hint="Launch without --max-cost if you know the price.",
            )
        if cost.high > max_cost:
            raise RefusedLaunchError(
                f"It may cost {cost.currency} {cost.high:.2f}, more than {max_cost:.2f}; nothing was sent"
            )
