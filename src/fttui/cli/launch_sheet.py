"""What a launch is about to do, for a person to agree to, and what forbids it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from fttui.domain.dataset.finding import Severity
from fttui.domain.dataset.report import CostRange, Report
from fttui.domain.errors import RefusedLaunchError
from fttui.domain.jobs import engine_defaults
from fttui.domain.jobs.draft import Draft, source_name
from fttui.domain.jobs.estimate import auto_epochs
from fttui.domain.jobs.launch_cost import launch_cost
from fttui.domain.jobs.lifecycle import lifecycle_of
from fttui.domain.profiles.profile import Dialect, Profile
from fttui.domain.text import safe_line


@dataclass(frozen=True, slots=True)
class LaunchSheet:
    """A launch with the report on its file."""

    draft: Draft
    report: Report
    profile: Profile

    @property
    def is_free(self) -> bool:
        """Whether it runs on this computer."""
        return self.profile.dialect is Dialect.ENGINE

    @property
    def epochs(self) -> int:
        """How often the file is gone through: as chosen, else as the provider is known to choose."""
        chosen = self.draft.hyperparameters.get("n_epochs")
        if isinstance(chosen, int):
            return chosen
        return (engine_defaults.auto_epochs if self.is_free else auto_epochs)(self.report.valid_examples)

    @property
    def cost(self) -> CostRange | None:
        """What it may cost; None where no price is known."""
        return launch_cost(self.report, self.draft.model, self.epochs)

    def lines(self) -> Iterator[str]:
        """The sheet, line by line, safe to show."""
        report, draft = self.report, self.draft
        for group in report.findings:
            if group.severity is not Severity.INFO:
                first = group.examples[0].line if group.examples else 0
                where = f" (first in line {first})" if first else ""
                yield f"  {group.severity.value}: {safe_line(group.message)}, {group.count:,} times{where}"
        name = safe_line(source_name(draft.training))
        yield f"  file      {name}, {report.examples:,} examples, {report.size:,} bytes"
        if draft.validation is not None:
            yield f"  kept back {safe_line(source_name(draft.validation))}"
        yield f"  base      {safe_line(draft.model)}, {draft.method.value}"
        chosen = ", ".join(f"{key} {value}" for key, value in draft.hyperparameters.items())
        yield f"  settings  {safe_line(chosen) or 'all auto'}"
        yield f"  where     {'on this computer' if self.is_free else safe_line(self.profile.host)}"
        yield f"  cost      {self._cost_words()}"
        yield from self._end_words()

    def _cost_words(self) -> str:
        if self.is_free:
            return "nothing"
        cost = self.cost
        if cost is None:
            return "unknown: there is no price for this model here"
        span = f"{cost.low:.2f}" if cost.low == cost.high else f"{cost.low:.2f} to {cost.high:.2f}"
        return f"about {cost.currency} {span} for {self.epochs} epochs (prices of {cost.prices_checked})"

    def _end_words(self) -> Iterator[str]:
        ending = None if self.is_free else lifecycle_of(self.draft.model)
        if ending is not None:
            yield f"  ends      this base and its tunes stop answering on {ending.shuts_down}"

    def refuse_if_wrong(self, max_cost: float | None, today: date) -> None:
        """Stop what must not be launched.

        Args:
            max_cost: the most it may cost, in the currency of the prices.
            today: the day of the launch.

        Raises:
            RefusedLaunchError: the file has errors, the base is closed, or it may cost too much.
        """
        reports = [self.report, *([self.report.valid] if self.report.valid else [])]
        errors = sum(report.count(Severity.ERROR) for report in reports)
        if errors:
            raise RefusedLaunchError(
                f"The check found {errors:,} errors; nothing was sent",
                hint=f"See them all with: fttui check {safe_line(str(self.report.file))}",
            )
        ending = None if self.is_free else lifecycle_of(self.draft.model)
        if ending is not None and not ending.can_train(today):
            raise RefusedLaunchError(
                f"{safe_line(self.draft.model)} takes no jobs since {ending.training_ends}; nothing was sent"
            )
        if max_cost is None or self.is_free:
            return
        cost = self.cost
        if cost is None:
            raise RefusedLaunchError(
                f"There is no price for {safe_line(self.draft.model)} here, so --max-cost cannot be kept",
                hint="Launch without --max-cost if you know the price.",
            )
        if cost.high > max_cost:
            raise RefusedLaunchError(
                f"It may cost {cost.currency} {cost.high:.2f}, more than {max_cost:.2f}; nothing was sent"
            )
