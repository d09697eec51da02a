"""What a provider says of jobs, events, checkpoints, files and models is read with care."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fttui.domain.errors import MalformedAnswerError
from fttui.domain.jobs.job import JobFailure
from fttui.domain.jobs.recipe import recipe_of_job
from fttui.services.jobs import codec
from fttui.services.openai_api import mapping

JOB: dict[str, object] = {
    "id": "ftjob-1",
    "object": "fine_tuning.job",
    "model": "gpt-4o-mini",
    "status": "running",
    "created_at": 1_700_000_000,
    "training_file": "file-1",
}


@pytest.mark.parametrize("error", [None, {}, {"code": None, "message": None, "param": None}, [], "no"])
def test_a_healthy_job_has_no_failure(error: object) -> None:
    assert mapping.job(JOB | {"error": error}).failure is None


def test_a_failed_job_tells_why_with_controls_made_visible() -> None:
    error = {"code": "invalid_training_file", "message": "Line 3\x1b]0;x\x07", "param": "training_file"}

    failure = mapping.job(JOB | {"error": error}).failure

    assert failure == JobFailure("invalid_training_file", "Line 3␛]0;x␇", "training_file")


def test_a_grader_and_an_answer_format_come_with_a_job_and_into_its_recipe() -> None:
    grader = {"type": "string_check", "name": "exact", "input": "a\x1b[2J", "reference": "b", "operation": "eq"}
    settings = {"grader": grader, "response_format": {"type": "json_schema"}, "hyperparameters": {"eval_samples": 2}}
    job = mapping.job(JOB | {"method": {"type": "reinforcement", "reinforcement": settings}})
    recipe = recipe_of_job(codec.job(codec.encode(job)), "openai")

    assert recipe.grader == grader | {"input": "a␛[2J"}
    assert (recipe.response_format, recipe.hyperparameters) == ({"type": "json_schema"}, {"eval_samples": 2})


@pytest.mark.parametrize(
    "method",
    [
        {"type": ["reinforcement"]},
        {"type": "reinforcement", "reinforcement": {"grader": [1]}},
        {"type": "reinforcement", "reinforcement": {"grader": {"source": "x" * 2_000_000}}},
        {"type": "reinforcement", "reinforcement": {"grader": {"range": [0, float("inf")]}}},
    ],
)
def test_an_odd_grader_is_left_out(method: object) -> None:
    assert mapping.job(JOB | {"method": method}).grader is None


def test_hyperparameters_are_found_under_their_method_or_at_the_top() -> None:
    top = mapping.job(JOB | {"hyperparameters": {"n_epochs": 3, "batch_size": "auto"}})
    under = mapping.job(
        JOB
        | {
            "hyperparameters": None,
            "method": {"type": "dpo", "dpo": {"hyperparameters": {"beta": 0.1, "n_epochs": None, "odd": {"a": 1}}}},
        }
    )

    assert (top.method, top.hyperparameters) == ("supervised", {"n_epochs": 3, "batch_size": "auto"})
    assert (under.method, under.hyperparameters) == ("dpo", {"beta": 0.1})


def test_absent_and_null_lists_and_numbers_are_nothing() -> None:
    job = mapping.job(JOB | {"result_files": None, "metadata": None, "trained_tokens": None, "seed": True})

    assert (job.result_files, job.metadata, job.trained_tokens, job.seed) == ((), {}, None, None)


def test_every_finite_number_of_an_event_is_a_metric_nested_ones_under_dotted_names() -> None:
    data = {
        "step": 4,
        "total_steps": 9.0,
        "train_mean_reward": 0.5,
        "nan": float("nan"),
        "huge": 10**400,
        "flag": True,
        "text": "1",
        "none": None,
        "scores": {"train_reward_mean": 0.25, "graders": [1], "deep": {"a": 1}},
    }
    event = mapping.event({"id": "e", "created_at": 5, "type": "metrics", "message": "", "data": data})

    assert (event.step, event.total_steps) == (4, 9)
    assert event.metrics == {"train_mean_reward": 0.5, "scores.train_reward_mean": 0.25, "scores.deep.a": 1.0}


@pytest.mark.parametrize("data", [None, {}, [], "x", 5])
def test_an_event_without_data_is_a_line_of_the_log(data: object) -> None:
    event = mapping.event({"id": "e", "created_at": 5, "level": "warn", "message": "Careful", "data": data})

    assert (event.level, event.message, event.step, event.metrics) == ("warn", "Careful", None, {})


def test_an_event_without_an_id_gets_the_same_one_each_time() -> None:
    first, again, other = (mapping.event({"created_at": 5, "message": text}) for text in ("a", "a", "b"))

    assert first.id == again.id != other.id


def test_a_checkpoint_needs_a_step() -> None:
    raw: dict[str, object] = {"id": "c", "fine_tuned_model_checkpoint": "ft:m:ckpt-step-5", "created_at": 1}

    assert mapping.checkpoint(raw | {"step_number": 5, "metrics": {"step": 5, "valid_loss": 0.5}}).metrics == {
        "valid_loss": 0.5
    }
    with pytest.raises(MalformedAnswerError, match="step_number"):
        mapping.checkpoint(raw)


def test_a_model_tells_when_it_ends() -> None:
    model = mapping.model({"id": "gpt", "created": 1, "owned_by": "openai", "shutdown_date": "2027-01-14"})

    assert model.shutdown_date == "2027-01-14"
    assert mapping.model({"id": "gpt"}).shutdown_date is None


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    [
        "id", "model", "status", "created_at", "training_file", "error", "method", "hyperparameters", "metadata",
        "result_files", "data", "message", "level", "type", "step_number", "metrics", "fine_tuned_model_checkpoint",
        "filename", "bytes", "purpose", "shutdown_date", "has_more",
    ]
)  # fmt: skip


@given(ANYTHING | st.dictionaries(FIELDS, ANYTHING))
@pytest.mark.parametrize(
    "read", [mapping.job, mapping.event, mapping.checkpoint, mapping.remote_file, mapping.model, mapping.items]
)
def test_no_answer_makes_it_crash(read: object, raw: object) -> None:
    assert callable(read)
    try:
        read(raw)
    except MalformedAnswerError:
        return
