from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fttui.domain.dataset.encodings import DEFAULT_ENCODING, encoding_for
from fttui.services.dataset.fast_counter import _BETWEEN, GigatokenCounter, bulk_counter
from fttui.services.dataset.parity import EXPECTED_COUNTS, HARD_TEXTS
from fttui.services.dataset.tokenizer import TiktokenCounter, count_by_pieces, counter_for, load_encoding

ENCODINGS = sorted(EXPECTED_COUNTS)

OFFLINE = """
import socket
def refuse(*args, **more):
    raise AssertionError("asked the network")
socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse
from fttui.services.dataset.tokenizer import counter_for
print([counter_for(model).count("hello world") for model in ("gpt-4o-mini", "gpt-3.5-turbo", "babbage-002")])
"""


def test_the_first_count_on_a_fresh_machine_needs_no_network(tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path), "TMPDIR": str(tmp_path), "PATH": os.environ["PATH"]}
    counted = subprocess.run(
        [sys.executable, "-c", OFFLINE], env=environment, capture_output=True, text=True, check=False
    )

    assert (counted.stdout.strip(), counted.stderr) == ("[2, 2, 2]", "")
    assert list(tmp_path.iterdir()) == []


def test_loading_leaves_the_environment_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", "/of/the/user")
    load_encoding("cl100k_base")
    kept = os.environ["TIKTOKEN_CACHE_DIR"]
    monkeypatch.delenv("TIKTOKEN_CACHE_DIR")
    load_encoding("cl100k_base")

    assert kept == "/of/the/user"
    assert "TIKTOKEN_CACHE_DIR" not in os.environ


@pytest.mark.parametrize("name", ENCODINGS)
def test_the_known_counts_of_hard_texts_are_tiktokens(name: str) -> None:
    assert tuple(TiktokenCounter(name).count_each(HARD_TEXTS)) == EXPECTED_COUNTS[name]


@pytest.mark.parametrize("name", ENCODINGS)
@given(texts=st.lists(st.text(max_size=200) | st.text(" \n\t'aA1é你<|>\x00\x1e\x1f", max_size=60), max_size=5))
def test_the_fast_counter_counts_as_tiktoken_does(name: str, texts: list[str]) -> None:
    pytest.importorskip("gigatoken")
    fast = _fast_counter(name)

    assert list(fast.count_each(texts)) == list(TiktokenCounter(name).count_each(texts))


@pytest.mark.parametrize("name", ENCODINGS)
def test_a_text_with_what_separates_texts_or_a_part_of_it_is_counted_all_the_same(name: str) -> None:
    pytest.importorskip("gigatoken")
    parts = [_BETWEEN[:1], _BETWEEN[:2], _BETWEEN[1:], _BETWEEN[2:], _BETWEEN[1], _BETWEEN * 2]
    fast, reference = _fast_counter(name), TiktokenCounter(name)

    for part in (*parts, _BETWEEN):
        texts = [f"a{part}", "b", part, f"{part}x", "", f"外国人策动{part}, " + "word " * 200, "plain", part + part]
        assert list(fast.count_each(texts)) == list(reference.count_each(texts))
        assert [fast.count(text) for text in texts] == list(reference.count_each(texts))


_FAST: dict[str, GigatokenCounter] = {}


def _fast_counter(name: str) -> GigatokenCounter:
    if name not in _FAST:
        _FAST[name] = GigatokenCounter(name)
    return _FAST[name]


@pytest.mark.parametrize("name", ENCODINGS)
@given(text=st.text(" \n\t'aA1é你<|>", max_size=80))
def test_counting_by_pieces_is_counting(name: str, text: str) -> None:
    reference = load_encoding(name)

    assert count_by_pieces(reference, text) == len(reference.encode_ordinary(text))


@pytest.mark.parametrize("name", ENCODINGS)
@pytest.mark.parametrize("text", [" " * 1_200_000, " " * 1_200_000 + "x", "\t \n" * 400_000, "a" * 1_000_000])
def test_runs_that_overflow_the_splitter_are_counted(name: str, text: str) -> None:
    assert 0 < TiktokenCounter(name).count(text) < len(text)


def test_text_like_a_special_token_is_text() -> None:
    assert TiktokenCounter("o200k_base").count("<|endoftext|>") > 1


def test_half_characters_are_counted_and_not_fatal() -> None:
    assert TiktokenCounter("o200k_base").count("a\ud83db") == bulk_counter("o200k_base", exact=True).count("a\ud83db")


def test_a_fast_counter_that_differs_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fttui.services.dataset.fast_counter.HARD_TEXTS", (*HARD_TEXTS[:-1], "another text"))

    assert isinstance(bulk_counter("cl100k_base", exact=True), TiktokenCounter)


def test_without_the_fast_package_the_reference_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)

    assert isinstance(bulk_counter("cl100k_base", exact=True), TiktokenCounter)


@pytest.mark.parametrize(
    ("model", "encoding"),
    [
        ("gpt-4o-mini-2024-07-18", "o200k_base"),
        ("ft:gpt-4.1-nano-2025-04-14:org::abc", "o200k_base"),
        ("ft:gpt-4o-2024-08-06:org:suffix:abc:ckpt-step-80", "o200k_base"),
        ("ft:o4-mini-2025-04-16:org::abc", "o200k_base"),
        ("gpt-4-0613", "cl100k_base"),
        ("gpt-4-turbo", "cl100k_base"),
        ("ft:gpt-3.5-turbo-0125:org::abc", "cl100k_base"),
        ("davinci-002", "cl100k_base"),
    ],
)
def test_a_model_is_counted_in_its_own_encoding(model: str, encoding: str) -> None:
    assert (counter_for(model).encoding, counter_for(model).exact) == (encoding, True)


def test_a_model_nobody_knows_gets_an_estimate() -> None:
    assert (counter_for("qwen-3-8b").encoding, counter_for("qwen-3-8b").exact) == (DEFAULT_ENCODING, False)
    assert encoding_for("gpt-45x").exact is False
