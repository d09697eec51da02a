"""Puts an estimate together: which models can be trained where, at which prices, and how fast this computer is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fttui.domain.dataset.encodings import OwnTokens
from fttui.domain.errors import FttuiError
from fttui.domain.jobs.announced import Announced
from fttui.domain.jobs.auto_size import auto_size
from fttui.domain.jobs.bases import BASES, known_bases, takes_jobs
from fttui.domain.jobs.feed import JobFeed
from fttui.domain.jobs.inference import Traffic
from fttui.domain.jobs.ledger import Estimate
from fttui.domain.jobs.model_estimate import EstimateSheet, ModelEstimate, Question, estimate_model
from fttui.domain.jobs.prices import OWN, PriceBook, price_book, price_of
from fttui.domain.jobs.token_survey import TokenSurvey
from fttui.domain.jobs.training_time import Pace, paces
from fttui.domain.profiles.profile import OPENAI, Dialect, Profile
from fttui.services.jobs.token_survey import SurveyMemory, Tell

if TYPE_CHECKING:
    from fttui.services.container import Services

_JOBS_READ = 40
"""Of the newest jobs on this computer, for its pace."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an estimate is wanted for."""

    profiles: tuple[Profile, ...]
    model: str = ""
    """The model in hand, on the first of the profiles; empty for none."""
    epochs: int | None = None
    batch_size: int | None = None
    traffic: Traffic = field(default_factory=Traffic)


@dataclass(frozen=True, slots=True)
class Trainers:
    """Who can train a file, on what: profiles with their models, and why some of them tell nothing."""

    models: tuple[tuple[Profile, tuple[str, ...]], ...]
    notes: tuple[str, ...] = ()
    announced: Mapping[str, Announced] = field(default_factory=dict)
    """By profile: what its provider has said of the ends of its models, now or earlier."""


def profiles_for(services: Services, name: str | None, *, everyone: bool = False) -> tuple[Profile, ...]:
    """The profiles whose models stand side by side: the one in use first.

    Beside the embedded engine, where everything is free, stands what the same file would cost at OpenAI.

    Args:
        services: of this program.
        name: the profile in use; the configured one if absent.
        everyone: all profiles.

    Raises:
        SettingsError: there is no such profile.
    """
    mine = services.profile(name)
    if everyone:
        others = [services.profile(one.name) for one in services.settings.profiles]
    else:
        others = [services.profile(OPENAI.name)] if mine.dialect is Dialect.ENGINE else []
    return (mine, *(one for one in others if one.name != mine.name))


def _every_base(dialect: Dialect) -> Sequence[str]:
    return tuple(BASES[dialect].formats) if dialect in BASES else ()


def _in_hand(wanted: Wanted) -> tuple[str, ...]:
    """The model in hand, by the name under which its provider lists it."""
    if not wanted.model or not wanted.profiles:
        return ()
    return (_same_base(wanted.model, _every_base(wanted.profiles[0].dialect)),)


async def count_file(
    path: Path,
    wanted: Wanted,
    trainers: Trainers,
    today: date,
    tell: Tell | None = None,
    *,
    memory: SurveyMemory | None = None,
    anew: bool = False,
) -> TokenSurvey:
    """Count a file for everything that may be shown of it.

    Args:
        path: the file.
        wanted: what is to be told.
        trainers: models of providers that were asked.
        today: bases that take no jobs any more on this day are left out.
        tell: called as the work goes on.
        memory: of surveys before.
        anew: count even where nothing has changed.

    Raises:
        UnreadableFileError, SurveyError: as for `survey_file`.
    """
    known = [name for profile in wanted.profiles for name in known_bases(profile.dialect, None, today) or ()]
    told = [name for _, names in trainers.models for name in names]
    # Which of them suit the rows is not known before these were looked at.
    models = tuple(dict.fromkeys([*_in_hand(wanted), *known, *told]))
    images = wanted.profiles[0].own_limit("images_per_example") if wanted.profiles else None
    return await (memory or SurveyMemory()).survey(path, models, tell, anew=anew, images=images)


async def ask_trainers(services: Services, wanted: Wanted) -> Trainers:
    """Ask the providers whose models are not known here for them; the others are not asked anything."""
    found: list[tuple[Profile, tuple[str, ...]]] = []
    notes: list[str] = []
    for profile in wanted.profiles:
        if profile.dialect in BASES:
            continue
        try:
            models = await services.list_models(profile.name)
        except FttuiError as error:
            notes.append(f"{profile.name} did not tell its models: {error.message}")
            continue
        bases = [one.id for one in models if not one.is_tuned and one.trainable is not False]
        found.append((profile, tuple(bases)))
    said = {profile.name: services.announcements.of(profile) for profile in wanted.profiles}
    announced = {name: one for name, one in said.items() if one is not None}
    return Trainers(tuple(found), tuple(notes), announced)


