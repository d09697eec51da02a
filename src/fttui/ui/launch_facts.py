"""What a launch will do, in facts: the same ones follow the form and stand on the review sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from pathlib import Path, PurePath

from fttui.domain.dataset.finding import Severity
from fttui.domain.dataset.report import Report
from fttui.domain.errors import FttuiError
from fttui.domain.jobs.auto_size import AutoSize, auto_size
from fttui.domain.jobs.draft import DataSource, Draft
from fttui.domain.jobs.estimate import steps
from fttui.domain.jobs.job import Method
from fttui.domain.jobs.launch_cost import launch_cost
from fttui.domain.jobs.ledger import Estimate
from fttui.domain.jobs.ledger_estimate import expected
from fttui.domain.jobs.lifecycle import Lifecycle
from fttui.domain.jobs.prices import PRICE_BOOK, PriceBook
from fttui.domain.jobs.spec import fields_for
from fttui.domain.profiles.profile import Dialect, Profile
from fttui.domain.remote import RemoteFile
from fttui.domain.text import safe_line
from fttui.ui import present
from fttui.ui.launch_grader_text import grader_words


class Tone(Enum):
    """How a fact is meant, as the theme variable of its colour."""

    PLAIN = ""
    MUTED = "$text-muted"
    GOOD = "$text-success"
    WARNING = "$text-warning"
    BAD = "$text-error"


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and what there is to say; a fact without a name goes on with the one before."""

    name: str
    value: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class DataCheck:
    """What the check on this computer has found out so far: a share of the way, a report, or why there is none."""

    share: float | None = None
    report: Report | None = None
    failure: FttuiError | None = None
    hashes: Mapping[Path, str] = field(default_factory=dict)
    """SHA-256 of the files as they were checked."""

    @property
    def is_running(self) -> bool:
        """Whether more is to come."""
        return self.share is not None and self.report is None and self.failure is None

    @property
    def errors(self) -> int:
        """Findings the provider would refuse the files for."""
        if self.report is None:
            return 0
        valid = self.report.valid
        return self.report.count(Severity.ERROR) + (valid.count(Severity.ERROR) if valid is not None else 0)


def estimate(
    draft: Draft,
    check: DataCheck,
    profile: Profile,
    book: PriceBook = PRICE_BOOK,
    ending: Lifecycle | None = None,
    today: date = date.max,
) -> tuple[Fact, ...]:
    """What the form as it stands would train, for how much, and when its base ends.

    Args:
        draft: the form.
        check: what was found of its files.
        profile: where it would run.
        book: the prices there.
        ending: the last days of its base, where they are announced.
        today: the day that they are counted from.
    """
    return (*_estimate(draft, check, profile, book), *_brief_end(ending, today))


def _estimate(draft: Draft, check: DataCheck, profile: Profile, book: PriceBook) -> Iterator[Fact]:
    yield from _data_facts(draft.training, check)
    report = check.report
    if report is None or report.valid_examples < 1:
        yield _cost_unchecked(profile)
        return
    yield from _size_facts(draft, report, profile, book)


def _size_facts(draft: Draft, report: Report, profile: Profile, book: PriceBook) -> Iterator[Fact]:
    epochs, batch = plan_size(draft, report, profile)
    if report.tokens is not None:
        yield Fact("Tokens", _token_words(report, epochs))
    count = steps(report.valid_examples, batch, epochs)
    size = f"{present.counted(epochs, 'epoch')} × batches of {present.count(batch)}"
    open_ones = [word for name, word in _CHOSEN_FOR_YOU.items() if name not in draft.hyperparameters]
    sure = "" if not open_ones or profile.dialect is Dialect.ENGINE else "about "
    yield Fact("Steps", f"{sure}{present.count(count)} ({size})")
    if open_ones:
        yield Fact("", f"{' and '.join(open_ones)}: auto", Tone.MUTED)
    yield _cost_fact(draft, report, epochs, profile, book)


