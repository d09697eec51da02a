"""What a provider says of graders, asked over a real socket."""

from __future__ import annotations

import pytest

from fault_server import Fault, FaultServer, error, reply
from fttui.domain.errors import MalformedAnswerError, NotFoundError, RateLimitedError, RefusedError, UnreachableError
from fttui.domain.jobs.grader_kinds import TOP_KINDS, new_grader
from fttui.domain.jobs.grader_run import GraderRun
from fttui.services.jobs.grader_trial import GraderTrial
from fttui.services.openai_api.provider import OpenAiProvider

RUN, VALIDATE = "/fine_tuning/alpha/graders/run$", "/fine_tuning/alpha/graders/validate$"
EXACT = new_grader("string_check")
JUDGE = {**new_grader("score_model"), "model": "gpt-4.1"}


def trial(provider: OpenAiProvider) -> GraderTrial:
    async def connected() -> OpenAiProvider:
        return provider

    return GraderTrial(connected, "there")


@pytest.mark.parametrize("kind", TOP_KINDS)
async def test_each_kind_arrives_as_it_was_written(server: FaultServer, provider: OpenAiProvider, kind: str) -> None:
    grader = new_grader(kind)
    if kind == "multi":
        label = {**new_grader("label_model"), "model": "gpt-4.1"}
        grader |= {"graders": {"exact": EXACT, "label": label}, "calculate_output": "(exact + label) / 2"}
    if kind == "score_model":
        grader = JUDGE | {"sampling_params": {"temperature": 0, "max_completions_tokens": 8}}

    await provider.validate_grader(grader)

    assert server.requests[-1].json == {"grader": grader}


async def test_an_answer_to_a_row_is_graded_part_by_part(server: FaultServer, provider: OpenAiProvider) -> None:
    grader: dict[str, object] = {
        "type": "multi", "name": "all", "graders": {"exact": EXACT, "judge": JUDGE},
        "calculate_output": "0.5 * exact + 0.5 * judge",
    }  # fmt: skip

    run = await provider.run_grader(grader, sample="4", item={"answer": "4"})

    assert run == GraderRun(0.75, {"exact": 1.0, "judge": 0.5}, (), 0.25)
    assert server.requests[-1].json == {"grader": grader, "model_sample": "4", "item": {"answer": "4"}}


async def test_the_tokens_of_a_grading_model_are_told(provider: OpenAiProvider) -> None:
    run = await provider.run_grader(JUDGE, sample="4", item={})

    assert run.words == "reward 0.5 in 0.2 s, 42 tokens of the grading model"


async def test_what_goes_wrong_in_a_grader_is_told_in_words(provider: OpenAiProvider) -> None:
    code = {**new_grader("python"), "source": "def grade(sample, item):\n    raise ValueError('no number')"}
    good, words = await trial(provider).tried(code, "4", {"answer": "4"})
    also, missing = await trial(provider).tried(EXACT, "4", {"reply": "4"})

    assert (good, also) == (False, False)
    assert "python grader runtime error: ValueError: no" in words
    assert "\x1b" not in words
    assert "invalid variable error" in missing


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        pytest.param(error(400, "No such model: judge"), RefusedError, "No such model: judge", id="400"),
        pytest.param(error(404, "Unknown URL"), NotFoundError, "there does not check graders", id="404"),
        pytest.param(Fault(404, b"<html>"), NotFoundError, "there does not check graders", id="404 page"),
        pytest.param(error(429, "Later"), RateLimitedError, "Later", id="429"),
        pytest.param(error(503, "Busy"), UnreachableError, "HTTP 503", id="503"),
        pytest.param(Fault(200, b"<html>", {"content-type": "text/html"}), MalformedAnswerError, "web page", id="page"),
        pytest.param(Fault(close=True), UnreachableError, "closed in the middle", id="closed"),
        pytest.param(Fault(200, b'{"rew', cut_after=3), UnreachableError, "closed in the middle", id="cut"),
    ],
)
async def test_a_grader_is_asked_about_once_and_a_fault_is_told(
    server: FaultServer, provider: OpenAiProvider, fault: Fault, kind: type[Exception], words: str
) -> None:
    server.fail("POST", RUN, fault, forever=True)
    server.fail("POST", VALIDATE, fault, forever=True)

    with pytest.raises(kind):
        await provider.run_grader(EXACT, sample="4", item={})
    for good, said in (await trial(provider).checked(EXACT), await trial(provider).tried(EXACT, "4", {})):
        assert not good
        assert words in said

    assert server.count("POST", RUN) == 2
    assert server.count("POST", VALIDATE) == 1


@pytest.mark.parametrize("answer", [{"reward": None}, {"reward": "much"}, {}, {"reward": float("1e999")}])
async def test_an_answer_without_a_reward_is_no_success(
    server: FaultServer, provider: OpenAiProvider, answer: dict[str, object]
) -> None:
    server.fail("POST", RUN, reply(answer))

    good, words = await trial(provider).tried(EXACT, "4", {})

    assert (good, words) == (False, "✗ no reward")
