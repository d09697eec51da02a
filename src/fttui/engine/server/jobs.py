"""/fine_tuning/jobs: creating jobs, watching them, and asking something of them."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import time

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from fttui.engine.base_models import BASE_MODELS
from fttui.engine.home import pin
from fttui.engine.identifiers import name_part, new_id, unix_now
from fttui.engine.json_values import JsonObject
from fttui.engine.server.bodies import Body, read_object
from fttui.engine.server.context import Context, context_of
from fttui.engine.server.failures import ApiError
from fttui.engine.server.files import FINE_TUNE
from fttui.engine.server.job_requests import JobRequest, parse_job_request
from fttui.engine.server.pages import page_object, page_request
from fttui.engine.store.events import StoredEvent, page_of_events
from fttui.engine.store.jobs import ACTIVE, JobStatus, NewJob, StoredJob, Want
from fttui.engine.store.models import StoredCheckpoint

_ACKNOWLEDGED_WITHIN_SECONDS = 5.0
_LOOK_EVERY_SECONDS = 0.03
_MOST_PER_PAGE = 1_000
_NO_ERROR: JsonObject = {"code": None, "message": None, "param": None}


def routes() -> list[Route]:
    """Return the endpoints."""
    return [
        Route("/v1/fine_tuning/jobs", create_job, methods=["POST"]),
        Route("/v1/fine_tuning/jobs", list_jobs, methods=["GET"]),
        Route("/v1/fine_tuning/jobs/{id}", retrieve_job, methods=["GET"]),
        Route("/v1/fine_tuning/jobs/{id}/cancel", cancel_job, methods=["POST"]),
        Route("/v1/fine_tuning/jobs/{id}/pause", pause_job, methods=["POST"]),
        Route("/v1/fine_tuning/jobs/{id}/resume", resume_job, methods=["POST"]),
        Route("/v1/fine_tuning/jobs/{id}/events", list_events, methods=["GET"]),
        Route("/v1/fine_tuning/jobs/{id}/checkpoints", list_checkpoints, methods=["GET"]),
    ]


async def create_job(request: Request) -> Response:
    """POST /fine_tuning/jobs."""
    asked = parse_job_request(Body(await read_object(request)))
    context = context_of(request)
    job = await run_in_threadpool(_create, context, asked)
    context.scheduler.wake()
    return JSONResponse(_job_object(job))


def list_jobs(request: Request) -> Response:
    """GET /fine_tuning/jobs."""
    wanted = page_request(request, default=20, most=_MOST_PER_PAGE)
    pairs = {
        key.removeprefix("metadata[").removesuffix("]"): value
        for key, value in request.query_params.items()
        if key.startswith("metadata[") and key.endswith("]")
    }
    nothing = request.query_params.get("metadata") in {"", "null"}
    page = context_of(request).jobs.page(wanted, pairs, without_metadata=nothing)
    return JSONResponse(page_object(page, _job_object))


def retrieve_job(request: Request) -> Response:
    """GET /fine_tuning/jobs/{id}."""
    return JSONResponse(_job_object(_find(context_of(request), request.path_params["id"])))


async def cancel_job(request: Request) -> Response:
    """POST /fine_tuning/jobs/{id}/cancel."""
    return await _ask(request, Want.CANCEL, (*ACTIVE, JobStatus.PAUSED))


async def pause_job(request: Request) -> Response:
    """POST /fine_tuning/jobs/{id}/pause."""
    return await _ask(request, Want.PAUSE, ACTIVE)


def resume_job(request: Request) -> Response:
    """POST /fine_tuning/jobs/{id}/resume."""
    context = context_of(request)
    job = _find(context, request.path_params["id"])
    if not context.jobs.resume(job.id):
        raise ApiError(f"Job {job.id} cannot be resumed: its status is '{job.status}'.", code="invalid_job_state")
    context.scheduler.wake()
    return JSONResponse(_job_object(_find(context, job.id)))


def list_events(request: Request) -> Response:
    """GET /fine_tuning/jobs/{id}/events."""
    context = context_of(request)
    job = _find(context, request.path_params["id"])
    page = page_of_events(context.database, job.id, page_request(request, default=20, most=_MOST_PER_PAGE))
    return JSONResponse(page_object(page, _event_object))


def list_checkpoints(request: Request) -> Response:
    """GET /fine_tuning/jobs/{id}/checkpoints."""
    context = context_of(request)
    job = _find(context, request.path_params["id"])
    page = context.models.checkpoints(job.id, page_request(request, default=10, most=_MOST_PER_PAGE))
    return JSONResponse(page_object(page, _checkpoint_object))


def _create(context: Context, asked: JobRequest) -> StoredJob:
    base_model = asked.model
    tuned = context.models.find(asked.model)
    if tuned is not None:
        base_model = tuned.base_model
    elif asked.model not in BASE_MODELS:
        message = f"Model {asked.model} is not available for fine-tuning or does not exist."
        raise ApiError(message, param="model", code="model_not_available")
    _check_file(context, "training_file", asked.training_file)
    if asked.validation_file is not None:
        _check_file(context, "validation_file", asked.validation_file)
    job_id = new_id("ftjob-")
    job = NewJob(
        id=job_id,
        model=asked.model,
        base_model=base_model,
        tuned_name=f"ft:{base_model}:local:{name_part(asked.suffix or '')}:{new_id('', 8)}",
        training_file=asked.training_file,
        validation_file=asked.validation_file,
        suffix=asked.suffix,
        seed=asked.seed,
        metadata=asked.metadata,
        requested=asked.hyperparameters,
    )
    folder = context.home.job(job_id)
    folder.root.mkdir(mode=0o700)
    try:
        pin(context.home.file(asked.training_file), folder.training_file)
        if asked.validation_file is not None:
            pin(context.home.file(asked.validation_file), folder.validation_file)
        if tuned is not None:
            pin(context.home.weights(tuned.weights), folder.start_weights)
        context.jobs.create(job)
    except (OSError, sqlite3.Error):
        shutil.rmtree(folder.root)
        raise
    return _find(context, job_id)


async def _ask(request: Request, want: Want, allowed: tuple[JobStatus, ...]) -> Response:
    """Leave a wish for a job and answer once it was obeyed, or when patience is over."""
    context = context_of(request)
    job = await run_in_threadpool(_find, context, request.path_params["id"])
    if not await run_in_threadpool(context.jobs.ask, job.id, want, allowed):
        message = f"Job {job.id} cannot be {_PAST[want]}: its status is '{job.status}'."
        raise ApiError(message, code="invalid_job_state")
    context.scheduler.wake()
    patience_ends = time.monotonic() + _ACKNOWLEDGED_WITHIN_SECONDS
    while True:
        job = await run_in_threadpool(_find, context, job.id)
        if job.want is None or time.monotonic() > patience_ends:
            return JSONResponse(_job_object(job))
        await asyncio.sleep(_LOOK_EVERY_SECONDS)


_PAST = {Want.CANCEL: "cancelled", Want.PAUSE: "paused"}


def _check_file(context: Context, param: str, file_id: str) -> None:
    file = context.files.find(file_id, unix_now())
    if file is None:
        raise ApiError(f"invalid {param}: {file_id}", param=param, code="invalid_file")
    if file.purpose != FINE_TUNE:
        message = f"File '{file_id}' has the purpose '{file.purpose}', but a job needs '{FINE_TUNE}'."
        raise ApiError(message, param=param, code="invalid_file_purpose")


def _find(context: Context, job_id: str) -> StoredJob:
    job = context.jobs.find(job_id)
    if job is None:
        message = f"Could not find fine tune: {job_id}"
        raise ApiError(message, status=404, param="fine_tuning_job_id", code="fine_tune_not_found")
    return job


def _job_object(job: StoredJob) -> JsonObject:
    settings = (job.resolved or job.requested).as_json()
    done = job.status is JobStatus.SUCCEEDED
    return {
        "object": "fine_tuning.job",
        "id": job.id,
        "model": job.model,
        "created_at": job.created_at,
        "finished_at": job.finished_at,
        "estimated_finish": job.estimated_finish,
        "fine_tuned_model": job.tuned_name if done else None,
        "organization_id": "org-local",
        "result_files": [job.result_file] if job.result_file else [],
        "status": job.status,
        "validation_file": job.validation_file,
        "training_file": job.training_file,
        "hyperparameters": settings,
        "trained_tokens": job.trained_tokens,
        "error": job.error or _NO_ERROR,
        "user_provided_suffix": job.suffix,
        "seed": job.seed,
        "integrations": [],
        "metadata": job.metadata,
        "method": {"type": "supervised", "supervised": {"hyperparameters": settings}},
    }


def _event_object(event: StoredEvent) -> JsonObject:
    return {
        "object": "fine_tuning.job.event",
        "id": event.id,
        "created_at": event.created_at,
        "level": event.level,
        "message": event.message,
        "data": event.data,
        "type": event.type,
    }


def _checkpoint_object(checkpoint: StoredCheckpoint) -> JsonObject:
    return {
        "object": "fine_tuning.job.checkpoint",
        "id": checkpoint.id,
        "created_at": checkpoint.created_at,
        "fine_tuned_model_checkpoint": checkpoint.facts.model,
        "fine_tuning_job_id": checkpoint.job_id,
        "step_number": checkpoint.facts.step,
        "metrics": checkpoint.facts.metrics,
    }