def plan_size(draft: Draft, report: Report, profile: Profile) -> tuple[int, int]:
    """Epochs and batch size: as typed, else what the provider is known to choose."""
    chosen, examples = draft.hyperparameters, report.valid_examples
    auto = auto_size(examples, profile.dialect) or AutoSize(0, 1)
    epochs, batch = chosen.get("n_epochs"), chosen.get("batch_size")
    return (
        epochs if isinstance(epochs, int) else auto.epochs,
        batch if isinstance(batch, int) else auto.batch_size,
    )


def expectation(draft: Draft, check: DataCheck, profile: Profile, book: PriceBook) -> Estimate:
    """What the ledger keeps of the estimate."""
    report = check.report if check.report is not None and check.report.valid_examples else None
    epochs = plan_size(draft, report, profile)[0] if report is not None else None
    return expected(draft, report, epochs, book, free=profile.dialect is Dialect.ENGINE)


def _data_facts(source: DataSource | None, check: DataCheck) -> Iterator[Fact]:
    if source is None:
        yield Fact("Data", "no training file yet", Tone.MUTED)
    elif isinstance(source, RemoteFile):
        yield Fact("Data", f"{present.size(source.size)} at the provider; not checked here", Tone.MUTED)
    elif check.failure is not None:
        yield Fact("Data", f"{check.failure.title}: {safe_line(check.failure.message)}", Tone.BAD)
    elif check.report is None:
        done = f" {present.percent(check.share)}" if check.share else ""
        yield Fact("Data", f"being checked{done}…", Tone.MUTED)
    else:
        yield from _report_facts(check.report)


def _report_facts(report: Report) -> Iterator[Fact]:
    kind = f" of {report.format.value} data" if report.format is not None else ""
    yield Fact("Data", f"{present.counted(report.examples, 'example')}{kind}, {present.size(report.size)}")
    errors, warnings = report.count(Severity.ERROR), report.count(Severity.WARNING)
    if errors:
        yield Fact("", f"✗ {present.counted(errors, 'error')}: it would be refused", Tone.BAD)
    if warnings:
        yield Fact("", f"! {present.counted(warnings, 'warning')}: see the report", Tone.WARNING)
    if not errors and not warnings:
        yield Fact("", "✓ nothing wrong was found", Tone.GOOD)
    if report.valid is not None:
        worst = report.valid.count(Severity.ERROR)
        words = f"{present.counted(report.valid.examples, 'example')} to validate with"
        tone = Tone.BAD if worst else Tone.PLAIN
        yield Fact("", f"✗ {words}, {present.counted(worst, 'error')}" if worst else words, tone)


def _token_words(report: Report, epochs: int) -> str:
    tokens = report.tokens
    if tokens is None:
        return ""
    sign = "" if tokens.exact else "≈ "
    total = present.short_count(tokens.billable * epochs)
    kind = tokens.encoding if tokens.exact else f"estimated with {tokens.encoding}"
    return f"{sign}{present.count(tokens.billable)} an epoch, {sign}{total} in all ({kind})"


_CHOSEN_FOR_YOU = {"n_epochs": "epochs", "batch_size": "batch size"}
_FREE = Fact("Cost", "free: trained on this computer", Tone.GOOD)


def _cost_unchecked(profile: Profile) -> Fact:
    if profile.dialect is Dialect.ENGINE:
        return _FREE
    return Fact("Cost", "not known without a check of the file", Tone.WARNING)


def _cost_fact(draft: Draft, report: Report, epochs: int, profile: Profile, book: PriceBook) -> Fact:
    if profile.dialect is Dialect.ENGINE:
        return _FREE
    if not draft.model:
        return Fact("Cost", "depends on the base model", Tone.MUTED)
    price = launch_cost(report, draft.model, epochs, book)
    listed = book.price_of(draft.model)
    if price is None and listed is not None and listed.training_hour is not None:
        rate = present.money(listed.training_hour, currency=book.currency)
        return Fact("Cost", f"{rate} for each hour of training, plus a grading model's tokens", Tone.WARNING)
    if price is None:
        return Fact("Cost", f"unknown: no price for {safe_line(draft.model, 30)}", Tone.WARNING)
    until = ", where the job is paused" if not price.low and price.high else ""
    sums = present.money(price.low, price.high, price.currency)
    return Fact("Cost", f"{sums}{until} (prices of {price.prices_checked})")


