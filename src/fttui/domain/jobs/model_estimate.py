"""What training a model on a file takes and costs, what using it costs afterwards, and what shorter prompts save."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from fttui.domain.dataset.encodings import OwnTokens
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.report import CostRange
from fttui.domain.jobs.announced import Announced
from fttui.domain.jobs.auto_size import AutoSize
from fttui.domain.jobs.estimate import hourly_cost, steps, training_cost
from fttui.domain.jobs.inference import (
    HOURS_A_MONTH,
    Lengths,
    Rates,
    Span,
    Traffic,
    base_rates,
    inference_cost,
    tuned_rates,
)
from fttui.domain.jobs.lifecycle import Lifecycle, lifecycle_of
from fttui.domain.jobs.prices import Price, PriceBook
from fttui.domain.jobs.token_survey import ModelCount, Shared, TokenSurvey, count_for
from fttui.domain.jobs.training_time import Pace, TrainingTime
from fttui.domain.profiles.profile import Dialect
from fttui.domain.remote import base_model_of


@dataclass(frozen=True, slots=True)
class Inference:
    """What a number of requests cost on the tuned model and on its base; None where a price is not known.

    `hosting` is a month's, for a tuned model that is deployed; it is not part of the others.
    """

    requests: float
    lengths: Lengths | None
    tuned: Span | None = None
    base: Span | None = None
    hosting: float | None = None


@dataclass(frozen=True, slots=True)
class Savings:
    """What leaving the shared instructions out would change.

    `tokens` is how much shorter a mean request gets. `training` is what a job on the shortened rows costs, `saved` how
    much less that is; `tuned` what the same requests then cost. `pays_back` is the number of requests after which the
    tuned model with short prompts has cost no more than the base with long ones, the job included: its `high` is None
    where that may never be, `low` too where it never is.
    """

    tokens: float
    training: CostRange | None
    saved: float | None
    tuned: Span | None
    pays_back: PaysBack | None


@dataclass(frozen=True, slots=True)
class PaysBack:
    """Requests until a job is paid back; None for never."""

    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class ModelEstimate:
    """Everything told about one model.

    `cost` is None where no price is known; `free` is for what is trained on the person's own computer.
    """

    model: str
    provider: str
    dialect: Dialect
    chosen: bool
    count: ModelCount
    size: AutoSize | None
    epochs: int
    steps: int
    free: bool
    price: Price | None
    cost: CostRange | None
    inference: Inference
    savings: Savings | None
    lifecycle: Lifecycle | None
    time: TrainingTime | None = None
    """How long it takes on this computer, where jobs of that base were trained on it before."""

    @property
    def by_the_hour(self) -> float | None:
        """What an hour of training costs, where that is how it is paid."""
        return self.price.training_hour if self.price is not None and self.price.training is None else None


@dataclass(frozen=True, slots=True)
class Question:
    """What an estimate is asked for: who trains, at which prices, how often through the file, for which traffic."""

    provider: str
    dialect: Dialect
    book: PriceBook
    epochs: int | None = None
    """As asked for; as the provider chooses if absent."""
    batch_size: int | None = None
    traffic: Traffic = field(default_factory=Traffic)
    paces: Mapping[str, Pace] = field(default_factory=dict)
    """How fast this computer trains, by base."""
    own_tokens: OwnTokens = ()
    """A person's own limits of tokens in an example."""
    announced: Announced | None = None
    """What the provider has said of the ends of its models."""


def estimate_model(
    survey: TokenSurvey, shared: Shared, model: str, asked: Question, size: AutoSize | None, *, chosen: bool = False
) -> ModelEstimate:
    """The estimate of one model.

    Args:
        survey: of the file, in the model's encoding among others.
        shared: the instructions that its rows repeat.
        model: a base, or a tuned model to go on from.
        asked: what is to be told.
        size: what the provider chooses by itself; None for a file without usable rows.
        chosen: whether it is the one in hand.
    """
    count = count_for(survey, model, None, asked.own_tokens)
    free = asked.dialect is Dialect.ENGINE
    epochs = asked.epochs or (size.epochs if size is not None else 0)
    batch = asked.batch_size or (size.batch_size if size is not None else 1)
    price = None if free else asked.book.price_of(model)
    cost = None if free or not epochs else _training(survey, count, model, epochs, asked.book)
    inference = _inference(count, shared, survey.usable, model, asked, price)
    return ModelEstimate(
        model=model,
        provider=asked.provider,
        dialect=asked.dialect,
        chosen=chosen,
        count=count,
        size=size,
        epochs=epochs,
        steps=steps(survey.usable, batch, epochs),
        free=free,
        price=price,
        cost=cost,
        inference=inference,
        savings=_savings(survey, shared, model, asked, epochs, cost, inference) if shared and not free else None,
        lifecycle=lifecycle_of(model, asked.dialect, asked.announced),
        time=_time(model, count, epochs, asked) if free else None,
    )


