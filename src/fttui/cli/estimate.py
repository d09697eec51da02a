"""``fttui estimate``: tokens, epochs, steps and cost of a job that does not exist yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from fttui.cli.check import FILE, checked
from fttui.cli.ending import ending_line, lifecycle_object, today_at
from fttui.cli.frame import ExitCode, emit_json, json_option, profile_option
from fttui.cli.paint import paint, print_painted
from fttui.cli.provider_facts import ProviderFacts, provider_facts
from fttui.cli.report_text import cost_line, tokens_line
from fttui.domain.dataset.encodings import encoding_for
from fttui.domain.dataset.report import CostRange, Report, TokenTotals
from fttui.domain.dataset.report_export import tokens_value
from fttui.domain.errors import UnreadableFileError
from fttui.domain.jobs.estimate import auto_batch_size, steps, training_cost
from fttui.domain.jobs.lifecycle import lifecycle_of
from fttui.domain.jobs.prices import PriceBook
from fttui.domain.profiles.profile import Dialect


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a job would be: sizes, and the cost on the model asked for or on every model that fits."""

    report: Report
    tokens: TokenTotals
    epochs: int
    batch_size: int
    steps: int
    costs: tuple[CostRange, ...]


@click.command("estimate")
@click.argument("file", type=FILE)
@click.option("--model", help="The base to train; every base that has a price by the token if absent.")
@click.option("--epochs", type=click.IntRange(1, 50), help="How often to go through the file; auto if absent.")
@profile_option
@json_option
def command(file: Path, model: str | None, epochs: int | None, profile: str | None, as_json: bool) -> int:
    """Tokens, epochs, steps and cost of training on a file, with the dates of all prices."""
    facts = provider_facts(profile)
    report = checked(file, None, model)
    if report.tokens is None or report.epochs is None:
        raise UnreadableFileError(f"{file} has no examples to count", hint=f"fttui check {file} tells what is wrong.")
    estimate = _estimate(report, report.tokens, model, epochs or report.epochs, facts.book)
    if as_json:
        emit_json(_estimate_object(estimate, model, facts))
    else:
        _print(estimate, model, facts)
    return ExitCode.GOOD


def _estimate(report: Report, tokens: TokenTotals, model: str | None, epochs: int, book: PriceBook) -> Estimate:
    batch_size = auto_batch_size(report.examples)
    # Counted in one encoding, so only models that read text with it are comparable.
    priced = [entry.model for entry in book.prices]
    models = [model] if model else [name for name in priced if encoding_for(name).name == tokens.encoding]
    costs = [training_cost(name, tokens.billable, epochs, tokens.uncertain, book=book) for name in models]
    return Estimate(
        report=report,
        tokens=tokens,
        epochs=epochs,
        batch_size=batch_size,
        steps=steps(report.examples, batch_size, epochs),
        costs=tuple(cost for cost in costs if cost is not None),
    )


def _estimate_object(estimate: Estimate, model: str | None, facts: ProviderFacts) -> dict[str, object]:
    report = estimate.report
    return {
        "file": report.file,
        "model": model,
        "format": report.format,
        "examples": report.examples,
        "tokens": tokens_value(estimate.tokens),
        "epochs": {"auto": report.epochs, "used": estimate.epochs},
        "batch_size": {"auto": estimate.batch_size},
        "steps": estimate.steps,
        "cost": estimate.costs[0] if model and estimate.costs else None,
        "costs": None if model else estimate.costs,
        "lifecycle": lifecycle_object(lifecycle_of(model, facts.dialect), today_at()) if model else None,
    }


def _print(estimate: Estimate, model: str | None, facts: ProviderFacts) -> None:
    report = estimate.report
    print_painted(paint(str(report.file), bold=True))
    print_painted(f"Examples {report.examples:,}")
    print_painted(tokens_line(estimate.tokens))
    how = "auto" if estimate.epochs == report.epochs else f"auto would be {report.epochs}"
    print_painted(f"Epochs   {estimate.epochs} ({how})")
    print_painted(f"Steps    {estimate.steps:,} at batch size {estimate.batch_size} (auto)")
    today = today_at()
    for cost in estimate.costs:
        print_painted(cost_line(cost) + ("" if model else _ending(cost.model, facts.dialect, today)))
    if model and (line := ending_line(model, facts.dialect, today)):
        print_painted(line)
    if model and not estimate.costs:
        price = facts.book.price_of(model)
        by_hour = price is not None and price.training_hour is not None
        print_painted(
            "Cost     by the hour, not by the token" if by_hour else "Cost     no price is known for this model"
        )


def _ending(model: str, dialect: Dialect | None, today: date) -> str:
    lifecycle = lifecycle_of(model, dialect)
    return "" if lifecycle is None else paint(f"  {lifecycle.words(today)}", "yellow")
