"""Nothing a crash or a log leaves behind holds a key."""

from __future__ import annotations

import logging
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from fttui.domain.profiles.secret import Secret
from fttui.services.crash import Redactor, crash_text, redact, write_crash_report
from fttui.services.log import close_log, open_log

CANARY = "sk-canary-000000000000-7777"


def launch(key: str, message: str) -> None:
    """Fail with a cause, where a key is a local variable."""
    try:
        key.index(message)
    except ValueError as error:
        raise RuntimeError("while launching") from ValueError(message, error)


def crashed(message: str) -> Exception:
    with pytest.raises(RuntimeError) as caught:
        launch(CANARY, message)
    return caught.value


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"key is {CANARY}.", id="looks like a key"),
        pytest.param(f"Illegal header value b'Bearer {CANARY}'", id="in a header"),
        pytest.param("authorization: bearer abcdef0123456789", id="any bearer token"),
        pytest.param("Proxy-Authorization: Basic dXNlcjpwYXNz", id="basic"),
    ],
)
def test_what_looks_like_a_key_is_cut_out(text: str) -> None:
    cleaned = Redactor()(text)

    assert not any(part in cleaned for part in (CANARY, "abcdef0123456789", "dXNlcjpwYXNz"))
    assert "[key removed]" in cleaned


def test_a_known_key_of_any_form_is_cut_out_and_other_text_is_not() -> None:
    redactor = Redactor()
    redactor.learn(Secret("0123456789abcdef"))

    assert redactor("https://h/?k=0123456789abcdef&sky=1") == "https://h/?k=[key removed]&sky=1"
    assert redactor("the bearer of bad news; ask-me") == "the bearer of bad news; ask-me"


def test_a_traceback_shows_no_locals_no_keys_and_no_escapes() -> None:
    text = crash_text(crashed(f"refused {CANARY}\x1b]52;c;eA==\x07"))

    assert "RuntimeError: while launching" in text
    assert CANARY not in text
    assert "\x1b" not in text


def test_a_crash_report_is_private(tmp_path: Path) -> None:
    path = write_crash_report(tmp_path / "log", crashed(f"bad {CANARY}"))

    assert path is not None
    assert CANARY not in path.read_text("utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_crash_report_that_cannot_be_written_is_no_second_crash(tmp_path: Path) -> None:
    (tmp_path / "log").touch()

    assert write_crash_report(tmp_path / "log", crashed("x")) is None


def test_the_log_holds_no_key_in_messages_arguments_or_tracebacks(tmp_path: Path) -> None:
    handler = open_log(tmp_path / "log")
    redact.learn(Secret("another-kind-of-key-1"))
    try:
        log = logging.getLogger("fttui.test")
        log.warning("sent %s and %r", CANARY, "another-kind-of-key-1")
        logging.getLogger("asyncio").error("of another package %s", CANARY)
        log.error("failed\x1b[2J", exc_info=crashed(f"bad {CANARY}"))
    finally:
        close_log(handler)
    path = tmp_path / "log" / "fttui.log"
    text = path.read_text("utf-8")

    assert "RuntimeError: while launching" in text
    assert "of another package" in text
    assert not any(part in text for part in (CANARY, "another-kind-of-key-1", "\x1b"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


HARDENED = """
import os, resource, sys, threading
os.environ["TEXTUAL_LOG"] = "keys-typed"
from fttui.services.crash import harden
harden()
import logging
logging.getLogger("fttui").warning("not on the terminal")
print(oct(os.umask(0)), resource.getrlimit(resource.RLIMIT_CORE), "TEXTUAL_LOG" in os.environ)
import ctypes
print("dumpable", ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) if sys.platform == "linux" else 0)
sys.stdout.flush()
key = "sk-canary-000000000000-7777"
def fall(): raise ValueError("thread " + key)
thread = threading.Thread(target=fall); thread.start(); thread.join()
raise ValueError("main " + key)
"""


def test_a_hardened_process_leaks_no_key_when_it_crashes(tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", HARDENED], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert ended.stdout.splitlines() == ["0o77 (0, 0) False", "dumpable 0"]
    assert ended.returncode == 1
    assert ended.stderr.count("ValueError: ") == 2
    assert "not on the terminal" not in ended.stderr
    assert CANARY not in ended.stderr
