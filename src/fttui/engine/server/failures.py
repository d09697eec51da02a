"""Refusals, in the envelope the protocol gives them."""

from __future__ import annotations

import logging

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from fttui.engine.json_values import JsonObject
from fttui.engine.room import is_no_room, no_room_words
from fttui.engine.store.paging import UnknownCursorError

_log = logging.getLogger("fttui.engine")
_CLIENT_CLOSED_REQUEST = 499


class ApiError(Exception):
    """A request that is refused.

    Args:
        message: what is wrong, for a person.
        status: the HTTP status. Never 409: clients take it for a reason to try again.
        code: the protocol's word for it, if it has one.
        param: the parameter that is wrong, if it is one.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        code: str | None = None,
        param: str | None = None,
        type: str = "invalid_request_error",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.param = param
        self.type = type

    def body(self) -> JsonObject:
        """Return the envelope."""
        error = {"message": self.message, "type": self.type, "param": self.param, "code": self.code}
        return {"error": error}


def not_found(kind: str, identity: str, param: str) -> ApiError:
    """Return the refusal for something that does not exist."""
    return ApiError(f"No such {kind}: {identity}", status=404, param=param, code="not_found")


def no_such_model(name: str) -> ApiError:
    """Return the refusal for a model that does not exist."""
    return ApiError(
        f"The model `{name}` does not exist or you do not have access to it.",
        status=404,
        param="model",
        code="model_not_found",
    )


def invalid_url(request: Request) -> ApiError:
    """Return the refusal for an address this server does not have."""
    return ApiError(f"Invalid URL ({request.method} {request.url.path})", status=404)


def answer(error: ApiError) -> Response:
    """Return a refusal as an answer."""
    return JSONResponse(error.body(), status_code=error.status)


async def on_api_error(request: Request, error: Exception) -> Response:  # noqa: ARG001 (starlette's signature)
    """Answer a refusal raised by an endpoint."""
    if not isinstance(error, ApiError):
        raise TypeError("only refusals come here")
    return answer(error)


async def on_unknown_cursor(request: Request, error: Exception) -> Response:  # noqa: ARG001 (starlette's signature)
    """Answer a page that should follow an item which is not there."""
    if not isinstance(error, UnknownCursorError):
        raise TypeError("only cursors come here")
    return answer(ApiError(f"Invalid 'after': no item with the id '{error.cursor}' is in this list.", param="after"))


async def on_http_error(request: Request, error: Exception) -> Response:
    """Answer what starlette itself refuses."""
    if not isinstance(error, HTTPException):
        raise TypeError("only starlette's refusals come here")
    if error.status_code == 404:
        return answer(invalid_url(request))
    if error.status_code == 405:
        message = f"Not allowed to {request.method} on {request.url.path}."
        return answer(ApiError(message, status=405, code="method_not_supported"))
    return answer(ApiError(str(error.detail), status=error.status_code))


async def on_client_gone(request: Request, error: Exception) -> Response:  # noqa: ARG001 (starlette's signature)
    """Close a request nobody waits for any more."""
    return Response(status_code=_CLIENT_CLOSED_REQUEST)


async def on_system_error(request: Request, error: Exception) -> Response:
    """Answer what the system refused; a full disk is said plainly, anything else is a mistake of this server."""
    if is_no_room(error):
        root = request.app.state.context.home.root
        refusal = answer(ApiError(f"{no_room_words(root)}.", status=507, code="no_room", type="server_error"))
        # Trying again at once would fill the disk again.
        refusal.headers["x-should-retry"] = "false"
        return refusal
    _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return await on_bug(request, error)


async def on_bug(request: Request, error: Exception) -> Response:  # noqa: ARG001 (starlette's signature)
    """Answer a mistake of this server; its traceback is logged by the server, and not for the client."""
    message = "The server had an error while processing your request. Sorry about that!"
    return answer(ApiError(message, status=500, type="server_error"))
