"""What a request to create a job may say."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from openai import BadRequestError, OpenAI

from engine_jobs import Trained, as_jsonl, colour_rows, finished, upload

REFUSED: dict[str, tuple[Mapping[str, object], str, str]] = {
    "no model": ({"model": None}, "model", "Missing required parameter: 'model'."),
    "no file": ({"training_file": None}, "training_file", "Missing required parameter: 'training_file'."),
    "unknown model": (
        {"model": "gpt-4o"},
        "model",
        "Model gpt-4o is not available for fine-tuning or does not exist.",
    ),
    "unknown file": ({"training_file": "file-x"}, "training_file", "invalid training_file: file-x"),
    "unknown validation file": ({"validation_file": "file-x"}, "validation_file", "invalid validation_file: file-x"),
    "no epochs": ({"hyperparameters": {"n_epochs": 0}}, "hyperparameters.n_epochs", "below minimum value"),
    "too many epochs": ({"hyperparameters": {"n_epochs": 51}}, "hyperparameters.n_epochs", "above maximum value"),
    "half an epoch": ({"hyperparameters": {"n_epochs": 0.5}}, "hyperparameters.n_epochs", "expected an integer"),
    "true epochs": ({"hyperparameters": {"n_epochs": True}}, "hyperparameters.n_epochs", "expected an integer"),
    "large batch": (
        {"method": {"type": "supervised", "supervised": {"hyperparameters": {"batch_size": 257}}}},
        "method.supervised.hyperparameters.batch_size",
        "Expected a value <= 256, but got 257 instead.",
    ),
    "no rate": (
        {"hyperparameters": {"learning_rate_multiplier": 0}},
        "hyperparameters.learning_rate_multiplier",
        "Expected a value > 0",
    ),
    "unknown setting": ({"hyperparameters": {"epochs": 3}}, "hyperparameters.epochs", "Unknown parameter"),
    "unknown parameter": ({"priority": "high"}, "priority", "Unknown parameter: 'priority'."),
    "long suffix": ({"suffix": "x" * 65}, "suffix", "Expected a string with maximum length 64"),
    "negative seed": ({"seed": -1}, "seed", "integer below minimum value"),
    "large seed": ({"seed": 2**31}, "seed", "integer above maximum value"),
    "much metadata": ({"metadata": {str(n): "x" for n in range(17)}}, "metadata", "Expected at most 16"),
    "long key": ({"metadata": {"x" * 65: "x"}}, "metadata", "1 to 64 characters"),
    "long value": ({"metadata": {"k": "x" * 513}}, "metadata.k", "maximum length 512"),
    "number in metadata": ({"metadata": {"k": 1}}, "metadata.k", "expected a string"),
    "dpo": ({"method": {"type": "dpo", "dpo": {}}}, "method.type", "'dpo' is not available on this engine yet"),
    "reinforcement": (
        {"method": {"type": "reinforcement"}},
        "method.type",
        "'reinforcement' is not available on this engine yet",
    ),
    "unknown method": ({"method": {"type": "magic"}}, "method.type", "'magic' is not one of"),
    "both forms": ({"method": {"type": "supervised"}, "hyperparameters": {}}, "hyperparameters", "Only one of"),
    "integration": ({"integrations": [{"type": "wandb", "wandb": {"project": "p"}}]}, "integrations", "Integrations"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_request_out_of_bounds_is_refused_by_name(client: OpenAI, trained: Trained, case: str) -> None:
    change, param, words = REFUSED[case]
    body = {"model": "local-nano", "training_file": trained.training_file, **change}
    with pytest.raises(BadRequestError) as caught:
        client.post("/fine_tuning/jobs", body=body, cast_to=object)
    assert caught.value.param == param
    assert words in caught.value.message


def test_a_file_of_another_purpose_is_refused(client: OpenAI) -> None:
    file = client.files.create(file=("notes.txt", b"notes"), purpose="user_data")
    with pytest.raises(BadRequestError, match="has the purpose 'user_data', but a job needs 'fine-tune'"):
        client.fine_tuning.jobs.create(model="local-nano", training_file=file.id)


def test_auto_is_shown_until_the_job_runs_and_a_seed_is_drawn(client: OpenAI, trained: Trained) -> None:
    job = client.fine_tuning.jobs.create(
        model="local-nano", training_file=trained.training_file, hyperparameters={"n_epochs": "auto"}
    )
    assert job.hyperparameters.model_dump() == {
        "n_epochs": "auto",
        "batch_size": "auto",
        "learning_rate_multiplier": "auto",
    }
    assert job.status == "validating_files"
    assert 0 <= job.seed < 2**31
    assert client.fine_tuning.jobs.cancel(job.id).status == "cancelled"


def test_whatever_a_suffix_holds_the_models_name_keeps_its_parts(client: OpenAI) -> None:
    suffix = "Über-bot: v1/../\n法律\x1b[2J:ckpt-step-3"
    job = client.fine_tuning.jobs.create(
        model="local-nano",
        training_file=upload(client, as_jsonl(colour_rows(12))),
        suffix=suffix,
        hyperparameters={"n_epochs": 1},
    )

    done = finished(client, job.id)

    name = done.fine_tuned_model or ""
    assert re.fullmatch(r"ft:local-nano:local:Über-bot-v1-法律-2J-ckpt-step-3:\w{8}", name)
    assert done.model_dump()["user_provided_suffix"] == suffix
    assert client.models.retrieve(name).id == name
