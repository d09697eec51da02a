"""Check, upload and start a job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fttui.cli.ending import today_at
from fttui.cli.follow import follow_job
from fttui.cli.frame import (
    ExitCode,
    emit_json,
    is_interactive,
    json_option,
    profile_option,
    say,
    talk,
    with_services,
)
from fttui.cli.launch_carry import tell_ways_on
from fttui.cli.launch_options import (
    METHOD_OF,
    Given,
    fill_draft,
    hyperparameter_options,
    more_options,
    source_of,
    wandb_of,
)
from fttui.cli.launch_sheet import LaunchSheet
from fttui.cli.progress_line import percent, progress_line
from fttui.domain.counts import counted
from fttui.domain.dataset.row_limits import RowLimits
from fttui.domain.dataset.ruling import Ruling
from fttui.domain.errors import ForbiddenError, KeyStoreError, ProviderError, RefusedLaunchError, UsageError
from fttui.domain.jobs.draft import Draft
from fttui.domain.jobs.job import Job, Method
from fttui.domain.jobs.prices import price_book
from fttui.domain.jobs.provider_rules import provider_problems
from fttui.domain.jobs.retarget import draft_of
from fttui.domain.profiles.profile import Dialect, Profile
from fttui.domain.text import safe_line

if TYPE_CHECKING:
    from fttui.domain.dataset.report import Report
    from fttui.domain.remote import RemoteModel
    from fttui.services.container import Services
    from fttui.services.dataset.validation import ValidationProgress
    from fttui.services.jobs.launch_plan import LaunchProgress


@click.command("launch")
@click.argument("file", required=False)
@click.option("--recipe", metavar="NAME|FILE", help="Begin with a kept launch; other options go before what it says.")
@click.option("--valid", "valid", metavar="FILE", help="Rows kept back, to validate with.")
@click.option("--model", help="The base model; on the embedded engine its own base if absent.")
@click.option(
    "--method", type=click.Choice([method.value for method in Method]), help="How to train; the rows tell if absent."
)
@hyperparameter_options
@more_options
@click.option("--suffix", help="Part of the tuned model's name.")
@click.option("--seed", help="Same seed, same run.")
@click.option("--metadata", multiple=True, metavar="KEY=VALUE", help="Kept with the job; may be given many times.")
@click.option("--yes", is_flag=True, help="Do not ask. Without it nothing is sent from a script.")
@click.option("--max-cost", type=click.FloatRange(min=0), metavar="USD", help="Refuse if it may cost more.")
@click.option("--anyway", is_flag=True, help="Train on a base that ends within days, or takes no jobs any more.")
@click.option("--follow", is_flag=True, help="Follow the job until it ends.")
@profile_option
@json_option
def command(
    file: str | None,
    recipe: str | None,
    valid: str | None,
    model: str | None,
    method: str | None,
    suffix: str | None,
    seed: str | None,
    metadata: tuple[str, ...],
    yes: bool,
    max_cost: float | None,
    anyway: bool,
    follow: bool,
    profile: str | None,
    as_json: bool,
    grader: Path | None,
    response_format: Path | None,
    wandb_project: str | None,
    wandb_name: str | None,
    wandb_entity: str | None,
    wandb_tags: tuple[str, ...],
    **typed: str | None,
) -> int:
    """Check FILE completely, show what is about to happen, ask, upload it and start a job.

    FILE may also be the id of a file at the provider, and may be left out where a recipe names one. Nothing is
    sent while the check finds errors, and nothing without a yes.
    """
    wandb = wandb_of(wandb_project, wandb_name, wandb_entity, wandb_tags)
    given = Given(suffix, seed, metadata, typed, grader, response_format, wandb)

    async def work(services: Services) -> int:
        chosen = services.profile(profile)
        begun = await begin_draft(services, chosen, recipe)
        training, validation = source_of(file) or begun.training, source_of(valid) or begun.validation
        if training is None:
            raise UsageError("Name the file to train on" + (": the recipe names none here" if recipe else ""))
        base = model or begun.model or await _own_base(services, chosen.name)
        begun = replace(begun, training=training, validation=validation, model=base)
        # What the place alone forbids is said before anything is read.
        await _refuse_at(services, chosen, replace(begun, method=Method(method) if method else begun.method))
        local = [source for source in (training, validation) if isinstance(source, Path)]
        hashes = {path: await _hash(path) for path in local}
        report = None
        if isinstance(training, Path):
            limits = services.row_limits(base, chosen.name)
            report = await _check(training, validation if isinstance(validation, Path) else None, base, limits)
            report = Ruling.of(chosen, services.capabilities(chosen.name)).judge(report)
        by_rows = METHOD_OF[report.format] if report is not None and report.format else Method.SUPERVISED
        kind = Method(method) if method else begun.method if recipe else by_rows
        draft = fill_draft(replace(begun, method=kind), given)
        await _refuse_at(services, chosen, draft)
        today = today_at(services.clock.now())
        # What the provider says of the ends of its models goes before what is known here.
        if chosen.dialect is not Dialect.ENGINE:
            await _listed(services, chosen.name)
        ending = services.ending_of(base, chosen.name)
        book = price_book(services.settings.prices, chosen.dialect)
        sheet = LaunchSheet(draft, report, chosen, book, today, ending)
        for line in sheet.lines():
            talk(line)
        sheet.refuse_if_wrong(max_cost)
        _ask(yes)
        _ask_about_the_base(sheet, yes=yes, anyway=anyway)
        try:
            job = await _launch(services, chosen.name, sheet, hashes)
        except ForbiddenError:
            await tell_ways_on(services, chosen, draft)
            raise
        services.recents.last_job = (chosen.name, job.id)
        if follow:
            return await follow_job(services, chosen.name, job.id, as_json=as_json)
        if as_json:
            emit_json({"job": job})
        else:
            say(job.id)
            talk(f"Follow it: fttui follow {job.id}")
        return ExitCode.GOOD

    return with_services(work)


async def _refuse_at(services: Services, profile: Profile, draft: Draft) -> None:
    """Stop what the provider is known not to take.

    Raises:
        RefusedLaunchError: everything that stands in the way is named.
    """
    from fttui.services.jobs.file_sizes import sizes_of

    can = services.capabilities(profile.name)
    wrong = provider_problems(draft, profile, can, await sizes_of(draft))
    if wrong:
        hint = f"What it takes is told by: fttui profiles show {profile.name}"
        raise RefusedLaunchError("; ".join(sentence for _, sentence in wrong), hint=hint)


async def begin_draft(services: Services, profile: Profile, recipe: str | None) -> Draft:
    """An empty draft with the fields of a profile, or what a recipe fills in there; what it lacks is named.

    Raises:
        RecipeError: there is no such recipe.
    """
    can = services.capabilities(profile.name)
    if recipe is None:
        return Draft(fields=can.hyperparameters)
    from fttui.services.jobs.recipes import Recipes, with_local_files

    found = Recipes(services.paths.recipes).find(recipe)
    models = await _listed(services, profile.name) if found.profile != profile.name else None
    draft, left = draft_of(found, profile, can, models)
    for words in left:
        talk(f"  not carried over: {words}")
    return with_local_files(draft)


async def _listed(services: Services, profile: str) -> Sequence[RemoteModel] | None:
    """The models of a provider; None where it does not tell, which the launch itself will say better."""
    try:
        return await services.list_models(profile)
    except (ProviderError, KeyStoreError):
        return None


async def _own_base(services: Services, profile: str) -> str:
    """The base the embedded engine offers first; other providers cost money, so theirs is to be named.

    Raises:
        UsageError: the provider is another one.
    """
    if services.profile(profile).dialect is not Dialect.ENGINE:
        raise UsageError("Name the base model with --model", hint=f"See them with: fttui models --profile {profile}")
    models = await services.list_models(profile)
    bases = [one.id for one in models if not one.is_tuned]
    if not bases:
        raise UsageError("The embedded engine offers no base model")
    return bases[0]


async def _hash(path: Path) -> str:
    from fttui.services.jobs.fingerprint import sha256_of

    return await sha256_of(path)


async def _check(file: Path, valid: Path | None, model: str, limits: RowLimits) -> Report:
    """Validate the files on this computer, and say how far that is where somebody watches."""
    from fttui.services.dataset.checks import Checks
    from fttui.services.dataset.crew import Crews
    from fttui.services.paths import user_paths

    talk(f"Checking {safe_line(file.name)}")

    with progress_line() as show:

        def tell(progress: ValidationProgress) -> None:
            share = percent(progress.bytes_done, progress.bytes_total)
            show(f"  {counted(progress.examples, 'example')} {share}")

        async with Checks(user_paths().checks, Crews(patience=0)) as checks:
            found = await checks.check(file, valid_path=valid, model=model, progress=tell, limits=limits)
    if found.from_cache:
        talk("From the cache: nothing has changed since the last check")
    return found.report


def _ask(yes: bool) -> None:
    """Get a yes.

    Raises:
        RefusedLaunchError: nobody can be asked, and `--yes` was not given.
        click.Abort: the answer was no.
    """
    if yes:
        return
    if not is_interactive():
        raise RefusedLaunchError("Nobody can be asked, so nothing was sent", hint="Add --yes to launch all the same.")
    click.confirm("Launch this job?", abort=True, err=True)


def _ask_about_the_base(sheet: LaunchSheet, *, yes: bool, anyway: bool) -> None:
    """Ask again where something speaks against the base; `--yes` has answered where it only ends in some weeks.

    Raises:
        RefusedLaunchError: it ends within days or takes no jobs, and nobody can be asked.
        click.Abort: the answer was no.
    """
    found = sheet.caution
    if found is None or anyway:
        return
    if yes or not is_interactive():
        sheet.refuse_base_unasked()
        return
    click.confirm(f"{safe_line(found.reason, 300)} Train on it all the same?", abort=True, err=True)


async def _launch(services: Services, profile: str, sheet: LaunchSheet, hashes: dict[Path, str]) -> Job:
    from fttui.services.jobs.launch import launch
    from fttui.services.jobs.launch_plan import LaunchPlan, Stage

    stages: list[Stage] = []
    told: list[str] = []

    def tell(progress: LaunchProgress) -> None:
        if (news := progress.warning or progress.note) and news not in told:
            show("")
            talk(f"  {safe_line(news)}")
            told.append(news)
        if progress.stage is Stage.UPLOADING:
            share = percent(progress.done, progress.total)
            show(share and f"  uploading {progress.name}{_pace(progress)} {share}")
        elif progress.stage not in stages:
            show("")
            talk(f"{progress.stage.value.capitalize()} {progress.name}".rstrip())
        stages.append(progress.stage)

    marked = services.capabilities(profile).limits.wants_byte_order_mark
    plan = LaunchPlan.from_draft(sheet.draft, hashes, sheet.expected, marked=marked)
    provider = await services.provider(profile)
    with progress_line() as show:
        return await launch(provider, services.journal, profile, plan, tell, services.clock)


def _pace(progress: LaunchProgress) -> str:
    if progress.rate is None or progress.seconds_left is None:
        return ""
    minutes, seconds = divmod(round(progress.seconds_left), 60)
    return f" at {progress.rate / 1e6:.1f} MB/s, {minutes}:{seconds:02d} left,"
