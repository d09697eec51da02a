"""Turns whatever goes wrong between us and a provider into our own errors, in plain words."""

from __future__ import annotations

import json
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from fttui.domain.errors import (
    ForbiddenError,
    KeyRefusedError,
    MalformedAnswerError,
    NotFoundError,
    ProviderError,
    RateLimitedError,
    RefusedError,
    TrainingClosedError,
    UnreachableError,
)
from fttui.domain.text import safe_line

if TYPE_CHECKING:
    from openai import APIStatusError

NO_QUOTA = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})
TRAINING_CLOSED = "training_not_available"
_NO_MODEL = "model_not_found"
_NO_DEPLOYMENT = frozenset({"DeploymentNotFound", "OperationNotSupported"})
_LISTS = {
    "/fine_tuning/jobs": "trains nothing",
    "/files": "keeps no files",
    "/models": "does not list its models",
    "/graders/validate": "does not check graders",
    "/graders/run": "does not run graders",
}
_WORDS = 400
_ODD_ANSWER = "This is not the answer of a service of this kind; look at the address of the profile."


@contextmanager
def in_plain_words(host: str) -> Iterator[None]:
    """Everything the SDK, the network or the decoding of an answer raises leaves as an error of our tree."""
    import httpx2
    from openai import APIConnectionError, APIStatusError, APITimeoutError, OpenAIError

    try:
        yield
    except (APITimeoutError, TimeoutError, httpx2.TimeoutException) as error:
        raise UnreachableError(f"{host} did not answer in time") from error
    except APIStatusError as error:
        raise refusal(error, host) from error
    except (APIConnectionError, httpx2.HTTPError, httpx2.StreamError, OSError) as error:
        raise UnreachableError(f"{host}: {why_unreachable(error)}", hint=_network_hint(error)) from error
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedAnswerError(f"{host} sent an answer that cannot be read", hint=_ODD_ANSWER) from error
    except (OpenAIError, httpx2.InvalidURL) as error:
        raise ProviderError(f"{host}: {safe_line(str(error), _WORDS)}") from error


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def why_unreachable(error: BaseException) -> str:
    """The deepest cause of a failed connection in plain words."""
    import httpx2

    for cause in reversed(list(_causes(error))):
        match cause:
            case socket.gaierror():
                return "there is no such host, or name resolution does not work here"
            case ssl.SSLCertVerificationError():
                reason = safe_line(cause.verify_message or "unknown reason", 120)
                return f"its certificate is not trusted here ({reason})"
            case ssl.SSLError():
                return "a secure connection cannot be made; does it speak https?"
            case ConnectionRefusedError():
                return "nothing answers there; the connection was refused"
            case ConnectionError():
                return "the connection was cut"
            case httpx2.ProxyError():
                return f"the proxy does not let us through ({safe_line(str(cause), 120)})"
            case httpx2.UnsupportedProtocol():
                return "the address is not one of http or https"
            case httpx2.RemoteProtocolError():
                return "the connection was closed in the middle of an answer"
            case OSError() if cause.strerror:
                return safe_line(cause.strerror, 120).lower()
    return "the connection failed"


def _network_hint(error: BaseException) -> str:
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error)):
        return "If your network has a certificate authority of its own, name it in SSL_CERT_FILE."
    return ""


