"""What answers cost: of a tuned model, and of the base under it, at a given traffic."""

from __future__ import annotations

from dataclasses import dataclass

from fttui.domain.jobs.prices import Price

MILLION = 1_000_000
HOURS_A_MONTH = 730
"""365 days of 24 hours, in twelve parts; what clouds count a month as."""
DAYS_A_MONTH = 365 / 12

# OpenAI cookbook, Prompt Caching 201, 2026-11-20: a beginning that repeats is read from the cache from this many
# tokens on, in whole steps; that may happen or not.
CACHED_FROM, CACHED_STEP = 1024, 128

UNIT_REQUESTS = 1000
"""What costs are told for where no traffic is given."""


@dataclass(frozen=True, slots=True)
class Rates:
    """US dollars per million tokens."""

    input: float
    output: float
    cached_input: float | None = None


def tuned_rates(price: Price | None) -> Rates | None:
    """What a tune of a base costs to use; None where that is not known."""
    if price is None or price.input is None or price.output is None:
        return None
    return Rates(price.input, price.output, price.cached_input)


def base_rates(price: Price | None) -> Rates | None:
    """What a base costs to use as it is; None where that is not known."""
    if price is None or price.base_input is None or price.base_output is None:
        return None
    return Rates(price.base_input, price.base_output, price.base_cached_input)


@dataclass(frozen=True, slots=True)
class Traffic:
    """What will be asked. None is for what nobody said: requests are then counted by the thousand, and lengths taken
    from the file.
    """

    requests: float | None = None
    """Requests a month."""
    prompt: float | None = None
    answer: float | None = None
    """Tokens of each request, and of each answer."""

    @property
    def counted(self) -> float:
        """Requests that costs are told for."""
        return UNIT_REQUESTS if self.requests is None else self.requests

    def filled(self, prompt: float | None, answer: float | None) -> Lengths | None:
        """The lengths to reckon with, those of the file where none are given; None where they are not known."""
        sent = self.prompt if self.prompt is not None else prompt
        said = self.answer if self.answer is not None else answer
        return None if sent is None or said is None else Lengths(sent, said)


@dataclass(frozen=True, slots=True)
class Lengths:
    """Tokens of a request and of its answer."""

    prompt: float
    answer: float

    def without(self, tokens: float) -> Lengths:
        """The same with a shorter request."""
        return Lengths(max(self.prompt - tokens, 0.0), self.answer)


@dataclass(frozen=True, slots=True)
class Span:
    """A sum that lies between two."""

    low: float
    high: float


def cacheable(shared: int, prompt: float) -> int:
    """Tokens at the beginning of each request that may be read from the cache.

    Args:
        shared: tokens that all requests begin with.
        prompt: tokens of a request.
    """
    shared = min(shared, int(prompt))
    return shared // CACHED_STEP * CACHED_STEP if shared >= CACHED_FROM else 0


def inference_cost(rates: Rates, requests: float, lengths: Lengths, shared: int = 0, share: float = 1.0) -> Span:
    """What a number of requests cost.

    The upper end reads every token anew, the lower end reads what requests share at their beginning from the cache.

    Args:
        rates: of the model.
        requests: how many.
        lengths: tokens of each.
        shared: tokens that many requests begin with.
        share: of the requests that begin with them, 0 to 1.
    """
    high = requests * (lengths.prompt * rates.input + lengths.answer * rates.output) / MILLION
    if rates.cached_input is None:
        return Span(high, high)
    saved = requests * share * cacheable(shared, lengths.prompt) * (rates.input - rates.cached_input) / MILLION
    return Span(high - max(saved, 0.0), high)
