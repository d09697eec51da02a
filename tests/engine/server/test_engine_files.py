"""Files and uploads, driven by the openai package."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from openai import BadRequestError, NotFoundError, OpenAI

from engine_jobs import as_jsonl, client_of, colour_rows, upload
from engine_server import eventually, running_engine

CONTENT = as_jsonl(colour_rows(12))


def test_a_file_comes_back_as_it_was_sent(client: OpenAI, engine_home: Path) -> None:
    file = client.files.create(file=("données 数据.jsonl", CONTENT), purpose="fine-tune")

    assert (file.filename, file.bytes, file.purpose, file.status) == (
        "données 数据.jsonl",
        len(CONTENT),
        "fine-tune",
        "processed",
    )
    assert client.files.retrieve(file.id) == file
    assert client.files.content(file.id).read() == CONTENT
    assert (engine_home / "files" / file.id).stat().st_mode & 0o077 == 0


def test_a_deleted_file_is_gone_from_list_and_disk(client: OpenAI, engine_home: Path) -> None:
    file_id = upload(client, CONTENT)
    assert client.files.delete(file_id).deleted
    assert file_id not in [file.id for file in client.files.list()]
    assert not (engine_home / "files" / file_id).exists()
    with pytest.raises(NotFoundError, match="No such File object"):
        client.files.retrieve(file_id)
    with pytest.raises(NotFoundError):
        client.files.content(file_id)
    with pytest.raises(NotFoundError):
        client.files.delete(file_id)


def test_lists_run_in_both_orders_and_in_pages(client: OpenAI) -> None:
    ids = [client.files.create(file=(f"{n}.txt", b"text"), purpose="evals").id for n in range(3)]

    assert [file.id for file in client.files.list(purpose="evals")] == ids[::-1]
    assert [file.id for file in client.files.list(purpose="evals", order="asc")] == ids
    first = client.files.list(purpose="evals", limit=2)
    assert ([file.id for file in first.data], first.has_more) == (ids[:0:-1], True)
    assert [file.id for file in client.files.list(purpose="evals", limit=1)] == ids[::-1], "iterating walks all pages"
    with pytest.raises(BadRequestError, match="no item with the id"):
        client.files.list(after="file-nothing")
    with pytest.raises(BadRequestError, match="integer above maximum value"):
        client.files.list(limit=10_001)


def test_a_file_for_training_must_be_jsonl_and_leaves_nothing_when_refused(client: OpenAI, engine_home: Path) -> None:
    before = sorted(path.name for path in (engine_home / "files").iterdir())
    with pytest.raises(BadRequestError, match=r"Must be \.jsonl"):
        client.files.create(file=("table.csv", b"a,b\n"), purpose="fine-tune")
    with pytest.raises(BadRequestError, match="Supported values are"):
        client.files.create(file=("a.jsonl", b"{}"), purpose="gossip")  # type: ignore[arg-type]
    assert sorted(path.name for path in (engine_home / "files").iterdir()) == before


def test_a_file_may_expire(client: OpenAI) -> None:
    lifetime = {"anchor": "created_at", "seconds": 3_600}
    file = client.files.create(file=("a.txt", b"a"), purpose="user_data", expires_after=lifetime)  # type: ignore[arg-type]
    assert file.expires_at == file.created_at + 3_600
    with pytest.raises(BadRequestError, match="expires_after"):
        client.files.create(
            file=("a.txt", b"a"), purpose="user_data", expires_after={"anchor": "created_at", "seconds": 5}
        )


def test_an_upload_in_parts_becomes_a_file(client: OpenAI, tmp_path: Path, engine_home: Path) -> None:
    source = tmp_path / "large.jsonl"
    source.write_bytes(CONTENT * 40)
    done = client.uploads.upload_file_chunked(
        file=source,
        mime_type="application/jsonl",
        purpose="fine-tune",
        part_size=5_000,
        md5=hashlib.md5(source.read_bytes(), usedforsecurity=False).hexdigest(),
    )
    assert done.status == "completed"
    assert done.file is not None
    assert (done.file.filename, done.file.purpose) == ("large.jsonl", "fine-tune")
    assert client.files.content(done.file.id).read() == source.read_bytes()
    assert not list((engine_home / "parts").iterdir())


def test_parts_are_joined_in_the_order_named(client: OpenAI) -> None:
    started = client.uploads.create(bytes=6, filename="a.txt", mime_type="text/plain", purpose="user_data")
    second = client.uploads.parts.create(started.id, data=b"two")
    first = client.uploads.parts.create(started.id, data=b"one")
    done = client.uploads.complete(started.id, part_ids=[first.id, second.id])
    assert done.file is not None
    assert client.files.content(done.file.id).read() == b"onetwo"
    with pytest.raises(BadRequestError, match="is completed, not pending"):
        client.uploads.cancel(started.id)


def test_an_upload_that_does_not_add_up_is_refused(client: OpenAI) -> None:
    started = client.uploads.create(bytes=4, filename="a.txt", mime_type="text/plain", purpose="user_data")
    part = client.uploads.parts.create(started.id, data=b"one")
    with pytest.raises(BadRequestError, match="hold 3 bytes, but the upload was created for 4 bytes"):
        client.uploads.complete(started.id, part_ids=[part.id])
    more = client.uploads.parts.create(started.id, data=b"!")
    with pytest.raises(BadRequestError, match="MD5"):
        client.uploads.complete(started.id, part_ids=[part.id, more.id], md5="0" * 32)
    with pytest.raises(BadRequestError, match="not all of them are parts"):
        client.uploads.complete(started.id, part_ids=[part.id, "part_nothing"])
    assert client.uploads.complete(started.id, part_ids=[part.id, more.id]).status == "completed"


def test_a_cancelled_upload_takes_nothing_more(client: OpenAI, engine_home: Path) -> None:
    started = client.uploads.create(bytes=3, filename="a.txt", mime_type="text/plain", purpose="user_data")
    part = client.uploads.parts.create(started.id, data=b"one")
    assert client.uploads.cancel(started.id).status == "cancelled"
    assert not (engine_home / "parts" / part.id).exists()
    with pytest.raises(BadRequestError, match="is cancelled, not pending"):
        client.uploads.parts.create(started.id, data=b"two")
    with pytest.raises(NotFoundError):
        client.uploads.cancel("upload_nothing")


def test_what_has_expired_is_gone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with running_engine(home) as address, client_of(address) as client:
        file = client.files.create(
            file=("a.txt", b"a"), purpose="user_data", expires_after={"anchor": "created_at", "seconds": 3_600}
        )
        started = client.uploads.create(bytes=3, filename="a.txt", mime_type="text/plain", purpose="user_data")
        part = client.uploads.parts.create(started.id, data=b"one")
        assert started.expires_at == started.created_at + 3_600
        with closing(sqlite3.connect(home / "state.db")) as database, database:
            database.execute("UPDATE files SET expires_at = 1")
            database.execute("UPDATE uploads SET expires_at = 1")
        with pytest.raises(NotFoundError):
            client.files.retrieve(file.id)
        with pytest.raises(BadRequestError, match="is expired, not pending"):
            client.uploads.complete(started.id, part_ids=[part.id])
    with running_engine(home):
        eventually(lambda: not [*(home / "files").iterdir(), *(home / "parts").iterdir()], "a tidy folder")


def test_text_that_no_file_name_should_hold_survives(client: OpenAI) -> None:
    name = 'a"b\\c\n..%2f/\x1b[31m.jsonl'
    file = client.files.create(file=(name, CONTENT), purpose="fine-tune")
    assert client.files.content(file.id).read() == CONTENT
