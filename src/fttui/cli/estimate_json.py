"""An estimate as ``--json`` promises it; sums are US dollars unless `currency` says otherwise, None where unknown."""

from __future__ import annotations

from fttui.cli.ending import lifecycle_object
from fttui.domain.dataset.distribution import distribution_of
from fttui.domain.dataset.report_export import cost_value
from fttui.domain.jobs.inference import HOURS_A_MONTH, Span
from fttui.domain.jobs.model_estimate import EstimateSheet, Inference, ModelEstimate, Savings
from fttui.domain.jobs.token_survey import InstructionCount, example_lengths

SCHEMA_VERSION = 1


def sheet_object(sheet: EstimateSheet) -> dict[str, object]:
    """The whole estimate. The keys from `tokens` to `lifecycle` tell of the model in hand, else of the first one."""
    first = sheet.chosen or (sheet.models[0] if sheet.models else None)
    survey, traffic = sheet.survey, sheet.traffic
    return {
        "schema_version": SCHEMA_VERSION,
        "file": sheet.file,
        "model": sheet.chosen.model if sheet.chosen is not None else None,
        "format": survey.format,
        "examples": survey.examples,
        "valid_examples": survey.usable,
        "tokens": None if first is None else {**_tokens(first), **_spread(sheet, first)},
        "epochs": None if first is None else _epochs(first),
        "batch_size": {"auto": first.size.batch_size if first is not None and first.size is not None else None},
        "steps": first.steps if first is not None else None,
        "cost": cost_value(sheet.chosen.cost) if sheet.chosen is not None else None,
        "costs": None if sheet.chosen else [cost_value(one.cost) for one in sheet.models if one.cost is not None],
        "lifecycle": lifecycle_object(first.lifecycle, sheet.today) if sheet.chosen is not None and first else None,
        "models": [_model(one, sheet) for one in sheet.models],
        "traffic": {
            "requests_per_month": traffic.requests,
            "prompt_tokens": traffic.prompt,
            "answer_tokens": traffic.answer,
            "from_file": [
                name for name, given in (("prompt", traffic.prompt), ("answer", traffic.answer)) if given is None
            ],
        },
        "shared": {
            "system": _shared(sheet.shared.system, survey.usable),
            "tools": _shared(sheet.shared.tools, survey.usable),
        },
        "price_sources": sheet.sources,
        "notes": sheet.notes,
    }


def _spread(sheet: EstimateSheet, one: ModelEstimate) -> dict[str, object]:
    spread = distribution_of(example_lengths(sheet.survey, one.model))
    return {"max": spread.maximum, "mean": round(spread.mean, 2), "p50": spread.p50, "p95": spread.p95}


def _model(one: ModelEstimate, sheet: EstimateSheet) -> dict[str, object]:
    price = one.price
    return {
        "model": one.model,
        "profile": one.provider,
        "chosen": one.chosen,
        "tokens": _tokens(one),
        "epochs": _epochs(one),
        "batch_size": {"auto": one.size.batch_size if one.size is not None else None},
        "steps": one.steps,
        "free": one.free,
        "seconds": {"low": one.time.low, "high": one.time.high, "jobs": one.time.jobs} if one.time else None,
        "cost": cost_value(one.cost),
        "training_hour": one.by_the_hour,
        "price": {"checked": price.checked, "source": price.source} if price is not None else None,
        "inference": _inference(one.inference),
        "without_shared": _savings(one.savings),
        "lifecycle": lifecycle_object(one.lifecycle, sheet.today),
    }


def _tokens(one: ModelEstimate) -> dict[str, object]:
    count = one.count
    return {
        "encoding": count.encoding,
        "exact": count.exact,
        "total": count.total,
        "billable": count.billable,
        "uncertain": count.uncertain,
        "limit": count.limit,
        "truncated_examples": count.cut_rows,
        "truncated_tokens": count.cut_tokens,
    }


def _epochs(one: ModelEstimate) -> dict[str, object]:
    return {"auto": one.size.epochs if one.size is not None else None, "used": one.epochs}


def _span(span: Span | None) -> dict[str, object] | None:
    return None if span is None else {"low": round(span.low, 6), "high": round(span.high, 6)}


def _inference(inference: Inference) -> dict[str, object]:
    lengths = inference.lengths
    return {
        "requests": inference.requests,
        "prompt_tokens": round(lengths.prompt, 2) if lengths is not None else None,
        "answer_tokens": round(lengths.answer, 2) if lengths is not None else None,
        "tuned": _span(inference.tuned),
        "base": _span(inference.base),
        "hosting_per_month": inference.hosting,
        "hosting_hours": HOURS_A_MONTH if inference.hosting is not None else None,
    }


def _savings(savings: Savings | None) -> dict[str, object] | None:
    if savings is None:
        return None
    back = savings.pays_back
    return {
        "tokens_per_request": round(savings.tokens, 2),
        "training": cost_value(savings.training),
        "training_saved": savings.saved,
        "tuned": _span(savings.tuned),
        "pays_back_after_requests": {"low": back.low, "high": back.high} if back is not None else None,
    }


def _shared(part: InstructionCount | None, rows: int) -> dict[str, object] | None:
    if part is None:
        return None
    return {"rows": part.rows, "share": round(part.rows / rows, 4), "tokens": part.tokens, "begins": part.words}
