"""Who is let in, and how the others are turned away."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from openai import AuthenticationError, NotFoundError, OpenAI

from engine_jobs import Trained, client_of
from engine_server import EngineAddress, running_engine


@pytest.fixture
def connection(engine: EngineAddress) -> Iterator[HTTPConnection]:
    """A bare connection to the engine."""
    address = urlsplit(engine.base_url)
    opened = HTTPConnection(address.hostname or "", address.port)
    yield opened
    opened.close()


def ask(
    connection: HTTPConnection, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None
) -> tuple[HTTPResponse, dict[str, object]]:
    """Send a request as it stands and return the answer with the error in its envelope."""
    connection.request(method, path, body, dict(headers))
    answer = connection.getresponse()
    envelope = json.loads(answer.read())
    assert set(envelope) == {"error"}
    assert set(envelope["error"]) == {"message", "type", "param", "code"}
    assert re.fullmatch(r"req_[0-9a-f]{32}", answer.headers["x-request-id"])
    return answer, envelope["error"]


def test_without_the_token_nothing_answers(engine: EngineAddress, connection: HTTPConnection) -> None:
    for path in ("/v1/models", "/v1/files", "/", "/v1/nothing"):
        answer, error = ask(connection, "GET", path, {})
        assert answer.status == 401
        assert "didn't provide an API key" in str(error["message"])
    wrong = EngineAddress(engine.base_url, "sk-wrong", engine.pid)
    with client_of(wrong) as stranger, pytest.raises(AuthenticationError) as caught:
        stranger.models.list()
    assert caught.value.code == "invalid_api_key"
    assert "sk-wrong" not in caught.value.message


def test_a_foreign_host_name_is_turned_away(engine: EngineAddress, connection: HTTPConnection) -> None:
    key = {"Authorization": f"Bearer {engine.api_key}"}
    for host in ("evil.example", "evil.example:80", "127.0.0.1.evil.example", "", "localhost.evil.example:1"):
        answer, error = ask(connection, "GET", "/v1/models", {**key, "Host": host})
        assert (answer.status, error["code"]) == (403, "invalid_host")
    connection.request("GET", "/v1/models", headers={**key, "Host": "localhost:1"})
    good = connection.getresponse()
    assert good.status == 200
    assert "access-control-allow-origin" not in good.headers
    good.read()


def test_an_address_that_is_not_there_is_named(engine: EngineAddress, connection: HTTPConnection) -> None:
    key = {"Authorization": f"Bearer {engine.api_key}"}
    for method, path in (
        ("GET", "/v1/assistants"),
        ("POST", "/v1/fine_tuning/alpha/graders/run"),
        ("GET", "/v1/files/"),
    ):
        answer, error = ask(connection, method, path, key)
        assert answer.status == 404
        assert error == {
            "message": f"Invalid URL ({method} {path})",
            "type": "invalid_request_error",
            "param": None,
            "code": None,
        }
    answer, error = ask(connection, "PUT", "/v1/files", key)
    assert (answer.status, error["code"]) == (405, "method_not_supported")


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b"\xff", b"[" * 100_000, b'{"model": "\\ud800"}'],
    ids=["cut", "list", "bytes", "deep", "half"],
)
def test_a_body_that_is_no_json_object_is_refused(
    engine: EngineAddress, connection: HTTPConnection, body: bytes
) -> None:
    key = {"Authorization": f"Bearer {engine.api_key}", "Content-Type": "application/json"}
    for path in ("/v1/fine_tuning/jobs", "/v1/chat/completions", "/v1/uploads"):
        answer, error = ask(connection, "POST", path, key, body)
        assert (answer.status, error["type"]) == (400, "invalid_request_error")


def test_a_broken_multipart_body_is_refused_and_leaves_nothing(
    engine: EngineAddress, engine_home: Path, connection: HTTPConnection
) -> None:
    before = sorted(path.name for path in (engine_home / "files").iterdir())
    key = {"Authorization": f"Bearer {engine.api_key}", "Content-Type": "multipart/form-data; boundary=b"}
    whole = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.jsonl"\r\n\r\n{}\r\n'
    for body in (b"", whole, b"nonsense", whole + b"--b--\r\n"):
        answer, _ = ask(connection, "POST", "/v1/files", key, body)
        assert answer.status == 400
    assert sorted(path.name for path in (engine_home / "files").iterdir()) == before


def test_every_answer_carries_the_headers_of_the_protocol(client: OpenAI) -> None:
    answer = client.models.with_raw_response.list()
    assert answer.request_id is not None
    assert answer.request_id.startswith("req_")
    assert int(answer.headers["openai-processing-ms"]) >= 0
    assert answer.headers["openai-version"] == "2020-10-01"
    with pytest.raises(NotFoundError) as caught:
        client.fine_tuning.jobs.retrieve("ftjob-nothing")
    assert caught.value.request_id
    assert caught.value.code == "fine_tune_not_found"


def test_models_are_listed_retrieved_and_deleted_by_names_with_colons(client: OpenAI, trained: Trained) -> None:
    listed = {model.id: model for model in client.models.list()}
    assert {"local-nano", "local-nano-scratch", trained.model} <= set(listed)
    assert client.models.retrieve(trained.model) == listed[trained.model]
    with pytest.raises(NotFoundError, match="does not exist"):
        client.models.delete("ft:local-nano:local::nothing")
    from openai import PermissionDeniedError

    with pytest.raises(PermissionDeniedError):
        client.models.delete("local-nano")


def test_a_proxy_setting_does_not_come_between(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with running_engine(tmp_path / "home") as address, client_of(address) as client:
        assert [model.id for model in client.models.list()] == ["local-nano", "local-nano-scratch"]
