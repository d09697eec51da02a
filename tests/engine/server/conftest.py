"""One engine and one trained model for the tests that do not break them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from engine_jobs import as_jsonl, client_of, colour_rows, finished, upload
from engine_server import EngineAddress, running_engine
from openai import OpenAI
from openai.types.fine_tuning import FineTuningJob


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


@dataclass(frozen=True, slots=True)
class Trained:
    """A finished job and what went into it."""

    job: FineTuningJob
    training_file: str
    validation_file: str

    @property
    def model(self) -> str:
        """The name of the model that came out."""
        assert self.job.fine_tuned_model is not None
        return self.job.fine_tuned_model


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
