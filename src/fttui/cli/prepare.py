"""``fttui prepare``: every fix that a training file calls for, and new files with those that are accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fttui.cli.check import FILE, FORMATS
from fttui.cli.frame import ExitCode, emit_json, is_interactive, json_option, profile_option, talk
from fttui.cli.paint import paint, print_painted
from fttui.cli.prepare_text import outcome_lines, outcome_object, plan_lines
from fttui.cli.progress_line import percent, progress_line
from fttui.domain.dataset.preparation.catalogue import FIX_BY_CODE, FIXES, RECOMMENDED, REPAIRS, REQUIRED
from fttui.domain.dataset.preparation.fix import Recipe
from fttui.domain.dataset.preparation.sampling import Split, SplitBy, split_amount
from fttui.domain.dataset.record import DataFormat
from fttui.domain.errors import UsageError
from fttui.domain.profiles.profile import OPENAI

if TYPE_CHECKING:
    from fttui.services.dataset.preparing.order import Order


@click.command("prepare")
@click.argument("file", type=FILE, required=False)
@click.option("--plan", "plan_only", is_flag=True, help="Show what would be done and write nothing.")
@click.option("--accept", "codes", metavar="CODE", multiple=True, help="Make this fix; several times or with commas.")
@click.option("--recommended", is_flag=True, help="Make every fix that is on by default.")
@click.option("--all", "everything", is_flag=True, help="Make every fix that mends something, on by default or not.")
@click.option("--decline", "declined", metavar="CODE", multiple=True, help="But not this one.")
@click.option("--split", "amount", metavar="F", help="Validation rows: a share such as 0.1 or 10%, or a number.")
@click.option(
    "--split-by",
    type=click.Choice([entry.value for entry in SplitBy]),
    default=SplitBy.PROMPT.value,
    show_default=True,
    help="At random, every label in both parts, or rows of one prompt together so that nothing leaks.",
)
@click.option("--seed", type=int, default=42, show_default=True, help="Draws the split and what rebalancing keeps.")
@click.option("--valid", "against", type=FILE, help="A validation file whose rows must not be in the result.")
@click.option("--model", help="The base whose token limit applies.")
@click.option("--max-tokens", type=click.IntRange(1), help="A token limit of one's own.")
@click.option("--system", "system_prompt", metavar="TEXT", default="", help="The text for add-system-prompt.")
@click.option(
    "--label-ratio",
    type=click.FloatRange(1),
    default=2.0,
    show_default=True,
    help="For rebalance: how many times as many rows as the rarest label a label may have.",
)
@click.option(
    "--label-field", metavar="FIELD", default="", help="Where rows have their label; the answer itself, if short."
)
@click.option("--format", "data_format", type=FORMATS, default="auto", help="What rows are.")
@click.option("--out", "folder", type=FILE, metavar="DIR", help="Where to write; beside the file if absent.")
@click.option("--list-fixes", is_flag=True, help="Print every fix in its order and do nothing else.")
@profile_option
@json_option
def command(
    file: Path | None,
    plan_only: bool,
    codes: tuple[str, ...],
    recommended: bool,
    everything: bool,
    declined: tuple[str, ...],
    amount: str | None,
    split_by: str,
    seed: int,
    against: Path | None,
    model: str | None,
    max_tokens: int | None,
    system_prompt: str,
    label_ratio: float,
    label_field: str,
    data_format: str,
    folder: Path | None,
    list_fixes: bool,
    profile: str | None,
    as_json: bool,
) -> int:
    """Mend a training file: new files beside it, the file itself stays as it is.

    Without --accept, --recommended, --all or --split the plan is shown, and on a terminal you are asked.
    """
    if list_fixes:
        _list_fixes(as_json)
        return ExitCode.GOOD
    if file is None:
        raise click.UsageError("Missing argument 'FILE'.")
    from fttui.services.container import Services
    from fttui.services.dataset.preparing.order import Order

    named = _codes(codes)
    decided = bool(named or recommended or everything or amount)
    accepted = named | (REPAIRS if everything else frozenset()) | (RECOMMENDED if recommended else frozenset())
    if not decided:
        accepted = RECOMMENDED
    if system_prompt:
        accepted |= {"add-system-prompt"}
    if "add-system-prompt" in named and not system_prompt:
        raise click.UsageError("add-system-prompt needs the text: --system TEXT.")
    services = Services.open()
    images = services.profile(profile or OPENAI.name).own_limit("images_per_example")
    recipe = Recipe(accepted - _codes(declined), system_prompt, max_tokens, label_ratio, seed, label_field, images)
    split = Split(_amount(amount), SplitBy(split_by), seed) if amount else None
    kind = None if data_format == "auto" else DataFormat(data_format)
    order = Order(file, recipe, model, against, split, folder, kind, services.settings.example_tokens)
    if plan_only or not decided:
        return _plan(order, as_json, may_ask=not plan_only)
    return _prepare(order, as_json)


def _codes(given: tuple[str, ...]) -> frozenset[str]:
    codes = frozenset(code.strip() for entry in given for code in entry.split(",") if code.strip())
    for code in sorted(codes):
        if code not in FIX_BY_CODE:
            raise UsageError(f"There is no fix {code}", hint="fttui prepare --list-fixes names them all.")
    return codes


def _amount(text: str) -> float:
    amount = split_amount(text)
    if amount is None:
        raise UsageError(f"--split {text} is neither a share nor a number of rows", hint="For example 0.1, 10% or 200.")
    return amount


def _plan(order: Order, as_json: bool, *, may_ask: bool) -> int:
    from fttui.services.dataset.preparing.order import Outcome
    from fttui.services.dataset.preparing.survey import survey

    with _ticking() as tick:
        plan = survey(order, tick)
    if as_json:
        emit_json(outcome_object(Outcome(plan)))
        return ExitCode.GOOD
    for line in plan_lines(plan):
        print_painted(line)
    if may_ask and plan.changes and is_interactive():
        if click.confirm("Write new files with the fixes marked [x]?", err=True):
            return _prepare(order, as_json)
    elif plan.changes:
        talk("Nothing was written. --recommended makes the fixes marked [x], --accept CODE single ones.")
    return ExitCode.GOOD


def _prepare(order: Order, as_json: bool) -> int:
    from fttui.services.dataset.preparing.writing import prepare

    with _ticking() as tick:
        outcome = prepare(order, tick)
    if as_json:
        emit_json(outcome_object(outcome))
    else:
        for line in (*plan_lines(outcome.plan, samples=0), *outcome_lines(outcome)):
            print_painted(line)
    if not order.recipe.accepted and (undone := ",".join(entry.fix.code for entry in outcome.plan.undone)):
        talk(f"Some rows are left as they were, and could be mended: --accept {undone}, or --recommended.")
    return ExitCode.GOOD


@contextmanager
def _ticking() -> Iterator[Callable[[int, int], None]]:
    with progress_line() as tell:
        yield lambda done, total: tell(f"{percent(done, total)} of this pass, {done / 1e6:,.0f} MB")


def _list_fixes(as_json: bool) -> None:
    if as_json:
        entries = [
            {
                "code": fix.code,
                "title": fix.title,
                "why": fix.why,
                "effect": fix.effect,
                "habit": fix.habit,
                "cures": fix.cures,
                "formats": sorted(fix.formats),
                "version": fix.version,
            }
            for fix in FIXES
        ]
        emit_json({"fixes": entries})
        return
    for fix in FIXES:
        state = "always" if fix.code in REQUIRED else "on" if fix.code in RECOMMENDED else "off"
        print_painted(f"{paint(f'{state:<7}', dim=True)}{paint(f'{fix.code:<25}', bold=True)} {paint(fix.title)}")
        needs = f" · needs {fix.needs}" if fix.needs else ""
        cures = f" · cures {', '.join(fix.cures)}" if fix.cures else ""
        print_painted(paint(f"{'':<33}{fix.why}{cures}{needs}", dim=True))
