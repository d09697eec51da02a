"""``fttui estimate``: what a job that does not exist yet takes and costs, and what using its model costs afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from fttui.cli.check import FILE
from fttui.cli.estimate_json import sheet_object
from fttui.cli.estimate_text import print_sheet
from fttui.cli.frame import ExitCode, emit_json, json_option, profile_option, with_services
from fttui.cli.progress_line import percent, progress_line
from fttui.domain.errors import UnreadableFileError
from fttui.domain.jobs.bases import BASES
from fttui.domain.jobs.inference import DAYS_A_MONTH, Traffic
from fttui.domain.jobs.prices import price_of
from fttui.domain.profiles.profile import OPENAI, Dialect

if TYPE_CHECKING:
    from fttui.domain.jobs.model_estimate import EstimateSheet
    from fttui.services.container import Services
    from fttui.services.jobs.estimating import Wanted

_COUNT = click.FloatRange(min=0, min_open=True)
_TOKENS = click.FloatRange(min=0)


@click.command("estimate")
@click.argument("file", type=FILE)
@click.option("--model", default="", help="The model in hand; it is marked, and the others stand beside it.")
@click.option("--epochs", type=click.IntRange(1, 50), help="How often to go through the file; auto if absent.")
@click.option("--batch-size", type=click.IntRange(1, 256), help="Rows per step; auto if absent.")
@click.option("--requests-per-month", type=_COUNT, help="Requests to the tuned model; costs of 1,000 if absent.")
@click.option("--requests-per-day", type=_COUNT, help="The same by the day.")
@click.option("--prompt-tokens", type=_TOKENS, help="Tokens of a request; the mean of the file if absent.")
@click.option("--answer-tokens", type=_TOKENS, help="Tokens of an answer; the mean of the file if absent.")
@click.option("--all-profiles", is_flag=True, help="The models of all profiles side by side.")
@profile_option
@json_option
def command(
    file: Path,
    model: str,
    epochs: int | None,
    batch_size: int | None,
    requests_per_month: float | None,
    requests_per_day: float | None,
    prompt_tokens: float | None,
    answer_tokens: float | None,
    all_profiles: bool,
    profile: str | None,
    as_json: bool,
) -> int:
    """Tokens, epochs, steps and cost for every model that a profile trains, side by side.

    Also what the tuned model costs to use beside its base, and what leaving repeated instructions out would save, all
    with the day of the prices. On the embedded engine training is free; without --profile the prices of OpenAI stand
    beside it.
    """
    if requests_per_day is not None:
        if requests_per_month is not None:
            raise click.UsageError("Give requests by the month or by the day.")
        requests_per_month = requests_per_day * DAYS_A_MONTH
    traffic = Traffic(requests_per_month, prompt_tokens, answer_tokens)

    async def work(services: Services) -> EstimateSheet:
        from fttui.services.jobs.estimating import Wanted, profiles_for

        name = profile or _whose(services, model)
        profiles = profiles_for(services, name, everyone=all_profiles)
        # Who names the engine means the engine.
        profiles = profiles if all_profiles or profile is None else profiles[:1]
        return await _sheet(services, file, Wanted(profiles, model.strip(), epochs, batch_size, traffic))

    sheet = with_services(work)
    if not sheet.survey.usable:
        raise UnreadableFileError(f"{file} has no examples to count", hint=f"fttui check {file} tells what is wrong.")
    if as_json:
        emit_json(sheet_object(sheet))
    else:
        print_sheet(sheet)
    return ExitCode.GOOD


def _whose(services: Services, model: str) -> str | None:
    """The profile that a model's own name tells, where none was named and the embedded engine would be meant."""
    if not model or services.profile().dialect is not Dialect.ENGINE or model in BASES[Dialect.ENGINE].formats:
        return None
    return OPENAI.name if price_of(model) is not None else None


async def _sheet(services: Services, file: Path, wanted: Wanted) -> EstimateSheet:
    from fttui.services.jobs.estimating import ask_trainers, books_of, count_file, estimate_sheet, pace_here, today_of

    today = today_of(services)
    trainers = await ask_trainers(services, wanted)
    with progress_line() as tell:
        survey = await count_file(
            file, wanted, trainers, today, lambda done, total: tell(f"Counting {percent(done, total)}")
        )
    pace = await pace_here(services)
    own = services.settings.example_tokens
    return estimate_sheet(file, survey, wanted, trainers, books_of(services), today, pace, own)
