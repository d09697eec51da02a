"""A small provider on a real socket that remembers which keys it was shown."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class LoopbackProvider:
    """Lists one model and streams one reply; `redirect_to` sends every request elsewhere instead."""

    port: int = 0
    pieces: Sequence[str] = ("Hello", " there")
    redirect_to: str = ""
    shown_keys: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    go_on: threading.Event = field(default_factory=threading.Event)
    """Cleared, it holds a reply back before its ending."""

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"


@contextmanager
def loopback_provider() -> Iterator[LoopbackProvider]:
    """Serve until the block ends."""
    provider = LoopbackProvider()
    provider.go_on.set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(b"application/json", [json.dumps(_MODELS).encode()])

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self._answer(b"text/event-stream", _events(provider))

        def _answer(self, kind: bytes, parts: Sequence[bytes] | Iterator[bytes]) -> None:
            provider.paths.append(self.path)
            provider.shown_keys.append(self.headers.get("Authorization", ""))
            if provider.redirect_to:
                self.send_response(302)
                self.send_header("Location", provider.redirect_to + self.path)
                self.end_headers()
                return
            self.send_response(200)
            self.send_header("Content-Type", kind.decode())
            self.end_headers()
            for part in parts:
                self.wfile.write(part)
                self.wfile.flush()

        def log_message(self, format: str, *args: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider.port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield provider
        finally:
            provider.go_on.set()
            server.shutdown()


_MODELS = {"object": "list", "data": [{"id": "m-1", "object": "model", "created": 1, "owned_by": "test"}]}


def _events(provider: LoopbackProvider) -> Iterator[bytes]:
    for piece in provider.pieces:
        yield _event({"content": piece}, None)
    provider.go_on.wait(timeout=30)
    yield _event({}, "stop")
    yield b"data: [DONE]\n\n"


def _event(delta: dict[str, str], finish: str | None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    chunk = {"id": "c-1", "object": "chat.completion.chunk", "created": 1, "model": "m-1", "choices": [choice]}
    return f"data: {json.dumps(chunk)}\n\n".encode()
