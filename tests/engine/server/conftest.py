"""One engine and one trained model for the tests that do not break them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from openai import OpenAI

from engine_jobs import Trained, as_jsonl, client_of, colour_rows, finished, upload
from engine_server import EngineAddress, running_engine


@pytest.fixture(scope="session")
def engine_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the shared engine."""
    return tmp_path_factory.mktemp("engine") / "home"


@pytest.fixture(scope="session")
def engine(engine_home: Path) -> Iterator[EngineAddress]:
    """The shared engine."""
    with running_engine(engine_home) as address:
        yield address


@pytest.fixture(scope="session")
def client(engine: EngineAddress) -> Iterator[OpenAI]:
    """A client of the shared engine."""
    with client_of(engine) as opened:
        yield opened


@pytest.fixture(scope="session")
def trained(client: OpenAI) -> Trained:
    """A model the shared engine has trained: five epochs of four steps."""
    training_file = upload(client, as_jsonl(colour_rows(24)))
    validation_file = upload(client, as_jsonl(colour_rows(6)), "valid.jsonl")
    job = client.fine_tuning.jobs.create(
        model="local-nano",
        training_file=training_file,
        validation_file=validation_file,
        suffix="colours",
        seed=7,
        metadata={"kind": "shared", "round": "1"},
        method={
            "type": "supervised",
            "supervised": {"hyperparameters": {"n_epochs": 5, "batch_size": 6, "learning_rate_multiplier": "auto"}},
        },
    )
    return Trained(finished(client, job.id), training_file, validation_file)
