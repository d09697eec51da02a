"""Files arrive byte for byte, in one piece or in parts, and never lie in memory whole."""

from __future__ import annotations

import asyncio
import random
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from fault_server import Fault, FaultServer, error
from fttui.domain.errors import MalformedAnswerError, NotFoundError, ProviderError, UnreadableFileError
from fttui.domain.jobs.transfer import MIB, Part
from fttui.services.jobs.source_file import SourceFile
from fttui.services.openai_api.provider import OpenAiProvider

CONTENT = random.Random(1).randbytes(300_000)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "my private name 名.jsonl"
    path.write_bytes(CONTENT)
    return path


async def test_a_file_arrives_as_it_is_under_the_name_given(
    server: FaultServer, provider: OpenAiProvider, file: Path
) -> None:
    told: list[int] = []

    with SourceFile(file) as source:
        sent = await provider.upload(source.whole(told.append), size=source.size, stored_name="fttui-1.jsonl")

    assert server.memory.contents[sent.id] == CONTENT
    assert (sent.name, sent.size, sent.purpose) == ("fttui-1.jsonl", len(CONTENT), "fine-tune")
    assert b"private" not in server.requests[0].body
    assert told == sorted(told)
    assert told[-1] == len(CONTENT)


async def test_a_part_arrives_as_just_its_bytes(server: FaultServer, provider: OpenAiProvider, file: Path) -> None:
    upload = await provider.begin_upload(size=len(CONTENT), stored_name="x.jsonl")
    told: list[int] = []

    with SourceFile(file) as source:
        part = await provider.send_part(upload.id, source.piece(Part(1000, 100_000), told.append), seconds=30)

    assert server.memory.parts[part] == CONTENT[1000:101_000]
    assert told[-1] == 100_000
    assert upload.lifetime == 3600


async def test_a_file_and_a_part_are_sent_once(server: FaultServer, provider: OpenAiProvider, file: Path) -> None:
    upload = await provider.begin_upload(size=len(CONTENT), stored_name="x.jsonl")
    server.fail("POST", "/files$", Fault(close=True), error(503, "x"))
    server.fail("POST", "/parts$", Fault(close=True), error(503, "x"))

    with SourceFile(file) as source:
        with pytest.raises(ProviderError):
            await provider.upload(source.whole(), size=source.size, stored_name="x.jsonl")
        with pytest.raises(ProviderError):
            await provider.send_part(upload.id, source.whole(), seconds=30)

    assert (server.count("POST", "/files$"), server.count("POST", "/parts$")) == (1, 1)


async def test_a_file_that_becomes_shorter_on_the_way_is_an_error(
    server: FaultServer, provider: OpenAiProvider, file: Path
) -> None:
    with file.open("ab") as end:
        end.truncate(3 * MIB)

    def meddle(done: int) -> None:
        if done > 100_000:
            with file.open("r+b") as shortened:
                shortened.truncate(200_000)

    with SourceFile(file) as source, pytest.raises(UnreadableFileError, match="changed while it was sent"):
        await provider.upload(source.whole(meddle), size=source.size, stored_name="x.jsonl")
    assert server.memory.files == {}


async def test_a_server_that_knows_no_uploads_says_so(server: FaultServer, provider: OpenAiProvider) -> None:
    server.fail("POST", "/uploads$", error(404, "Invalid URL"))

    with pytest.raises(NotFoundError):
        await provider.begin_upload(size=1, stored_name="x.jsonl")


@pytest.mark.parametrize("body", [b"{}", b'{"id": 5}', b"<html>log in", b"["])
async def test_an_upload_without_an_id_is_an_odd_answer(
    server: FaultServer, provider: OpenAiProvider, body: bytes
) -> None:
    server.fail("POST", "/uploads$", Fault(200, body))

    with pytest.raises(MalformedAnswerError):
        await provider.begin_upload(size=1, stored_name="x.jsonl")


@asynccontextmanager
async def sink() -> AsyncIterator[str]:
    """A server that forgets what it is sent as it comes, and answers with an empty list or a file."""

    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        left = int(head.split(b"content-length: ")[1].split(b"\r\n")[0]) if b"content-length" in head else 0
        while left:
            left -= len(await reader.read(65_536))
        body = b'{"id": "file-1", "data": []}'
        writer.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    listening = await asyncio.start_server(swallow, "127.0.0.1", 0)
    async with listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/v1"


async def test_sending_takes_no_more_memory_for_a_larger_file(tmp_path: Path) -> None:
    large = tmp_path / "large.jsonl"
    with large.open("wb") as file:
        file.truncate(48 * MIB)
    tracemalloc.start()
    try:
        async with sink() as base_url:
            provider = OpenAiProvider(replace(FaultServer().endpoint(), base_url=base_url))
            await provider.list_models()
            tracemalloc.reset_peak()
            before, _ = tracemalloc.get_traced_memory()
            with SourceFile(large) as source:
                await provider.upload(source.whole(), size=source.size, stored_name="x.jsonl")
            _, peak = tracemalloc.get_traced_memory()
            await provider.close()
    finally:
        tracemalloc.stop()

    assert peak - before < 4 * MIB