def estimate_sheet(
    path: Path,
    survey: TokenSurvey,
    wanted: Wanted,
    trainers: Trainers,
    books: Mapping[Dialect, PriceBook],
    today: date,
    pace: Mapping[str, Pace] | None = None,
    own_tokens: OwnTokens = (),
) -> EstimateSheet:
    """The estimates of all models side by side; nothing is read or asked.

    Args:
        path: the file.
        survey: its counts.
        wanted: what is to be told.
        trainers: models of providers that were asked.
        books: the prices by kind of provider.
        today: a base that takes no jobs any more on this day is left out.
        pace: how fast this computer trains, by base.
        own_tokens: a person's own limits of tokens in an example.
    """
    shared = survey.shared()
    asked_of = {profile.name: names for profile, names in trainers.models}
    models: list[ModelEstimate] = []
    notes = list(_file_notes(survey))
    used: list[PriceBook] = []
    for place, profile in enumerate(wanted.profiles):
        book = books[profile.dialect]
        asked = (profile.name, profile.dialect, book, wanted.epochs, wanted.batch_size, wanted.traffic)
        question = Question(*asked, pace or {}, own_tokens, trainers.announced.get(profile.name))
        mine = wanted.model if place == 0 else ""
        names = known_bases(profile.dialect, survey.format, today)
        listed = names if names is not None else asked_of.get(profile.name, ())
        chosen = _same_base(mine, (*listed, *_every_base(profile.dialect)))
        size = auto_size(survey.usable, profile.dialect)
        models += [
            estimate_model(survey, shared, name, question, size, chosen=name == chosen)
            for name in (*(() if chosen in listed or not chosen else (chosen,)), *listed)
            if name in survey.models
        ]
        notes += _profile_notes(profile, survey, chosen, listed, today)
        notes += [book.note] if book.note else []
        if profile.dialect is not Dialect.ENGINE:
            used.append(book)
    return EstimateSheet(
        file=str(path),
        survey=survey,
        shared=shared,
        models=tuple(models),
        traffic=wanted.traffic,
        asked_epochs=wanted.epochs,
        today=today,
        sources=tuple(dict.fromkeys(_source_words(book) for book in used)),
        notes=(*notes, *trainers.notes),
    )


def _same_base(model: str, listed: Sequence[str]) -> str:
    """The name under which a model is listed where it is another name of it; else as it is."""
    if model in listed:
        return model
    return next((name for name in listed if (price := price_of(name)) is not None and price.is_called(model)), model)


def _source_words(book: PriceBook) -> str:
    own = f"; {OWN} go before them" if any(price.checked == OWN for price in book.prices) else ""
    if not book.prices and book.hosting_hour is None:
        return book.source
    return f"{book.source}, prices of {book.checked}{own}"


def _file_notes(survey: TokenSurvey) -> Iterator[str]:
    if survey.changed:
        yield "The file changed while it was counted; count it again."
    faulty = survey.examples - survey.usable
    if not survey.usable:
        yield "No row is usable, so there is nothing to train on or to count."
    elif faulty:
        yield f"{faulty:,} of {survey.examples:,} rows have errors and are not counted; the check names them."


def _profile_notes(
    profile: Profile, survey: TokenSurvey, chosen: str, listed: Sequence[str], today: date
) -> Iterator[str]:
    if profile.dialect not in BASES:
        return
    known = BASES[profile.dialect].formats.get(chosen)
    if known is not None and survey.format is not None and survey.format not in known:
        takes = " and ".join(sorted(known))
        yield f"{profile.name} trains {chosen} on {takes} rows alone, and these are {survey.format.value}."
    every = BASES[profile.dialect].for_rows(survey.format)
    ended = [name for name in every if not takes_jobs(name, profile.dialect, today)]
    if not every and survey.format is not None:
        yield f"{profile.name} trains on no {survey.format.value} rows."
    elif ended and not listed:
        yield f"No base of {profile.name} takes jobs for these rows any more: {', '.join(ended)}."
    elif ended:
        yield f"Not shown, as they take no jobs any more: {', '.join(ended)}."


def books_of(services: Services) -> Mapping[Dialect, PriceBook]:
    """The prices of each kind of provider, a person's own before those that ship."""
    return {dialect: price_book(services.settings.prices, dialect) for dialect in Dialect}


def today_of(services: Services) -> date:
    """The day in UTC."""
    return datetime.fromtimestamp(services.clock.now(), UTC).date()


async def pace_here(services: Services) -> Mapping[str, Pace]:
    """How fast this computer trains, by base; empty where nothing was trained on it."""
    if not services.paths.journal.exists():
        return {}
    return await asyncio.to_thread(_pace_in_journal, services)


def _pace_in_journal(services: Services) -> Mapping[str, Pace]:
    journal = services.journal
    local = {one.name for one in services.settings.profiles if one.dialect is Dialect.ENGINE}
    estimates = journal.estimates()
    by_job = {
        (operation.profile, operation.job_id): estimates[operation.id]
        for operation in journal.operations()
        if operation.job_id is not None and operation.id in estimates
    }
    done: list[tuple[JobFeed, Estimate]] = []
    for known in journal.jobs():
        estimate = by_job.get((known.profile, known.job.id))
        if known.profile in local and estimate is not None and known.job.status == "succeeded":
            done.append((journal.feed(known.profile, known.job.id), estimate))
        if len(done) >= _JOBS_READ:
            break
    return paces(done)