def review(
    draft: Draft,
    check: DataCheck,
    profile: Profile,
    book: PriceBook = PRICE_BOOK,
    ending: Lifecycle | None = None,
    today: date = date.max,
) -> tuple[Fact, ...]:
    """Everything that is about to happen, for a person to agree to; arguments as for `estimate`."""
    return (*_review(draft, check, profile, book), *_end_facts(ending, today), _where(profile, draft))


def _review(draft: Draft, check: DataCheck, profile: Profile, book: PriceBook) -> Iterator[Fact]:
    yield Fact("Training file", _source_words(draft.training))
    if draft.validation is not None:
        yield Fact("Validation", _source_words(draft.validation))
    yield from _data_facts(draft.training, check)
    yield Fact("Base model", safe_line(draft.model))
    yield Fact("Method", draft.method.value)
    yield Fact("Settings", _settings_words(draft))
    if draft.method is Method.REINFORCEMENT and draft.grader is not None:
        yield Fact("Grader", grader_words(draft.grader))
    if draft.wandb is not None:
        yield Fact("W&B", safe_line(f"shown in {draft.wandb.project}", 60))
    if check.report is not None:
        yield from _size_facts(draft, check.report, profile, book)
    else:
        yield _cost_unchecked(profile)


def _brief_end(ending: Lifecycle | None, today: date) -> Iterator[Fact]:
    if ending is None:
        return
    if ending.can_train(today) and ending.brief_words(today):
        yield Fact("Ends", ending.brief_words(today), Tone.WARNING if ending.ends_soon(today) else Tone.MUTED)
    elif ending.can_train(today):
        yield Fact("Takes", ending.training_words(today), Tone.MUTED)
    else:
        yield Fact("Ends", f"✗ {ending.training_words(today)}", Tone.BAD)


def _end_facts(ending: Lifecycle | None, today: date) -> Iterator[Fact]:
    if ending is None:
        return
    closed = not ending.can_train(today)
    words, name = ending.training_words(today), "Takes"
    if ending.brief_words(today):
        yield Fact("Ends", f"{ending.brief_words(today)}: base and tunes stop answering", Tone.WARNING)
        name = ""
    yield Fact(name, f"✗ {words}" if closed else words, Tone.BAD if closed else Tone.WARNING)


def _source_words(source: DataSource | None) -> str:
    match source:
        case None:
            return "none"
        case RemoteFile():
            return f"{safe_line(source.name)} ({safe_line(source.id)}, already uploaded)"
        case PurePath():
            return safe_line(present.place(source, Path.home()))


def _settings_words(draft: Draft) -> str:
    chosen = draft.hyperparameters
    labels = {entry.name: entry.label for entry in fields_for(draft.method, draft.fields)}
    words = [f"{labels[name]} {value}" for name, value in chosen.items()]
    if len(chosen) < len(labels):
        words.append("the rest auto" if chosen else "all auto")
    if draft.suffix.strip():
        words.append(f"suffix {safe_line(draft.suffix.strip())}")
    if draft.seed.strip():
        words.append(f"seed {safe_line(draft.seed.strip())}")
    return ", ".join(words)


def _where(profile: Profile, draft: Draft) -> Fact:
    if profile.dialect is Dialect.ENGINE:
        return Fact("Where", "on this computer; nothing leaves it", Tone.GOOD)
    host = safe_line(profile.host)
    local = [source for source in (draft.training, draft.validation) if isinstance(source, PurePath)]
    if not local:
        return Fact("Where", f"at {host}", Tone.WARNING)
    return Fact("Where", f"{present.counted(len(local), 'file')} will be sent to {host}", Tone.WARNING)