def refusal(error: APIStatusError, host: str) -> ProviderError:
    """The error for an answer with a status that is not a success."""
    status = error.status_code
    said, code = _words(error), _code(error)
    if 300 <= status < 400:
        target = safe_line(error.response.headers.get("location", "another address"), 120)
        return MalformedAnswerError(f"{host} sends us on to {target}; we do not follow", hint=_ODD_ANSWER)
    if status == 408 or (status >= 500 and status not in (501, 507)):
        return UnreachableError(f"{host} is in trouble (HTTP {status}){said and f': {said}'}")
    kinds: dict[int, type[RefusedError]] = {
        401: KeyRefusedError,
        403: ForbiddenError,
        404: NotFoundError,
        429: RateLimitedError,
    }
    kind = kinds.get(status, RefusedError)
    if kind is ForbiddenError and code == TRAINING_CLOSED:
        kind, said = TrainingClosedError, f"{host} takes no more training jobs from this organisation. It says: {said}"
    absent = _absent(error)
    if absent:
        said = f"{host} {absent}. It says: {said}" if said else f"{host} {absent}"
    refused = kind(
        said or f"{host} answered with HTTP {status}",
        status=status,
        code=code,
        param=safe_line(error.param, 80) if isinstance(error.param, str) else None,
        request_id=safe_line(error.request_id, 80) if error.request_id else None,
        hint=_hint(status, code, absent=bool(absent)),
    )
    if isinstance(refused, RateLimitedError):
        refused.retry_after = _retry_after(error.response.headers.get("retry-after"))
    return refused


def _code(error: APIStatusError) -> str | None:
    """The provider's code; quota is sometimes told by the type alone."""
    kind = error.type if isinstance(error.type, str) else None
    code = kind if kind in NO_QUOTA and not error.code else error.code
    return safe_line(code, 80) if isinstance(code, str) else None


def _words(error: APIStatusError) -> str:
    body = error.body
    if isinstance(body, dict):
        nested = body.get("error")
        source = nested if isinstance(nested, dict) else body
        said: object = source.get("message") or source.get("detail")
        if said is None and isinstance(nested, str):
            said = nested
        if isinstance(said, list):
            # What servers made with FastAPI say of a body they do not take.
            told = [entry.get("msg") for entry in said if isinstance(entry, dict)]
            said = "; ".join(text for text in told if isinstance(text, str))
        return safe_line(said, _WORDS) if isinstance(said, str) else ""
    if isinstance(body, str) and body.strip():
        if re.match(r"\s*<", body):
            return "it answered with a web page"
        return safe_line(body.strip(), 200)
    return ""


def _absent(error: APIStatusError) -> str:
    """What a server does not have at all, where it does not know the address of a whole list."""
    if error.status_code not in (404, 405, 501) or error.code == _NO_MODEL:
        return ""
    path = error.request.url.path.rstrip("/")
    return next((words for ending, words in _LISTS.items() if path.endswith(ending)), "")


def _hint(status: int, code: str | None, *, absent: bool = False) -> str:
    if absent:
        return (
            "It may only answer chats, or the address of the profile is another one. What it has is told by:"
            " fttui profiles test PROFILE"
        )
    if code == TRAINING_CLOSED:
        return (
            "No job was created and nothing is charged; the files stay. Models trained before answer until their base"
            " ends. The same rows and settings can be launched elsewhere: choose another profile in Launch, or add"
            " --profile NAME; --profile local trains on this computer."
        )
    if code in _NO_DEPLOYMENT:
        return (
            "Azure answers under the name of a deployment. Name the one that serves this model with:"
            " fttui profiles deployment PROFILE MODEL DEPLOYMENT"
        )
    if code == _NO_MODEL:
        return (
            "fttui models list names those there are. While a job trains, newer checkpoints take the place of older"
            " ones."
        )
    if status == 429 and code in NO_QUOTA:
        return "There is no quota left; waiting does not help. Look at the billing page of the provider."
    return {
        401: "Set another key with: fttui keys set",
        403: "The key is known, but it may not do this.",
        409: "Something else changed it at the same time; look again, then try again.",
        413: "The file is larger than the provider takes.",
        429: "Wait a while, then try again.",
    }.get(status, "")


def _retry_after(value: str | None) -> float | None:
    try:
        seconds = float(value) if value is not None else None
    except ValueError:
        return None
    return seconds if seconds is not None and 0 <= seconds < 86_400 else None


def is_worth_retrying(error: ProviderError) -> bool:
    """Whether asking again may help without anyone doing anything."""
    if isinstance(error, RateLimitedError):
        return error.code not in NO_QUOTA
    return isinstance(error, UnreachableError)