def _time(model: str, count: ModelCount, epochs: int, asked: Question) -> TrainingTime | None:
    pace = asked.paces.get(base_model_of(model))
    return pace.seconds(count.total * epochs) if pace is not None and epochs else None


def _training(survey: TokenSurvey, count: ModelCount, model: str, epochs: int, book: PriceBook) -> CostRange | None:
    if survey.format is DataFormat.REINFORCEMENT:
        return hourly_cost(model, book)
    return training_cost(model, count.billable, epochs, count.uncertain, book=book)


def _inference(
    count: ModelCount, shared: Shared, rows: int, model: str, asked: Question, price: Price | None
) -> Inference:
    requests, lengths = asked.traffic.counted, asked.traffic.filled(count.prompt, count.answer)
    hour = asked.book.hosting_of(model) if asked.dialect is not Dialect.ENGINE else None
    prefix, share = shared.tokens(count.encoding), shared.share(rows)

    def cost(rates: Rates | None) -> Span | None:
        if rates is None or lengths is None:
            return None
        return inference_cost(rates, requests, lengths, prefix, share)

    hosting = None if hour is None else hour * HOURS_A_MONTH
    return Inference(requests, lengths, cost(tuned_rates(price)), cost(base_rates(price)), hosting)


def _savings(
    survey: TokenSurvey,
    shared: Shared,
    model: str,
    asked: Question,
    epochs: int,
    cost: CostRange | None,
    inference: Inference,
) -> Savings:
    full, short = (count_for(survey, model, without, asked.own_tokens) for without in (None, shared))
    fewer = (full.prompt or 0.0) - (short.prompt or 0.0)
    training = _training(survey, short, model, epochs, asked.book) if cost is not None and epochs else None
    tuned_price = tuned_rates(asked.book.price_of(model))
    tuned = None
    if inference.lengths is not None and tuned_price is not None:
        tuned = inference_cost(tuned_price, inference.requests, inference.lengths.without(fewer))
    return Savings(
        tokens=fewer,
        training=training,
        saved=cost.low - training.low if cost is not None and training is not None else None,
        tuned=tuned,
        pays_back=_pays_back(training or cost, tuned, inference, asked.traffic),
    )


def _pays_back(
    training: CostRange | None, tuned: Span | None, inference: Inference, traffic: Traffic
) -> PaysBack | None:
    """Requests until a job is paid back by what each of them saves against the base with the whole prompt."""
    base, requests = inference.base, inference.requests
    if training is None or tuned is None or base is None or not requests:
        return None
    if inference.hosting and traffic.requests is None:
        # An hour costs the same however much is asked: nothing can be said of a request alone.
        return None
    hosting = (inference.hosting or 0.0) / requests
    most, least = (base.high - tuned.high) / requests - hosting, (base.low - tuned.high) / requests - hosting
    return PaysBack(
        training.low / most if most > 0 else None,
        training.high / least if least > 0 else None,
    )


@dataclass(frozen=True, slots=True)
class EstimateSheet:
    """The estimates of all models of a file side by side."""

    file: str
    survey: TokenSurvey
    shared: Shared
    models: tuple[ModelEstimate, ...]
    traffic: Traffic
    asked_epochs: int | None
    today: date
    sources: tuple[str, ...]
    """Whose prices these are, and of which day."""
    notes: tuple[str, ...] = ()
    """What else is to be known, in sentences."""

    @property
    def chosen(self) -> ModelEstimate | None:
        """The model in hand."""
        return next((one for one in self.models if one.chosen), None)
