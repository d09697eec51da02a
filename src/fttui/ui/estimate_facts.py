"""What there is to say of one model's estimate, in facts with a name each."""

from __future__ import annotations

from collections.abc import Iterator

from fttui.domain.jobs import estimate_words as words
from fttui.domain.jobs.model_estimate import EstimateSheet, ModelEstimate, Savings
from fttui.domain.money import money
from fttui.ui.launch_facts import Fact, Tone


def model_facts(sheet: EstimateSheet, one: ModelEstimate) -> tuple[Fact, ...]:
    """Everything about one model."""
    return tuple(_facts(sheet, one))


def _facts(sheet: EstimateSheet, one: ModelEstimate) -> Iterator[Fact]:
    unknown = not one.free and one.cost is None
    tone = Tone.GOOD if one.free else Tone.WARNING if unknown else Tone.PLAIN
    yield Fact("Training", words.cost_sentence(one), tone)
    yield Fact("", _size(sheet, one), Tone.MUTED)
    if one.count.cut_rows:
        yield Fact("Cut off", f"{words.cut_words(one)} tokens beyond {one.count.limit:,} of an example", Tone.WARNING)
    if not one.free and one.epochs:
        yield from _using(sheet, one)
        if one.savings is not None:
            yield Fact("Shorter", _shorter(sheet, one.savings))
    if one.lifecycle is not None:
        ends, closed = one.lifecycle, not one.lifecycle.can_train(sheet.today)
        tone = Tone.BAD if closed else Tone.WARNING if ends.ends_soon(sheet.today) else Tone.MUTED
        yield Fact("Ends", f"{ends.brief_words(sheet.today)}; {ends.training_words(sheet.today)}", tone)


def _size(sheet: EstimateSheet, one: ModelEstimate) -> str:
    how = "exact" if one.count.exact else "an estimate"
    size = words.size_words(sheet, [one]) or "no usable row"
    return f"{words.tokens_words(one)} tokens an epoch in {one.count.encoding} ({how}); {size}; {one.steps:,} steps"


def _using(sheet: EstimateSheet, one: ModelEstimate) -> Iterator[Fact]:
    using = one.inference
    if using.tuned is None and using.base is None:
        why = "what requests cost is not known here" if using.lengths is not None else words.traffic_words(sheet, one)
        yield Fact("Using it", why, Tone.WARNING)
    else:
        cached = any(span is not None and span.low < span.high for span in (using.tuned, using.base))
        less = "; the lower end reads what repeats from the provider's cache" if cached else ""
        yield Fact("Using it", f"{words.span_words(using.tuned)}, the base {words.span_words(using.base)}{less}")
    if using.hosting is not None:
        yield Fact("", f"and {money(using.hosting)} for each month in which it is deployed", Tone.WARNING)


def _shorter(sheet: EstimateSheet, less: Savings) -> str:
    parts = [part for part, there in (("system prompt", sheet.shared.system), ("tools", sheet.shared.tools)) if there]
    fewer = f"without the repeated {' and '.join(parts)}, {less.tokens:,.0f} tokens fewer a request"
    if less.saved is None and less.tuned is None:
        return f"{fewer}; what that saves in money is not known without prices"
    saved = f"training {money(less.saved)} less, " if less.saved is not None else ""
    back = words.pays_back_words(less.pays_back, sheet.traffic.requests)
    return f"{fewer}: {saved}using it {words.span_words(less.tuned)}; paid back against the base: {back}"
