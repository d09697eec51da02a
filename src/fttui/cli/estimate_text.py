"""An estimate for people, within 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import groupby

from fttui.cli.paint import paint, print_painted
from fttui.cli.tables import table
from fttui.domain.jobs import estimate_words as words
from fttui.domain.jobs.inference import HOURS_A_MONTH
from fttui.domain.jobs.model_estimate import EstimateSheet, ModelEstimate
from fttui.domain.money import money
from fttui.domain.text import safe_line

_WIDTH = 80
_MODEL_CELLS = 26


def print_sheet(sheet: EstimateSheet) -> None:
    """Print the whole estimate."""
    survey = sheet.survey
    kind = survey.format.value if survey.format is not None else "unknown format"
    print_painted(paint(sheet.file, bold=True))
    print_painted(f"{kind} · {survey.usable:,} of {survey.examples:,} rows usable")
    for sentence in words.shared_words(sheet):
        _paragraph(f"Repeated: {sentence}")
    for provider, members in groupby(sheet.models, key=lambda one: one.provider):
        print_painted()
        _print_training(sheet, provider, list(members))
    paid = [one for one in sheet.models if not one.free]
    if paid:
        _print_inference(sheet, paid)
        _print_savings(sheet, paid)
        print_painted()
    for ending in words.ending_sentences(paid, sheet):
        _paragraph(f"Ends: {ending}", "yellow")
    for source in sheet.sources:
        _paragraph(f"Prices: {source}")
    for note in sheet.notes:
        _paragraph(note, "yellow")


def _print_training(sheet: EstimateSheet, provider: str, models: Sequence[ModelEstimate]) -> None:
    encodings = {one.count.encoding for one in models}
    print_painted(paint(f"Training at {provider}", bold=True) + _aside(words.size_words(sheet, models)))
    heads: tuple[str, ...] = ("  model", "encoding", "tokens", "steps", "cost", "cut off")
    rows: list[tuple[str, ...]] = [
        (
            _name(one),
            one.count.encoding.removesuffix("_base"),
            words.tokens_words(one),
            f"{one.steps:,}",
            words.cost_words(one),
            words.cut_words(one),
        )
        for one in models
    ]
    if len(encodings) == 1:
        heads, rows = (heads[0], *heads[2:]), [(row[0], *row[2:]) for row in rows]
    last = len(heads)
    _print_table(heads, rows, models, right=frozenset(range(1, last)))
    if len(encodings) == 1:
        exact = all(one.count.exact for one in models)
        how = "exact" if exact else "≈ where tools, pictures or another tokenizer make it an estimate"
        _paragraph(f"Tokens in {next(iter(encodings))}, {how}.")
    marked = [one for one in models if one.chosen or one.free or one.cost is None or one.by_the_hour is not None]
    said: dict[str, list[str]] = {}
    for one in marked:
        said.setdefault(words.cost_sentence(one), []).append(one.model)
    for sentence, names in said.items():
        _paragraph(f"{', '.join(names)}: {sentence}")


def _print_inference(sheet: EstimateSheet, models: Sequence[ModelEstimate]) -> None:
    print_painted()
    print_painted(paint("Using the tuned model", bold=True))
    for sentence, members in groupby(models, key=lambda one: words.traffic_words(sheet, one)):
        same = list(members)
        whose = "" if len(same) == len(models) else f"{', '.join(one.model for one in same)}: "
        _paragraph(f"{whose}{sentence}")
    if all(one.inference.tuned is None and one.inference.base is None for one in models):
        _print_hosting_alone(models)
        return
    hosted = any(one.inference.hosting is not None for one in models)
    heads = ("  model", "tuned", "base", *(("deployed, a month",) if hosted else ()))
    rows = [
        (
            _name(one),
            words.span_words(one.inference.tuned),
            words.span_words(one.inference.base),
            *((money(one.inference.hosting) if one.inference.hosting is not None else "–",) if hosted else ()),
        )
        for one in models
    ]
    _print_table(heads, rows, models, right=frozenset({1, 2, 3}))
    if any(span is not None and span.low < span.high for one in models for span in (one.inference.tuned,)):
        _paragraph("The lower end reads what requests begin with from the provider's cache.")


def _print_hosting_alone(models: Sequence[ModelEstimate]) -> None:
    if any(one.inference.lengths is not None for one in models):
        _paragraph("What requests cost is not known here.", "yellow")
    for hosting in sorted({one.inference.hosting for one in models if one.inference.hosting is not None}):
        _paragraph(f"A deployed model costs {money(hosting)} a month ({HOURS_A_MONTH} hours), asked or not.")


def _print_savings(sheet: EstimateSheet, models: Sequence[ModelEstimate]) -> None:
    saved = [(one, one.savings) for one in models if one.savings is not None]
    if not saved:
        return
    print_painted()
    fewer = max(one.tokens for _, one in saved)
    title = "Without what the rows repeat"
    print_painted(paint(title, bold=True) + _aside(f"up to {fewer:,.0f} tokens fewer in each request"))
    known = [(one, less) for one, less in saved if less.saved is not None or less.tuned is not None]
    if not known:
        _paragraph("What that saves in money is not known without prices.", "yellow")
        return
    monthly = sheet.traffic.requests is not None
    rows = [
        (
            _name(one),
            money(less.saved) if less.saved is not None else words.UNKNOWN,
            words.span_words(less.tuned),
            words.pays_back_words(less.pays_back, sheet.traffic.requests)
            .removeprefix("after ")
            .removesuffix("" if monthly else " requests"),
        )
        for one, less in known
    ]
    heads = ("  model", "job saves", "tuned then", "paid back after" + ("" if monthly else " requests"))
    _print_table(heads, rows, [one for one, _ in known], right=frozenset({1, 2, 3}))
    _paragraph("Paid back: against the base with the whole prompt. What is left out has to be learnt from the rows.")


def _print_table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], models: Sequence[ModelEstimate], *, right: frozenset[int]
) -> None:
    first, *lines = table(heads, rows, right=right & frozenset(range(len(heads))))
    print_painted(paint(first, dim=True))
    for line, one in zip(lines, models, strict=True):
        unknown = not one.free and one.cost is None
        print_painted(paint(line, "yellow" if unknown else None, bold=one.chosen))


def _name(one: ModelEstimate) -> str:
    return f"{'*' if one.chosen else ' '} {safe_line(one.model, _MODEL_CELLS)}"


def _aside(sentence: str) -> str:
    return paint(f" · {sentence}", dim=True) if sentence else ""


def _paragraph(text: str, colour: str | None = None) -> None:
    for line in textwrap.wrap(safe_line(text), _WIDTH, subsequent_indent="  "):
        print_painted(paint(line, colour))
