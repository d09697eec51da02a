"""Talking to models on the command line: the embedded engine, and a provider that can be held back."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pexpect
import pytest

from fttui_program import PROGRAM, fttui
from loopback_provider import LoopbackProvider, loopback_provider


@pytest.fixture
def provider() -> Iterator[LoopbackProvider]:
    """A provider under the profile `box`."""
    with loopback_provider() as running:
        fttui("profiles", "add", "box", running.base_url, "--key-optional")
        yield running


@pytest.fixture
def engine() -> Iterator[None]:
    """Stops the engine that the commands started."""
    yield
    import asyncio

    from fttui.services.paths import user_paths
    from fttui.services.profiles.engine import Engine

    asyncio.run(Engine(user_paths()).stop())


@pytest.mark.usefixtures("engine")
def test_the_embedded_engine_answers_a_question_the_same_way_for_the_same_seed() -> None:
    words = ("chat", "--model", "local-nano", "--max-tokens", "12", "--temperature", "0.7", "--seed", "4", "Hello")

    first, second = fttui(*words), fttui(*words)

    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.strip() != ""
    assert first.stdout == second.stdout


@pytest.mark.usefixtures("engine")
def test_a_question_on_standard_input_is_answered_as_json() -> None:
    answered = fttui("chat", "--model", "local-nano", "--max-tokens", "5", "--json", given="Hello\n")
    printed = json.loads(answered.stdout)

    assert (printed["model"], printed["message"]) == ("local-nano", "Hello")
    assert printed["reply"]["ending"] in ("length", "stop")
    assert printed["reply"]["usage"]["completion_tokens"] <= 5


@pytest.mark.usefixtures("engine")
def test_a_model_that_does_not_exist_is_the_providers_refusal() -> None:
    refused = fttui("chat", "--model", "nobody", "Hello")

    assert (refused.returncode, refused.stdout) == (3, "")
    assert "nobody" in refused.stderr


def test_no_question_is_wrong_use() -> None:
    assert fttui("chat", "--model", "m", given=" \n").returncode == 2


def test_escapes_in_a_reply_do_not_reach_the_terminal(provider: LoopbackProvider) -> None:
    provider.pieces = ("see \x1b]52;c;", "eA==\x07 \x9b2J", "中文 ok")

    answered = fttui("chat", "--profile", "box", "--model", "m-1", "Hi")

    assert "\x1b" not in answered.stdout
    assert "\x9b" not in answered.stdout
    assert answered.stdout.startswith("see ␛]52;c;eA==␇ ")
    assert answered.stdout.endswith("中文 ok\n")


@pytest.mark.terminal
def test_a_conversation_goes_on_line_by_line_and_ctrl_c_stops_a_reply(provider: LoopbackProvider) -> None:
    words = [*PROGRAM[1:], "chat", "--profile", "box", "--model", "m-1"]
    child = pexpect.spawn(PROGRAM[0], words, encoding="utf-8", timeout=60, dimensions=(24, 80))
    child.expect("> ")
    child.sendline("Hi")
    child.expect("Hello there\r\n")
    child.expect("> ")

    provider.go_on.clear()
    child.sendline("Again")
    child.expect("Hello there")
    child.sendintr()
    child.expect("Stopped.")
    child.expect("> ")

    provider.go_on.set()
    child.sendline("Once more")
    child.expect("Hello there\r\n")
    child.expect("> ")
    child.sendeof()
    child.expect(pexpect.EOF)
    child.close()

    assert child.exitstatus == 0
    assert provider.paths == ["/v1/chat/completions"] * 3
