"""Driving an engine with the openai package, as any client would."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from openai import DefaultHttpxClient, OpenAI
from openai.types.fine_tuning import FineTuningJob, FineTuningJobEvent

from engine_server import EngineAddress, eventually

FINAL = {"succeeded", "failed", "cancelled"}
TRAINING_SECONDS = 600.0
"""How long to be patient with workers, which give way to everything else on the machine."""
COLOURS = ("red", "green", "blue")


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


@contextmanager
def client_of(address: EngineAddress) -> Iterator[OpenAI]:
    """Open a client that no proxy setting can mislead and that tries nothing twice."""
    with OpenAI(
        base_url=address.base_url,
        api_key=address.api_key,
        max_retries=0,
        http_client=DefaultHttpxClient(trust_env=False),
    ) as client:
        yield client


def chat_row(question: str, reply: str) -> dict[str, object]:
    """Return one example of a question and its reply."""
    return {"messages": [{"role": "user", "content": question}, {"role": "assistant", "content": reply}]}


def colour_rows(count: int) -> list[dict[str, object]]:
    """Return examples with a simple rule."""
    return [chat_row(f"Which colour has box {n}?", COLOURS[n % 3]) for n in range(count)]


def as_jsonl(rows: Sequence[Mapping[str, object]]) -> bytes:
    """Write examples as a file."""
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def paused(client: OpenAI, job_id: str) -> bool:
    """Ask a job to pause, and tell whether it rests; the package's own list of statuses lacks the word."""
    return str(client.fine_tuning.jobs.pause(job_id).status) == "paused"


def upload(client: OpenAI, content: bytes, name: str = "train.jsonl") -> str:
    """Put a training file on the engine, and return its id."""
    return client.files.create(file=(name, content), purpose="fine-tune").id


def finished(client: OpenAI, job_id: str) -> FineTuningJob:
    """Wait until a job is done, and return it."""

    def look() -> FineTuningJob | None:
        job = client.fine_tuning.jobs.retrieve(job_id)
        return job if job.status in FINAL else None

    return eventually(look, f"the end of {job_id}", TRAINING_SECONDS)


def events_of(client: OpenAI, job_id: str) -> list[FineTuningJobEvent]:
    """Return a job's whole log, the oldest line first."""
    return [*client.fine_tuning.jobs.list_events(job_id, limit=100)][::-1]


def messages_of(client: OpenAI, job_id: str) -> list[str]:
    """Return the words of a job's log without those of its steps, the oldest first."""
    return [event.message for event in events_of(client, job_id) if event.type != "metrics"]


def steps_of(client: OpenAI, job_id: str) -> list[dict[str, float]]:
    """Return the numbers of a job's steps in the order of its log."""
    found = []
    for event in events_of(client, job_id):
        if event.type == "metrics":
            assert isinstance(event.data, dict)
            found.append(event.data)
    return found


def reached(client: OpenAI, job_id: str, step: int) -> None:
    """Wait until a job has done a step."""

    def look() -> bool:
        newest = client.fine_tuning.jobs.list_events(job_id, limit=1).data[0]
        return isinstance(newest.data, dict) and newest.data.get("step", 0) >= step

    eventually(look, f"step {step} of {job_id}", TRAINING_SECONDS)
