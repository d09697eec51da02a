"""Reads the provider's JSON into our own values; what is not as promised is an error, never a crash."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NoReturn

from fttui.domain.errors import MalformedAnswerError
from fttui.domain.jobs.job import Checkpoint, Job, JobEvent, JobFailure
from fttui.domain.remote import RemoteFile, RemoteModel
from fttui.domain.text import safe, safe_line

MOST_METRICS = 64
DEEPEST_METRIC = 4
LONGEST_MESSAGE = 20_000
LARGEST_TABLE = 1_000_000
"""Characters of a grader, more than the longest source that one may hold."""

# Azure's older api-versions spell one status differently, and have two words for waiting.
_STATUSES = {"canceled": "cancelled", "notRunning": "queued", "pending": "queued"}

Json = Mapping[str, object]


def _refuse(what: str, key: str) -> NoReturn:
    raise MalformedAnswerError(
        f"The answer describes a {what} without a usable {key}",
        hint="The server does not keep to the protocol here.",
    )


def obj(raw: object, what: str) -> Json:
    """The value as a JSON object.

    Raises:
        MalformedAnswerError: it is something else.
    """
    if not isinstance(raw, dict):
        raise MalformedAnswerError(f"The answer should describe a {what} and does not")
    return raw


def _name(raw: Json, key: str, what: str) -> str:
    """Text that is sent back to the provider, such as an id: present, and free of anything a terminal must not see."""
    value = raw.get(key)
    if not isinstance(value, str) or not value or len(value) > 512 or safe_line(value) != value:
        _refuse(what, key)
    return value


def _optional_name(raw: Json, key: str, what: str) -> str | None:
    return _name(raw, key, what) if raw.get(key) else None


def _words(raw: Json, key: str, default: str = "") -> str:
    """Text that is only shown."""
    value = raw.get(key)
    return safe(value[:LONGEST_MESSAGE]) if isinstance(value, str) else default


def _whole(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if abs(value) < 2**63 else None
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return None


def _texts(value: object) -> dict[str, str]:
    pairs = value.items() if isinstance(value, dict) else ()
    return {safe_line(key): safe_line(text) for key, text in pairs if isinstance(text, str)}


def items(raw: object) -> tuple[Sequence[object], bool]:
    """The entries of a list answer, and whether more pages follow."""
    page = obj(raw, "list")
    data = page.get("data")
    if not isinstance(data, list):
        raise MalformedAnswerError("The answer should be a list and is not")
    return data, page.get("has_more") is True


def job(raw: object) -> Job:
    """A fine-tuning job."""
    source = obj(raw, "job")
    kind, hyperparameters = _method(source)
    results = source.get("result_files")
    return Job(
        id=_name(source, "id", "job"),
        model=_name(source, "model", "job"),
        status=_status(source),
        created_at=_whole(source.get("created_at")) or 0,
        training_file=_optional_name(source, "training_file", "job") or "",
        validation_file=_optional_name(source, "validation_file", "job"),
        fine_tuned_model=_optional_name(source, "fine_tuned_model", "job"),
        finished_at=_whole(source.get("finished_at")),
        estimated_finish=_whole(source.get("estimated_finish")),
        trained_tokens=_whole(source.get("trained_tokens")),
        method=kind,
        hyperparameters=hyperparameters,
        suffix=_words(source, "user_provided_suffix") or _words(source, "suffix") or None,
        seed=_whole(source.get("seed")),
        metadata=_texts(source.get("metadata")),
        result_files=tuple(entry for entry in results if isinstance(entry, str) and safe_line(entry) == entry)
        if isinstance(results, list)
        else (),
        failure=_failure(source.get("error")),
        grader=_table_of_method(source, "grader"),
        response_format=_table_of_method(source, "response_format"),
    )


def _table_of_method(source: Json, key: str) -> Json | None:
    """A table among the settings of a job's method, its texts made safe; None where there is none of a sane size."""
    method = source.get("method")
    kind = method.get("type") if isinstance(method, dict) else None
    settings = method.get(kind) if isinstance(method, dict) and isinstance(kind, str) else None
    table = settings.get(key) if isinstance(settings, dict) else None
    if not isinstance(table, dict):
        return None
    try:
        text = json.dumps(table, allow_nan=False)
    except (ValueError, RecursionError):
        return None
    if len(text) > LARGEST_TABLE:
        return None
    made_safe = _made_safe(table)
    return made_safe if isinstance(made_safe, dict) else None


def _made_safe(value: object) -> object:
    match value:
        case str():
            return safe(value)
        case dict():
            return {safe_line(str(name)): _made_safe(one) for name, one in value.items()}
        case list():
            return [_made_safe(one) for one in value]
        case _:
            return value


def _status(source: Json) -> str:
    said = _name(source, "status", "job")
    return _STATUSES.get(said, said)


