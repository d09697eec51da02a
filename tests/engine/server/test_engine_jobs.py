"""The life of a job, as its log, its lists and its results tell it."""

from __future__ import annotations

import csv
import io
import os
import time
from pathlib import Path

import pytest
from openai import BadRequestError, NotFoundError, OpenAI
from openai.pagination import SyncCursorPage
from openai.types.fine_tuning import FineTuningJob
from openai.types.fine_tuning.job_create_params import Hyperparameters

from engine_jobs import (
    Trained,
    as_jsonl,
    chat_row,
    client_of,
    colour_rows,
    events_of,
    finished,
    messages_of,
    paused,
    reached,
    steps_of,
    upload,
)
from engine_server import eventually, running_engine

STEPS, STEPS_PER_EPOCH = 20, 4
LONG: Hyperparameters = {"n_epochs": 50, "batch_size": 4}


def test_a_job_tells_its_life_in_the_order_of_the_protocol(client: OpenAI, trained: Trained) -> None:
    log = messages_of(client, trained.job.id)
    assert log == [
        f"Created fine-tuning job: {trained.job.id}",
        f"Validating training file: {trained.training_file} and validation file: {trained.validation_file}",
        "Files validated, moving job to queued state",
        "Fine-tuning job started",
        *[
            f"Checkpoint created at step {step} with Snapshot ID: {trained.model}:ckpt-step-{step}"
            for step in range(STEPS_PER_EPOCH, STEPS, STEPS_PER_EPOCH)
        ],
        f"New fine-tuned model created: {trained.model}",
        "The job has successfully completed",
    ]


def test_every_step_reports_its_numbers_once(client: OpenAI, trained: Trained) -> None:
    steps = steps_of(client, trained.job.id)
    assert [(step["step"], step["total_steps"]) for step in steps] == [(n, STEPS) for n in range(1, STEPS + 1)]
    assert all(step["train_loss"] > 0 and 0 <= step["train_mean_token_accuracy"] <= 1 for step in steps)
    assert steps[-1]["train_loss"] < steps[0]["train_loss"]
    ends = [step["step"] for step in steps if "full_valid_loss" in step]
    assert ends == list(range(STEPS_PER_EPOCH, STEPS + 1, STEPS_PER_EPOCH))
    last = events_of(client, trained.job.id)[-3]
    assert last.message == (
        f"Step {STEPS}/{STEPS}: training loss={steps[-1]['train_loss']:.2f},"
        f" validation loss={steps[-1]['valid_loss']:.2f},"
        f" full validation loss={steps[-1]['full_valid_loss']:.2f}"
    )


def test_a_finished_job_shows_what_was_asked_and_what_came_out(client: OpenAI, trained: Trained) -> None:
    job = client.fine_tuning.jobs.retrieve(trained.job.id)
    assert (job.status, job.model, job.seed) == ("succeeded", "local-nano", 7)
    assert job.fine_tuned_model is not None
    assert job.fine_tuned_model.startswith("ft:local-nano:local:colours:")
    assert job.hyperparameters.model_dump() == {
        "n_epochs": 5,
        "batch_size": 6,
        "learning_rate_multiplier": 1.0,
    }
    assert job.method is not None
    assert job.method.supervised is not None
    assert job.method.supervised.hyperparameters is not None
    assert job.method.supervised.hyperparameters.n_epochs == 5
    assert job.metadata == {"kind": "shared", "round": "1"}
    assert (job.trained_tokens or 0) > 24 * 5
    assert job.finished_at is not None
    assert job.created_at <= job.finished_at <= time.time()
    assert (job.estimated_finish, job.error and job.error.code, job.integrations) == (None, None, [])


def test_the_last_three_epochs_stay_as_checkpoints(client: OpenAI, trained: Trained) -> None:
    page = client.fine_tuning.jobs.checkpoints.list(trained.job.id)
    assert [(point.step_number, point.fine_tuned_model_checkpoint) for point in page.data] == [
        (20, trained.model),
        (16, f"{trained.model}:ckpt-step-16"),
        (12, f"{trained.model}:ckpt-step-12"),
    ]
    by_step = {step["step"]: step for step in steps_of(client, trained.job.id)}
    for point in page.data:
        assert point.metrics.full_valid_loss == by_step[point.step_number]["full_valid_loss"]
    names = [model.id for model in client.models.list()]
    assert f"{trained.model}:ckpt-step-8" not in names
    assert len([name for name in names if name.startswith(trained.model)]) == 3
    first = client.fine_tuning.jobs.checkpoints.list(trained.job.id, limit=1)
    assert first.has_more
    assert [point.step_number for point in first] == [20, 16, 12]


