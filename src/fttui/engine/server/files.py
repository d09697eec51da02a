"""/files: what people upload, and the result files of jobs."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from fttui.engine.identifiers import new_id, unix_now
from fttui.engine.json_values import JsonObject
from fttui.engine.server.context import Context, context_of
from fttui.engine.server.failures import ApiError, not_found
from fttui.engine.server.multipart import receive_form
from fttui.engine.server.pages import page_object, page_request
from fttui.engine.store.files import StoredFile

MAX_FILE_BYTES = 512 << 20
"""The service's own limit for one file (API reference, November 2026)."""

FINE_TUNE = "fine-tune"
PURPOSES = ("assistants", "batch", FINE_TUNE, "vision", "user_data", "evals")
_EXPIRY_SECONDS = (3_600, 2_592_000)
_LIST_LIMIT = 10_000


def routes() -> list[Route]:
    """Return the endpoints."""
    return [
        Route("/v1/files", create_file, methods=["POST"]),
        Route("/v1/files", list_files, methods=["GET"]),
        Route("/v1/files/{id}", retrieve_file, methods=["GET"]),
        Route("/v1/files/{id}", delete_file, methods=["DELETE"]),
        Route("/v1/files/{id}/content", file_content, methods=["GET"]),
    ]


def file_object(file: StoredFile) -> JsonObject:
    """Return a file as the protocol writes it."""
    return {
        "id": file.id,
        "object": "file",
        "bytes": file.bytes,
        "created_at": file.created_at,
        "expires_at": file.expires_at,
        "filename": file.filename,
        "purpose": file.purpose,
        "status": "processed",
        "status_details": None,
    }


def check_purpose(purpose: str | None, filename: str) -> str:
    """Return the purpose of a new file, or refuse it."""
    if purpose is None:
        raise ApiError("Missing required parameter: 'purpose'.", code="missing_required_parameter", param="purpose")
    if purpose not in PURPOSES:
        known = ", ".join(f"'{name}'" for name in PURPOSES)
        message = f"Invalid value: '{purpose}'. Supported values are: {known}."
        raise ApiError(message, code="invalid_value", param="purpose")
    if purpose == FINE_TUNE and not filename.lower().endswith(".jsonl"):
        raise ApiError("Invalid file format for Fine-Tuning API. Must be .jsonl", param="file")
    return purpose


def check_expiry(anchor: str | None, seconds: str | int | None) -> int | None:
    """Return after how many seconds a new file expires, None for never, or refuse it."""
    if anchor is None and seconds is None:
        return None
    try:
        given = int(seconds or "")
    except ValueError:
        given = 0
    least, most = _EXPIRY_SECONDS
    if anchor != "created_at" or not least <= given <= most:
        message = f"Invalid 'expires_after': expected the anchor 'created_at' and {least} to {most} seconds."
        raise ApiError(message, code="invalid_value", param="expires_after")
    return given


async def create_file(request: Request) -> Response:
    """POST /files."""
    context = context_of(request)
    file_id = new_id("file-")
    target = context.home.file(file_id)
    received = await receive_form(request, "file", target, MAX_FILE_BYTES)
    try:
        filename = received.filename or "upload"
        purpose = check_purpose(received.fields.get("purpose"), filename)
        lifetime = check_expiry(
            received.fields.get("expires_after[anchor]"), received.fields.get("expires_after[seconds]")
        )
        now = unix_now()
        expires_at = None if lifetime is None else now + lifetime
        file = StoredFile(file_id, received.bytes, now, filename, purpose, expires_at)
        await run_in_threadpool(context.files.add, file)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return JSONResponse(file_object(file))


def list_files(request: Request) -> Response:
    """GET /files."""
    wanted = page_request(request, default=_LIST_LIMIT, most=_LIST_LIMIT)
    page = context_of(request).files.page(wanted, request.query_params.get("purpose"), unix_now())
    return JSONResponse(page_object(page, file_object))


def retrieve_file(request: Request) -> Response:
    """GET /files/{id}."""
    return JSONResponse(file_object(_find(context_of(request), request)))


def delete_file(request: Request) -> Response:
    """DELETE /files/{id}; jobs under way keep their own hold on the content."""
    context = context_of(request)
    file = _find(context, request)
    context.files.remove(file.id)
    context.home.file(file.id).unlink(missing_ok=True)
    return JSONResponse({"id": file.id, "object": "file", "deleted": True})


def file_content(request: Request) -> Response:
    """GET /files/{id}/content."""
    context = context_of(request)
    file = _find(context, request)
    return FileResponse(context.home.file(file.id), media_type="application/octet-stream", filename=file.filename)


def _find(context: Context, request: Request) -> StoredFile:
    file_id = request.path_params["id"]
    file = context.files.find(file_id, unix_now())
    if file is None:
        raise not_found("File object", file_id, "id")
    return file
