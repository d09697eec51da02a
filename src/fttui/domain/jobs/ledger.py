"""What training cost: the estimate of each launch, what was trained in the end, and why the two differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from fttui.domain.jobs.job import Job, Method
from fttui.domain.jobs.prices import PriceBook

MILLION = 1_000_000
FREE = "Trained on this computer: free."


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a launch was expected to train and cost, as it was shown to the person who said yes.

    `tokens` are the billable ones of one epoch, `price` is in `currency` per million of them; both None where they
    were not known.
    """

    epochs: int
    epochs_chosen: bool
    """Whether a person chose the epochs, rather than leaving them to the provider."""
    tokens: int | None = None
    exact: bool = True
    """Whether the tokens were counted in the model's own encoding."""
    encoding: str = ""
    low: float | None = None
    high: float | None = None
    price: float | None = None
    currency: str = "USD"
    prices_checked: str = ""
    free: bool = False
    """Whether it was trained on the person's own computer."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One job in the ledger. Sums are None where they are not known, or not known yet."""

    profile: str
    job: Job
    estimate: Estimate | None
    actual: float | None
    currency: str
    prices_checked: str
    reasons: tuple[str, ...]
    """Why the actual sum is what it is, in sentences."""

    @property
    def is_free(self) -> bool:
        """Whether it was trained where training costs nothing."""
        return self.reasons == (FREE,)

    @property
    def month(self) -> str:
        """The month the job was created in, YYYY-MM in UTC."""
        return datetime.fromtimestamp(self.job.created_at, UTC).strftime("%Y-%m")

    @property
    def difference(self) -> float | None:
        """How much more was paid than the upper end of the estimate, negative for less than the lower end."""
        estimate = self.estimate
        if self.actual is None or estimate is None or estimate.low is None or estimate.high is None:
            return None
        if estimate.low <= self.actual <= estimate.high:
            return 0.0
        return self.actual - (estimate.high if self.actual > estimate.high else estimate.low)


@dataclass(frozen=True, slots=True)
class Total:
    """What the jobs of a profile cost in a month, so far as it is known."""

    profile: str
    month: str
    jobs: int
    trained_tokens: int
    actual: float
    expected: float
    """The upper ends of the estimates of jobs that have not ended."""
    unknown: int
    """Jobs whose cost is not known."""
    currency: str


def entry_of(profile: str, job: Job, estimate: Estimate | None, book: PriceBook, *, free: bool) -> Entry:
    """The ledger's line for a job.

    Args:
        profile: whose job it is.
        job: as it was seen last.
        estimate: what its launch was expected to cost, if it was launched here.
        book: the prices that hold at the profile, for jobs without an estimate.
        free: whether the profile trains on this computer.
    """
    price = book.price_of(job.model)
    rate = estimate.price if estimate is not None and estimate.price is not None else price.training if price else None
    checked = estimate.prices_checked if estimate is not None and estimate.price is not None else ""
    checked = checked or (price.checked if price is not None else "")
    free = free or (estimate is not None and estimate.free)
    actual = _actual(job, rate, free=free)
    return Entry(
        profile=profile,
        job=job,
        estimate=estimate,
        actual=actual,
        currency=estimate.currency if estimate is not None else book.currency,
        prices_checked=checked,
        reasons=tuple(_reasons(job, estimate, rate, checked, free=free)),
    )


def _actual(job: Job, rate: float | None, *, free: bool) -> float | None:
    """Trained tokens times the price; nothing for a job that ended before any were trained.

    Source: OpenAI's fine-tuning guide, 2026-11-20: `trained_tokens` of a finished job is the billed number.
    """
    if free:
        return 0.0
    if job.trained_tokens is not None and (job.trained_tokens == 0 or job.method != Method.REINFORCEMENT):
        return None if rate is None and job.trained_tokens else job.trained_tokens * (rate or 0.0) / MILLION
    return None


def _reasons(job: Job, estimate: Estimate | None, rate: float | None, checked: str, *, free: bool) -> Iterator[str]:
    if free:
        yield FREE
        return
    if not job.is_final:
        yield "Not over yet; the estimate stands."
        return
    if job.method == Method.REINFORCEMENT:
        yield "Reinforcement is billed by the hour of its core training loop, which the provider's invoice tells."
        return
    if job.trained_tokens is None:
        yield f"The provider did not say how many tokens were trained; the job is {job.status}."
        return
    if job.trained_tokens == 0:
        yield "No token was trained, so nothing is billed."
        return
    yield from _token_reasons(job, job.trained_tokens, estimate)
    if rate is None:
        yield f"There is no price for {job.model} here."
    else:
        whence = f"as of {checked}" if checked[:1].isdigit() else f"from {checked}" if checked else "of the launch"
        yield f"Priced at {rate:g} per million tokens, {whence}; the provider's invoice counts."


def _token_reasons(job: Job, trained: int, estimate: Estimate | None) -> Iterator[str]:
    if estimate is None:
        yield f"{trained:,} tokens were trained; the job was not launched from here, so there is no estimate."
        return
    if estimate.tokens is None:
        yield f"{trained:,} tokens were trained; the file was not counted before."
        return
    expected = estimate.tokens * estimate.epochs
    more = (trained - expected) / expected if expected else 0.0
    words = "as expected" if abs(more) < 0.0005 else f"{abs(more):.1%} {'more' if more > 0 else 'fewer'} than expected"
    yield f"{trained:,} billable tokens were trained, {words} ({expected:,})."
    epochs = job.hyperparameters.get("n_epochs")
    if isinstance(epochs, (int, float)) and epochs and int(epochs) != estimate.epochs:
        who = "were asked for" if estimate.epochs_chosen else "were expected of auto"
        yield f"{int(epochs)} epochs were trained; {estimate.epochs} {who}."
        trained_each = trained / int(epochs)
        rest = (trained_each - estimate.tokens) / estimate.tokens if estimate.tokens else 0.0
        if abs(rest) >= 0.0005:
            yield f"An epoch had {trained_each:,.0f} tokens, {rest:+.1%} against the count."
    elif abs(more) >= 0.0005:
        kind = "The count was made" if estimate.exact else "The count was an approximation"
        yield f"{kind} with {estimate.encoding or 'another encoding'}; the provider cuts and counts rows its own way."
    if job.status != "succeeded":
        yield f"The job is {job.status}, so part of the way was trained."


def totals(entries: Iterable[Entry]) -> tuple[Total, ...]:
    """What each profile cost in each month, newest month first."""
    groups: dict[tuple[str, str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.month, entry.profile, entry.currency].append(entry)
    return tuple(
        Total(
            profile=profile,
            month=month,
            jobs=len(members),
            trained_tokens=sum(entry.job.trained_tokens or 0 for entry in members),
            actual=sum(entry.actual or 0.0 for entry in members),
            expected=sum(_still_expected(entry) for entry in members),
            unknown=sum(entry.actual is None and not _still_expected(entry) for entry in members),
            currency=currency,
        )
        for (month, profile, currency), members in sorted(
            groups.items(), key=lambda pair: (pair[0][0], pair[0][1]), reverse=True
        )
    )


def _still_expected(entry: Entry) -> float:
    if entry.actual is not None or entry.job.is_final or entry.estimate is None:
        return 0.0
    return entry.estimate.high or 0.0