def test_the_result_file_holds_every_step(client: OpenAI, trained: Trained) -> None:
    assert trained.job.result_files
    file = client.files.retrieve(trained.job.result_files[0])
    assert (file.filename, file.purpose) == ("step_metrics.csv", "fine-tune-results")
    rows = list(csv.DictReader(io.StringIO(client.files.content(file.id).text)))
    steps = steps_of(client, trained.job.id)
    assert [float(row["train_loss"]) for row in rows] == [step["train_loss"] for step in steps]
    assert [row["full_valid_loss"] for row in rows[:STEPS_PER_EPOCH]] == [
        "",
        "",
        "",
        str(steps[STEPS_PER_EPOCH - 1]["full_valid_loss"]),
    ]


def test_the_log_comes_newest_first_in_pages(client: OpenAI, trained: Trained) -> None:
    whole = [event.id for event in client.fine_tuning.jobs.list_events(trained.job.id, limit=100).data]
    page = client.fine_tuning.jobs.list_events(trained.job.id, limit=5)
    assert ([event.id for event in page.data], page.has_more) == (whole[:5], True)
    after = client.fine_tuning.jobs.list_events(trained.job.id, limit=5, after=whole[4])
    assert [event.id for event in after.data] == whole[5:10]
    assert page.data[0].message == "The job has successfully completed"
    with pytest.raises(BadRequestError, match="no item with the id"):
        client.fine_tuning.jobs.list_events(trained.job.id, after="ftevent-nothing")


def test_jobs_are_found_by_their_metadata(client: OpenAI, trained: Trained) -> None:
    def found(metadata: dict[str, str]) -> list[str]:
        return [job.id for job in client.fine_tuning.jobs.list(metadata=metadata)]

    assert found({"kind": "shared", "round": "1"}) == [trained.job.id]
    assert found({"kind": "shared", "round": "2"}) == []
    assert trained.job.id in [job.id for job in client.fine_tuning.jobs.list()]
    bare = client.get("/fine_tuning/jobs?metadata=null&limit=100", cast_to=SyncCursorPage[FineTuningJob])
    assert trained.job.id not in [job.id for job in bare.data]


def test_a_tuned_model_can_be_trained_further_even_when_it_is_deleted(client: OpenAI, trained: Trained) -> None:
    start = f"{trained.model}:ckpt-step-12"
    training_file = upload(client, as_jsonl(colour_rows(12)))
    job = client.fine_tuning.jobs.create(model=start, training_file=training_file, hyperparameters={"n_epochs": 1})
    client.files.delete(training_file)
    done = finished(client, job.id)
    assert done.fine_tuned_model is not None
    assert done.fine_tuned_model.startswith("ft:local-nano:local::")
    assert steps_of(client, job.id)[0]["train_loss"] < steps_of(client, trained.job.id)[0]["train_loss"] / 2
    assert client.models.delete(done.fine_tuned_model).deleted
    with pytest.raises(NotFoundError):
        client.models.retrieve(done.fine_tuned_model)


def test_a_running_job_can_be_cancelled(client: OpenAI, engine_home: Path) -> None:
    job_id = client.fine_tuning.jobs.create(
        model="local-nano", training_file=upload(client, as_jsonl(colour_rows(60))), hyperparameters=LONG
    ).id
    reached(client, job_id, 2)
    assert client.fine_tuning.jobs.retrieve(job_id).estimated_finish is not None
    job = client.fine_tuning.jobs.cancel(job_id)
    assert (job.status, job.fine_tuned_model) == ("cancelled", None)
    assert messages_of(client, job_id)[-1] == "Fine-tuning job cancelled"
    assert {path.name for path in (engine_home / "jobs" / job_id).iterdir()} <= {"lock", "worker.log"}
    for ask in (client.fine_tuning.jobs.cancel, client.fine_tuning.jobs.pause, client.fine_tuning.jobs.resume):
        with pytest.raises(BadRequestError, match="its status is 'cancelled'"):
            ask(job_id)


