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
from fttui.domain.errors import ProviderError, RefusedError, UnreadableFileError
from fttui.services.openai_api import uploading
from fttui.services.openai_api.provider import OpenAiProvider
from fttui.services.openai_api.uploading import MIB, part_size

CONTENT = random.Random(1).randbytes(300_000)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "my private name 名.jsonl"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files from 100 kB on go in parts of 64 kB."""
    monkeypatch.setattr(uploading, "part_size", lambda _size: 65_536)
    whole = uploading.upload
    monkeypatch.setattr(
        uploading,
        "upload",
        lambda connection, path, name, progress: whole(connection, path, name, progress, parts_from=100_000),
    )


async def test_a_file_arrives_as_it_is_under_the_name_given(
    server: FaultServer, provider: OpenAiProvider, file: Path
) -> None:
    told: list[tuple[int, int]] = []

    sent = await provider.upload(
        file, stored_name="fttui-1.jsonl", progress=lambda done, total: told.append((done, total))
    )

    assert server.memory.contents[sent.id] == CONTENT
    assert (sent.name, sent.size, sent.purpose) == ("fttui-1.jsonl", len(CONTENT), "fine-tune")
    assert b"private" not in server.requests[0].body
    assert told[0] == (0, len(CONTENT))
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert told == sorted(told)


@pytest.mark.usefixtures("small_parts")
async def test_a_large_file_arrives_in_parts_in_their_order(
    server: FaultServer, provider: OpenAiProvider, file: Path
) -> None:
    told: list[int] = []

    sent = await provider.upload(file, stored_name="x.jsonl", progress=lambda done, _: told.append(done))

    assert server.memory.contents[sent.id] == CONTENT
    assert server.count("POST", "/parts") == 5
    assert told == [0, 65_536, 131_072, 196_608, 262_144, 300_000, 300_000]


@pytest.mark.usefixtures("small_parts")
async def test_a_part_that_is_lost_is_sent_again_and_counts_once(
    server: FaultServer, provider: OpenAiProvider, file: Path
) -> None:
    server.fail("POST", "/parts", Fault(close=True, after_effect=True), error(503, "x"))

    sent = await provider.upload(file, stored_name="x.jsonl")

    assert server.memory.contents[sent.id] == CONTENT


@pytest.mark.usefixtures("small_parts")
async def test_an_upload_that_fails_is_called_off_at_the_provider(
    server: FaultServer, provider: OpenAiProvider, file: Path
) -> None:
    server.fail("POST", "/parts", error(400, "Not this"))

    with pytest.raises(RefusedError):
        await provider.upload(file, stored_name="x.jsonl")

    assert [upload["status"] for upload in server.memory.uploads.values()] == ["cancelled"]


@pytest.mark.usefixtures("small_parts")
async def test_an_upload_that_a_person_stops_is_called_off_at_the_provider(
    server: FaultServer, provider: OpenAiProvider, file: Path
) -> None:
    reached = asyncio.Event()

    def tell(done: int, _total: int) -> None:
        if done > 100_000:
            reached.set()

    upload = asyncio.create_task(provider.upload(file, stored_name="x.jsonl", progress=tell))
    await reached.wait()
    upload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await upload

    assert [upload["status"] for upload in server.memory.uploads.values()] == ["cancelled"]


@pytest.mark.usefixtures("small_parts")
async def test_a_server_without_uploads_gets_the_file_in_one_piece(
    server: FaultServer, provider: OpenAiProvider, file: Path
) -> None:
    server.fail("POST", "/uploads$", error(404, "Invalid URL"))

    sent = await provider.upload(file, stored_name="x.jsonl")

    assert server.memory.contents[sent.id] == CONTENT
    assert server.count("POST", "/files$") == 1


async def test_a_file_that_changes_on_the_way_is_an_error_that_names_what_arrived(
    server: FaultServer, provider: OpenAiProvider, file: Path
) -> None:
    def meddle(done: int, _total: int) -> None:
        if done:
            file.write_bytes(CONTENT + b"more")

    with pytest.raises(UnreadableFileError, match=r"changed while it was sent.*file-"):
        await provider.upload(file, stored_name="x.jsonl", progress=meddle)


async def test_a_file_that_becomes_shorter_on_the_way_is_an_error(
    server: FaultServer, provider: OpenAiProvider, file: Path
) -> None:
    with file.open("ab") as end:
        end.truncate(3 * MIB)

    def meddle(done: int, _total: int) -> None:
        if done > 100_000:
            with file.open("r+b") as shortened:
                shortened.truncate(200_000)

    with pytest.raises(UnreadableFileError, match="shorter"):
        await provider.upload(file, stored_name="x.jsonl", progress=meddle)
    assert server.memory.files == {}


@pytest.mark.parametrize("name", ["absent.jsonl", "."])
async def test_what_is_no_file_is_told_before_anything_is_sent(
    server: FaultServer, provider: OpenAiProvider, tmp_path: Path, name: str
) -> None:
    with pytest.raises(UnreadableFileError):
        await provider.upload(tmp_path / name, stored_name="x.jsonl")

    assert server.requests == []


async def test_an_upload_in_one_piece_is_sent_once(server: FaultServer, provider: OpenAiProvider, file: Path) -> None:
    server.fail("POST", "/files$", Fault(close=True), error(503, "x"))

    with pytest.raises(ProviderError):
        await provider.upload(file, stored_name="x.jsonl")

    assert server.count("POST", "/files$") == 1


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
            await provider.upload(large, stored_name="x.jsonl")
            _, peak = tracemalloc.get_traced_memory()
            await provider.close()
    finally:
        tracemalloc.stop()

    assert peak - before < 4 * MIB


@pytest.mark.parametrize(
    ("size", "expected"),
    [(64 * MIB, 8 * MIB), (512 * MIB, 8 * MIB), (8192 * MIB, 8192 * MIB // 500), (100_000 * MIB, 64 * MIB)],
)
def test_parts_are_neither_too_many_nor_too_large(size: int, expected: int) -> None:
    assert part_size(size) == expected
