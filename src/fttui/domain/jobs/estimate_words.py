"""An estimate in words, the same on the screen and on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from fttui.domain.jobs.inference import DAYS_A_MONTH, Span
from fttui.domain.jobs.model_estimate import EstimateSheet, ModelEstimate, PaysBack
from fttui.domain.jobs.prices import Price
from fttui.domain.jobs.token_survey import InstructionCount
from fttui.domain.jobs.training_time import TrainingTime
from fttui.domain.money import money
from fttui.domain.text import safe_line

UNKNOWN = "price unknown"
_SHOWN_OF_A_PROMPT = 40


def cost_words(one: ModelEstimate) -> str:
    """What a job costs, briefly; a price that is not known is never a sum."""
    if one.free:
        return "free"
    if not one.epochs:
        return "none"
    if one.cost is not None:
        return money(one.cost.low, one.cost.high, one.cost.currency)
    if one.by_the_hour is not None:
        return f"{money(one.by_the_hour)} an hour"
    return UNKNOWN


def cost_sentence(one: ModelEstimate) -> str:
    """What a job costs, with where that is from."""
    if one.free:
        return f"free: trained on this computer{time_words(one.time)}"
    price = one.price
    if not one.epochs:
        return "there is nothing to train on"
    if one.cost is None and one.by_the_hour is None:
        return "no price is known here; [prices] in the settings takes your own"
    source = f" ({_source_words(price)})" if price is not None else ""
    if one.by_the_hour is None:
        return f"{cost_words(one)}{source}"
    hour = f"paid by the hour of training, {money(one.by_the_hour)}, and nobody knows before how many it takes{source}"
    if one.cost is None:
        return f"{hour}; no upper end is published, and a grading model's tokens are paid besides"
    return f"{hour}; the job is paused at {money(one.cost.high)}"


def _source_words(price: Price) -> str:
    dated = price.checked[:1].isdigit()
    return f"{price.source}, prices of {price.checked}" if dated else f"prices of {price.source}"


def time_words(time: TrainingTime | None) -> str:
    """How long training takes here; that it is not known, where nothing was trained here."""
    if time is None:
        return ", how long it takes is known once a job of this base has run here"
    span = duration(time.low) if duration(time.low) == duration(time.high) else None
    span = span or f"{duration(time.low)} to {duration(time.high)}"
    return f", about {span}, as {'the last job' if time.jobs == 1 else f'the last {time.jobs} jobs'} here"


def duration(seconds: float) -> str:
    """A span of time, roughly."""
    for limit, unit, name in ((90.0, 1, "s"), (5400.0, 60, "min"), (172_800.0, 3600, "h")):
        if seconds < limit:
            return f"{max(round(seconds / unit), 1)} {name}"
    return f"{seconds / 86_400:.1f} days"


def cut_words(one: ModelEstimate) -> str:
    """What is beyond the limit of an example, briefly."""
    count = one.count
    if count.limit is None:
        return "no limit known"
    if not count.cut_rows:
        return "–"
    return f"{count.cut_rows:,} row{'s' * (count.cut_rows != 1)}, {count.cut_tokens:,}"


def tokens_words(one: ModelEstimate) -> str:
    """Tokens of an epoch, with how sure they are."""
    return f"{'' if one.count.exact else '≈ '}{one.count.billable:,}"


def shared_words(sheet: EstimateSheet) -> Iterator[str]:
    """What instructions the rows repeat, each in a sentence."""
    rows = sheet.survey.usable
    for part, name in ((sheet.shared.system, "system prompt"), (sheet.shared.tools, "tools")):
        if part is not None:
            yield f"{name} in {_share(part, rows)} rows, {_excerpt(part.words)}"


def _share(part: InstructionCount, rows: int) -> str:
    return "all" if part.rows == rows else f"{part.rows / rows:.0%} of the"


def _excerpt(words: str) -> str:
    line = safe_line(" ".join(words.split()))
    # Wide letters take two cells.
    most = _SHOWN_OF_A_PROMPT if line.isascii() else _SHOWN_OF_A_PROMPT // 2
    return f"“{line[:most].rstrip()}…”" if len(line) > most else f"“{line}”"


def traffic_words(sheet: EstimateSheet, one: ModelEstimate) -> str:
    """What requests are reckoned with, and whose lengths they have."""
    traffic, lengths = sheet.traffic, one.inference.lengths
    what = f"{one.inference.requests:,.0f} requests" + (" a month" if traffic.requests is not None else "")
    if lengths is None:
        return f"{what}; say how long answers are, the rows hold none"
    given = [traffic.prompt is not None, traffic.answer is not None]
    whose = {0: "means of the file", 1: "one as given, one the mean of the file", 2: "as given"}[sum(given)]
    return f"{what} of {lengths.prompt:,.0f} tokens, answers of {lengths.answer:,.0f} ({whose})"


def span_words(span: Span | None) -> str:
    """A sum of using a model."""
    return UNKNOWN if span is None else money(span.low, span.high)


def pays_back_words(back: PaysBack | None, requests_a_month: float | None) -> str:
    """When a job is paid back by shorter prompts; `requests_a_month` turns requests into time."""
    if back is None:
        return "not known"
    if back.low is None:
        return "never"
    least = _requests(back.low, requests_a_month)
    if back.high is None:
        return f"after {least}, or never"
    most = _requests(back.high, requests_a_month)
    number, _, unit = least.partition(" ")
    # 110 to 130 requests, but 20 days to 3 months.
    least = number if most.endswith(f" {unit}") and number[0].isdigit() else least
    return f"after {most}" if most.startswith(f"{least} ") or most == least else f"after {least} to {most}"


def _requests(number: float, a_month: float | None) -> str:
    if not a_month:
        whole = _rounded(number)
        return f"{whole:,} request{'s' * (whole != 1)}"
    days = number / a_month * DAYS_A_MONTH
    if days < 1.5:
        return "a day"
    if days < 60:
        return f"{days:,.0f} days"
    return f"{days / DAYS_A_MONTH:,.0f} months" if days < 1460 else f"{days / 365:,.0f} years"


def _rounded(number: float) -> int:
    """Two digits that count; the others would feign a precision that is not there."""
    whole = max(round(number), 1)
    return int(round(whole, 2 - len(str(whole)))) or 1


def ending_sentences(models: Iterable[ModelEstimate], sheet: EstimateSheet) -> Iterator[str]:
    """When bases end, those that end together in one sentence."""
    dated = [(one.lifecycle, one.model) for one in models if one.lifecycle is not None]
    told = [
        (f"{life.words(sheet.today)}; {life.training_words(sheet.today)} ({life.source})", name) for life, name in dated
    ]
    for words, members in groupby(told, key=lambda pair: pair[0]):
        names = [safe_line(name, 40) for _, name in members]
        yield f"{', '.join(names)}: {words}"


def size_words(sheet: EstimateSheet, models: Iterable[ModelEstimate]) -> str:
    """Epochs and batches of a provider's models, and whether they are its own choice."""
    first = next(iter(models), None)
    if first is None or first.size is None or not first.epochs:
        return ""
    chosen = "as asked" if sheet.asked_epochs else "auto" if first.size.sure else "auto, expected"
    auto = f", auto would be {first.size.epochs}" if sheet.asked_epochs and first.epochs != first.size.epochs else ""
    return (
        f"{first.epochs} epoch{'s' * (first.epochs != 1)} ({chosen}{auto}), batches of {first.size.batch_size} (auto)"
    )