def test_jobs_wait_for_a_slot_and_their_files_are_checked_meanwhile(client: OpenAI) -> None:
    content = as_jsonl(colour_rows(60))
    create = client.fine_tuning.jobs.create
    first = create(model="local-nano", training_file=upload(client, content), hyperparameters=LONG)
    reached(client, first.id, 1)
    second = create(model="local-nano", training_file=upload(client, content), hyperparameters=LONG)
    third = create(model="local-nano", training_file=upload(client, b"not json\n"))
    eventually(lambda: client.fine_tuning.jobs.retrieve(second.id).status == "queued", "the second in the queue")
    assert finished(client, third.id).status == "failed"
    assert paused(client, second.id)
    assert client.fine_tuning.jobs.cancel(second.id).status == "cancelled"
    assert client.fine_tuning.jobs.cancel(first.id).status == "cancelled"


FAULTS = {
    "too few examples": (
        as_jsonl(colour_rows(3)),
        "invalid_n_examples",
        "Training file has 3 example(s), but must have at least 10 examples",
    ),
    "no json": (
        b'{"messages": [\n',
        "invalid_file_format",
        (
            "The job failed due to a file format error in the training file. Invalid file format. Example 1 cannot be"
            " parsed. Error: line contains invalid json: Expecting value: line 2 column 1 (char 15) (line 1)"
        ),
    ),
    "no messages": (
        as_jsonl([{"prompt": "a", "completion": "b"}]),
        "invalid_training_file",
        "The job failed due to an invalid training file. Invalid file format. Example 1 is missing key 'messages'",
    ),
    "no role": (
        as_jsonl([chat_row("a", "b"), {"messages": [{"role": "user", "content": "a"}, {"content": "b"}]}]),
        "invalid_training_file",
        (
            "The job failed due to an invalid training file. Invalid file format. Example 2, message 1 Discriminator"
            " 'role' is missing in value"
        ),
    ),
    "extra key": (
        as_jsonl([{**chat_row("a", "b"), "weight": 1}]),
        "invalid_training_file",
        'The job failed due to an invalid training file. Invalid file format. Example 1 contains an extra "weight"',
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_with_a_fault_fails_the_job_in_the_words_of_the_service(client: OpenAI, fault: str) -> None:
    content, code, message = FAULTS[fault]
    job = finished(client, client.fine_tuning.jobs.create(model="local-nano", training_file=upload(client, content)).id)
    assert job.error is not None
    assert (job.status, job.error.code, job.error.param) == ("failed", code, "training_file")
    assert job.error.message == message
    last = events_of(client, job.id)[-1]
    assert (last.level, last.message) == ("error", message)
    assert last.data == {"error_code": code, "error_param": "training_file"}


def test_a_fault_in_the_validation_file_is_told_apart(client: OpenAI) -> None:
    job = client.fine_tuning.jobs.create(
        model="local-nano",
        training_file=upload(client, as_jsonl(colour_rows(10))),
        validation_file=upload(client, b"[]\n"),
    )
    error = finished(client, job.id).error
    assert error is not None
    assert (error.code, error.param) == ("invalid_file_format", "validation_file")
    assert "in the validation file" in error.message


def test_a_loss_that_is_no_number_fails_the_job(client: OpenAI) -> None:
    job = client.fine_tuning.jobs.create(
        model="local-nano",
        training_file=upload(client, as_jsonl(colour_rows(40))),
        hyperparameters={"n_epochs": 20, "learning_rate_multiplier": 1e30},
    )
    error = finished(client, job.id).error
    assert error is not None
    assert error.code == "training_diverged"


def test_two_jobs_train_side_by_side_in_two_slots(tmp_path: Path) -> None:
    with running_engine(tmp_path / "home", "--slots", "2") as address, client_of(address) as client:
        training_file = upload(client, as_jsonl(colour_rows(60)))
        ids = [
            client.fine_tuning.jobs.create(model="local-nano", training_file=training_file, hyperparameters=LONG).id
            for _ in range(2)
        ]
        for job_id in ids:
            reached(client, job_id, 1)
        pids = {int((tmp_path / "home" / "jobs" / job_id / "lock").read_text()) for job_id in ids}
        assert len(pids) == 2
        assert {os.getpgid(pid) for pid in pids} == pids, "each worker leads a group of its own"
        assert [client.fine_tuning.jobs.cancel(job_id).status for job_id in ids] == ["cancelled"] * 2
