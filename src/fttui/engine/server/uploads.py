"""/uploads: large files in parts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from fttui.engine.identifiers import new_id, unix_now
from fttui.engine.json_values import JsonObject
from fttui.engine.server.bodies import Body, read_object
from fttui.engine.server.context import Context, context_of
from fttui.engine.server.failures import ApiError, not_found
from fttui.engine.server.files import check_expiry, check_purpose, file_object
from fttui.engine.server.multipart import receive_form
from fttui.engine.store.files import StoredFile
from fttui.engine.store.uploads import Part, Upload, UploadStatus

# The service's own limits (API reference, November 2026).
MAX_UPLOAD_BYTES = 8 << 30
MAX_PART_BYTES = 64 << 20
LIFETIME_SECONDS = 3_600


def routes() -> list[Route]:
    """Return the endpoints."""
    return [
        Route("/v1/uploads", create_upload, methods=["POST"]),
        Route("/v1/uploads/{id}/parts", add_part, methods=["POST"]),
        Route("/v1/uploads/{id}/complete", complete_upload, methods=["POST"]),
        Route("/v1/uploads/{id}/cancel", cancel_upload, methods=["POST"]),
    ]


async def create_upload(request: Request) -> Response:
    """POST /uploads."""
    body = Body(await read_object(request))
    body.only({"bytes", "filename", "mime_type", "purpose", "expires_after"})
    for key in ("bytes", "filename", "mime_type", "purpose"):
        body.required(key)
    filename = body.needed_text("filename")
    body.needed_text("mime_type")
    size = body.integer("bytes", 1, MAX_UPLOAD_BYTES) or 0
    expiry = body.child("expires_after")
    now = unix_now()
    upload = Upload(
        id=new_id("upload_"),
        bytes=size,
        created_at=now,
        expires_at=now + LIFETIME_SECONDS,
        filename=filename,
        purpose=check_purpose(body.text("purpose"), filename),
        file_expires_after=None
        if expiry is None
        else check_expiry(expiry.text("anchor"), expiry.integer("seconds", 0)),
    )
    await run_in_threadpool(context_of(request).uploads.add, upload)
    return JSONResponse(_upload_object(upload))


async def add_part(request: Request) -> Response:
    """POST /uploads/{id}/parts."""
    context = context_of(request)
    upload = await run_in_threadpool(_pending, context, request)
    part_id = new_id("part_")
    target = context.home.part(part_id)
    received = await receive_form(request, "data", target, MAX_PART_BYTES)
    part = Part(part_id, upload.id, received.bytes, unix_now())
    try:
        await run_in_threadpool(context.uploads.add_part, part)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return JSONResponse({"id": part.id, "object": "upload.part", "created_at": part.created_at, "upload_id": upload.id})


async def complete_upload(request: Request) -> Response:
    """POST /uploads/{id}/complete."""
    body = Body(await read_object(request))
    return await run_in_threadpool(_complete, request, body)


def cancel_upload(request: Request) -> Response:
    """POST /uploads/{id}/cancel."""
    context = context_of(request)
    upload = _pending(context, request)
    drop_upload(context, upload.id, UploadStatus.CANCELLED)
    return JSONResponse(_upload_object(_find(context, upload.id)))


def drop_upload(context: Context, upload_id: str, status: UploadStatus) -> None:
    """Give an upload up and remove what it left on disk."""
    parts = context.uploads.parts(upload_id)
    if context.uploads.close(upload_id, status):
        for part in parts:
            context.home.part(part.id).unlink(missing_ok=True)


def _complete(request: Request, body: Body) -> Response:
    context = context_of(request)
    body.only({"part_ids", "md5"})
    body.required("part_ids")
    upload = _pending(context, request)
    parts = _ordered(body, context.uploads.parts(upload.id))
    total = sum(part.bytes for part in parts)
    if total != upload.bytes:
        message = f"The parts hold {total} bytes, but the upload was created for {upload.bytes} bytes."
        raise ApiError(message, param="part_ids", code="invalid_upload_size")
    now = unix_now()
    lifetime = upload.file_expires_after
    expires_at = None if lifetime is None else now + lifetime
    file = StoredFile(new_id("file-"), total, now, upload.filename, upload.purpose, expires_at)
    target = context.home.file(file.id)
    try:
        digest = _join([context.home.part(part.id) for part in parts], target)
        _check_digest(body, digest)
        _settle(context, upload, file)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return JSONResponse({**_upload_object(_find(context, upload.id)), "file": file_object(file)})


def _check_digest(body: Body, digest: str) -> None:
    expected = body.text("md5")
    if expected is not None and expected.lower() != digest:
        raise ApiError("The MD5 checksum does not match the uploaded bytes.", param="md5", code="invalid_md5")


def _settle(context: Context, upload: Upload, file: StoredFile) -> None:
    """Turn the upload into its file, and remove its parts."""
    parts = context.uploads.parts(upload.id)
    if not context.uploads.complete(upload.id, file):
        raise _wrong_state(_find(context, upload.id))
    for part in parts:
        context.home.part(part.id).unlink(missing_ok=True)


def _ordered(body: Body, parts: Sequence[Part]) -> list[Part]:
    """Return the parts in the order the body names them."""
    names = body.get("part_ids")
    if not isinstance(names, list):
        raise body.wrong_type("part_ids", "an array")
    known = {part.id: part for part in parts}
    ordered = [known[name] for name in names if isinstance(name, str) and name in known]
    if len(ordered) != len(names):
        raise ApiError("Invalid 'part_ids': not all of them are parts of this upload.", param="part_ids")
    if len({part.id for part in ordered}) != len(ordered):
        raise ApiError("Invalid 'part_ids': a part is named twice.", param="part_ids")
    return ordered


def _join(parts: Sequence[Path], target: Path, chunk: int = 1 << 20) -> str:
    """Write the parts one after another into a file, and return its MD5 in hexadecimal."""
    digest = hashlib.md5(usedforsecurity=False)
    with target.open("wb") as writer:
        for part in parts:
            with part.open("rb") as reader:
                while piece := reader.read(chunk):
                    digest.update(piece)
                    writer.write(piece)
    return digest.hexdigest()


def _find(context: Context, upload_id: str) -> Upload:
    upload = context.uploads.find(upload_id, unix_now())
    if upload is None:
        raise not_found("upload", upload_id, "upload_id")
    return upload


def _pending(context: Context, request: Request) -> Upload:
    upload = _find(context, request.path_params["id"])
    if upload.status is not UploadStatus.PENDING:
        raise _wrong_state(upload)
    return upload


def _wrong_state(upload: Upload) -> ApiError:
    return ApiError(f"Upload {upload.id} is {upload.status}, not pending.", param="upload_id")


def _upload_object(upload: Upload) -> JsonObject:
    return {
        "id": upload.id,
        "object": "upload",
        "bytes": upload.bytes,
        "created_at": upload.created_at,
        "expires_at": upload.expires_at,
        "filename": upload.filename,
        "purpose": upload.purpose,
        "status": upload.status,
        "file": None,
    }
