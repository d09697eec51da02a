"""Who may talk to the server: this user's programs, who know the token, by the loopback name alone."""

from __future__ import annotations

import secrets
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fttui.engine.home import EngineHome, write_atomically
from fttui.engine.server.failures import ApiError, answer

_HOSTS = frozenset({"127.0.0.1", "localhost"})


def installation_token(home: EngineHome) -> str:
    """Return the bearer token of this installation, made once."""
    try:
        token = home.token.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        token = ""
    if not token:
        token = f"sk-local-{secrets.token_urlsafe(32)}"
        write_atomically(home.token, token.encode())
    return token


class Doorkeeper:
    """Turns away requests under a foreign host name or without the token, and marks every answer.

    A page in a browser can reach a loopback port by a name of its own; it cannot forge the Host header.

    Args:
        token: the bearer token.
    """

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._expected = f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or let it through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        marked = _Marking(send)
        refusal = self._refusal(Headers(scope=scope))
        app = self._app if refusal is None else answer(refusal)
        await app(scope, receive, marked)

    def _refusal(self, headers: Headers) -> ApiError | None:
        host = headers.get("host", "")
        if host.rpartition(":")[0] not in _HOSTS and host not in _HOSTS:
            return ApiError("Invalid Host header.", status=403, code="invalid_host")
        given = headers.get("authorization")
        if given is None:
            message = "You didn't provide an API key. Provide it in an Authorization header: Bearer YOUR_KEY."
            return ApiError(message, status=401)
        if not secrets.compare_digest(given.encode(), self._expected):
            return ApiError("Incorrect API key provided.", status=401, code="invalid_api_key")
        return None


class _Marking:
    """Adds the headers every answer of the protocol carries."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._began_at = time.monotonic()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["x-request-id"] = f"req_{secrets.token_hex(16)}"
            headers["openai-processing-ms"] = str(round((time.monotonic() - self._began_at) * 1000))
            headers["openai-version"] = "2020-10-01"
            headers["openai-organization"] = "local"
        await self._send(message)