def _method(source: Json) -> tuple[str, dict[str, str | int | float]]:
    method = source.get("method")
    kind, chosen = "supervised", source.get("hyperparameters")
    if isinstance(method, dict):
        kind = _words(method, "type") or kind
        settings = method.get(kind)
        nested = settings.get("hyperparameters") if isinstance(settings, dict) else None
        chosen = {**(chosen if isinstance(chosen, dict) else {}), **(nested if isinstance(nested, dict) else {})}
    values = chosen.items() if isinstance(chosen, dict) else ()
    kept: dict[str, str | int | float] = {}
    for name, value in values:
        if isinstance(value, str):
            kept[safe_line(name)] = safe_line(value, 80)
        elif isinstance(value, bool):
            kept[safe_line(name)] = "yes" if value else "no"
        elif isinstance(value, (int, float)) and math.isfinite(value):
            kept[safe_line(name)] = value
    return kind, kept


def _failure(raw: object) -> JobFailure | None:
    """Healthy jobs carry an empty error, or one whose members are null."""
    if not isinstance(raw, dict) or not (raw.get("code") or raw.get("message")):
        return None
    return JobFailure(_words(raw, "code", "unknown"), _words(raw, "message"), _words(raw, "param") or None)


def event(raw: object) -> JobEvent:
    """One line of a job's log."""
    source = obj(raw, "event")
    data = source.get("data")
    numbers = data if isinstance(data, dict) else {}
    message = _words(source, "message")
    created_at = _whole(source.get("created_at")) or 0
    kind = _words(source, "type", "message")
    return JobEvent(
        id=_optional_name(source, "id", "event") or _made_up_id(created_at, kind, message),
        created_at=created_at,
        level=_words(source, "level", "info"),
        message=message,
        type=kind,
        step=_whole(numbers.get("step")),
        total_steps=_whole(numbers.get("total_steps")),
        metrics=metrics(numbers, without=("step", "total_steps")),
    )


def _made_up_id(created_at: int, kind: str, message: str) -> str:
    """The same id each time for an event that the server gave none."""
    seen = f"{created_at}\0{kind}\0{message}".encode(errors="replace")
    return f"unnamed-{hashlib.sha256(seen).hexdigest()[:24]}"


def metrics(raw: Json, without: Sequence[str] = ()) -> dict[str, float]:
    """Every finite number in a JSON object, nested ones under dotted names."""
    found: dict[str, float] = {}

    def collect(source: Json, prefix: str, depth: int) -> None:
        for key, value in source.items():
            if len(found) >= MOST_METRICS:
                return
            name = prefix + safe_line(key, 80)
            if isinstance(value, dict) and depth < DEEPEST_METRIC:
                collect(value, f"{name}.", depth + 1)
            elif isinstance(value, (int, float)) and not isinstance(value, bool) and key not in without:
                number = _finite(value)
                if number is not None:
                    found[name] = number

    collect(raw, "", 1)
    return found


def _finite(value: float) -> float | None:
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def checkpoint(raw: object) -> Checkpoint:
    """A model kept along the way."""
    source = obj(raw, "checkpoint")
    step = _whole(source.get("step_number"))
    if step is None:
        _refuse("checkpoint", "step_number")
    values = source.get("metrics")
    name = _name(source, "id", "checkpoint")
    return Checkpoint(
        id=name,
        job_id=_optional_name(source, "fine_tuning_job_id", "checkpoint") or "",
        # Azure deploys a checkpoint by its id, and gives all of them the name of the job's model.
        model=name if name.startswith("ftchkpt-") else _name(source, "fine_tuned_model_checkpoint", "checkpoint"),
        step=step,
        created_at=_whole(source.get("created_at")) or 0,
        metrics=metrics(values, without=("step",)) if isinstance(values, dict) else {},
    )


def remote_file(raw: object) -> RemoteFile:
    """A file kept by the provider."""
    source = obj(raw, "file")
    return RemoteFile(
        id=_name(source, "id", "file"),
        name=safe_line(_words(source, "filename"), 255),
        size=_whole(source.get("bytes")) or 0,
        created_at=_whole(source.get("created_at")) or 0,
        purpose=_words(source, "purpose"),
        status=_words(source, "status"),
        expires_at=_whole(source.get("expires_at")),
    )


def model(raw: object) -> RemoteModel:
    """A model the provider offers."""
    source = obj(raw, "model")
    ends = source.get("shutdown_date")
    # Azure's own fields: moments at which training and answers end, and what a model can be used for.
    ending, uses = source.get("deprecation"), source.get("capabilities")
    ending, uses = (part if isinstance(part, dict) else {} for part in (ending, uses))
    trainable = uses.get("fine_tune")
    return RemoteModel(
        id=_name(source, "id", "model"),
        created_at=_whole(source.get("created")) or _whole(source.get("created_at")) or 0,
        owned_by=_words(source, "owned_by"),
        shutdown_date=safe_line(ends, 32) if isinstance(ends, str) and ends else _day(ending.get("inference")),
        training_ends=_day(ending.get("fine_tune")),
        trainable=trainable if isinstance(trainable, bool) else None,
    )


def _day(moment: object) -> str | None:
    """The day of a moment in unix seconds, YYYY-MM-DD."""
    seconds = _whole(moment)
    if not seconds or not 0 < seconds < 2**33:
        return None
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def name_of(raw: object, what: str) -> str:
    """The id of something that has no value of its own here, such as an upload."""
    return _name(obj(raw, what), "id", what)
