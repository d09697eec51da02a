"""A server on a real socket that speaks the protocol from memory, and misbehaves on request."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlsplit

from fttui.domain.profiles.profile import Credential, Dialect, Endpoint, KeySource, Profile
from fttui.domain.profiles.secret import Secret
from protocol_memory import Answer, ProtocolMemory, Request

KEY = "sk-test-0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Fault:
    """One wrong answer.

    `body` is sent as it is; `raw` replaces everything including the status line; `after_effect` does what was asked
    before misbehaving; `cut_after` closes the connection after that many bytes of the body while promising them all;
    `close` closes it without a word; `pause` waits between the pieces of `drip` bytes.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    after_effect: bool = False
    cut_after: int | None = None
    close: bool = False
    drip: int = 0
    pause: float = 0.0


def error(
    status: int, message: str, code: str | None = None, kind: str = "invalid_request_error", **headers: str
) -> Fault:
    """A refusal in the protocol's own form."""
    body = {"error": {"message": message, "type": kind, "param": None, "code": code}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fault(status, json.dumps(body).encode(), {"content-type": "application/json", **named})


def reply(value: object, **options: bool) -> Fault:
    """Any JSON as a successful answer."""
    return Fault(200, json.dumps(value).encode(), {"content-type": "application/json"}, **options)  # type: ignore[arg-type]  # flags of Fault


class FaultServer:
    """The server: `memory` is what it knows, `requests` what it was asked, `fail` plans what goes wrong."""

    def __init__(self) -> None:
        self.memory = ProtocolMemory()
        self.requests: list[Request] = []
        self.took_effect = threading.Event()
        """Set when something was done whose answer is spoilt."""
        self.port = 0
        self.prefix = ""
        """What stands before the protocol's paths, where it is not ``/v1``."""
        self.credentials = {"authorization": f"Bearer {KEY}"}
        """The headers that a request must carry."""
        self._planned: list[tuple[str, re.Pattern[str], deque[Fault], bool]] = []

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def endpoint(self, dialect: Dialect = Dialect.COMPATIBLE) -> Endpoint:
        profile = Profile("fault", dialect, self.base_url)
        return Endpoint(profile, self.base_url, Credential(Secret(KEY), KeySource.SESSION))

    def fail(self, method: str, path: str, *faults: Fault, forever: bool = False) -> None:
        """Answer the next requests of this kind with faults, one each; `forever` repeats the last one."""
        self._planned.append((method, re.compile(path), deque(faults), forever))

    def heal(self) -> None:
        """From now on everything goes right."""
        self._planned.clear()

    def count(self, method: str, path: str) -> int:
        """How many requests of a kind arrived."""
        return sum(1 for request in self.requests if request.method == method and re.search(path, request.path))

    def next_fault(self, request: Request) -> Fault | None:
        for method, path, faults, forever in self._planned:
            if method == request.method and path.search(request.path) and faults:
                return faults[0] if forever and len(faults) == 1 else faults.popleft()
        return None

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer), suppress(ConnectionError, asyncio.IncompleteReadError):
            while request := await read_request(reader):
                request = replace(request, path=request.path.removeprefix(self.prefix))
                self.requests.append(request)
                if not await self._answer(request, writer):
                    break

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        """Send the answer; False closes the connection."""
        fault = self.next_fault(request)
        if not self.credentials.items() <= request.headers.items():
            fault = error(401, "Incorrect API key provided", "invalid_api_key")
        if fault is None or fault.after_effect:
            answer = self.memory.answer(request)
            if fault is None:
                fault = Fault(answer.status, answer.body, {"content-type": answer.content_type})
            else:
                self.took_effect.set()
        if fault.close:
            return False
        if fault.raw is not None:
            writer.write(fault.raw)
            await writer.drain()
            return False
        length = str(len(fault.body))
        head = [f"HTTP/1.1 {fault.status} X", f"content-length: {length}", "x-request-id: req_1"]
        head += [f"{name}: {value}" for name, value in fault.headers.items()]
        writer.write("\r\n".join([*head, "", ""]).encode())
        if fault.drip:
            for start in range(0, len(fault.body), fault.drip):
                writer.write(fault.body[start : start + fault.drip])
                await writer.drain()
                await asyncio.sleep(fault.pause)
        writer.write(b"" if fault.drip else fault.body[: fault.cut_after])
        await writer.drain()
        return fault.cut_after is None


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """One request with its body, whether its length is told or it comes in chunks."""
    first_byte = await reader.readexactly(1)
    if first_byte == b"\x16":
        return None  # somebody speaks TLS
    head = first_byte + await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    body = b""
    if "chunked" in headers.get("transfer-encoding", ""):
        while size := int((await reader.readline()).split(b";")[0], 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readline()
    elif "content-length" in headers:
        body = await reader.readexactly(int(headers["content-length"]))
    parts = urlsplit(target)
    return Request(method, parts.path.removeprefix("/v1"), dict(parse_qsl(parts.query)), headers, body)


@contextmanager
def running_fault_server() -> Iterator[FaultServer]:
    """A server on a free port, in a thread of its own."""
    server = FaultServer()
    loop = asyncio.new_event_loop()
    ready = threading.Event()

    def serve() -> None:
        asyncio.set_event_loop(loop)
        listening = loop.run_until_complete(asyncio.start_server(server.handle, "127.0.0.1", 0))
        server.port = listening.sockets[0].getsockname()[1]
        ready.set()
        loop.run_forever()
        listening.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.gather(*asyncio.all_tasks(loop), return_exceptions=True))
        # Closed connections are let go of in the loop's next round.
        loop.run_until_complete(asyncio.sleep(0.01))
        loop.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


__all__ = ["KEY", "Answer", "Fault", "FaultServer", "error", "reply", "running_fault_server"]
