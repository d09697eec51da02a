"""How a provider that has graders answers: it looks at them, and really grades what is easily graded."""

from __future__ import annotations

import re
from collections.abc import Mapping

from protocol_memory import Answer, Json, Request, as_json, refused

NEEDS = {
    "string_check": ("name", "input", "reference", "operation"),
    "text_similarity": ("name", "input", "reference", "evaluation_metric"),
    "python": ("name", "source"),
    "score_model": ("name", "model", "input"),
    "label_model": ("name", "model", "input", "labels", "passing_labels"),
    "multi": ("name", "graders", "calculate_output"),
}
ERRORS = (
    "formula_parse_error", "sample_parse_error", "truncated_observation_error", "unresponsive_reward_error",
    "invalid_variable_error", "other_error", "python_grader_server_error", "python_grader_runtime_error",
    "model_grader_server_error", "model_grader_refusal_error", "model_grader_parse_error",
)  # fmt: skip


def validated(request: Request) -> Answer:
    """The grader as it came, or what is wrong with it."""
    grader = request.json.get("grader")
    wrong = _wrong(grader)
    return refused(400, f"Invalid grader: {wrong}", "invalid_grader") if wrong else as_json({"grader": grader})


def _wrong(grader: object) -> str:
    if not isinstance(grader, dict) or grader.get("type") not in NEEDS:
        return "unknown type"
    missing = [name for name in NEEDS[grader["type"]] if not grader.get(name)]
    if missing:
        return f"missing {missing[0]}"
    inner = grader.get("graders", {})
    return (
        next((wrong for one in inner.values() if (wrong := _wrong(one))), "") if isinstance(inner, dict) else "graders"
    )


def graded(request: Request) -> Answer:
    """A reward for an answer to a row, in the shape that the protocol gives it."""
    body = request.json
    grader, sample, item = body.get("grader"), body.get("model_sample"), body.get("item") or {}
    wrong = _wrong(grader)
    if wrong or not isinstance(sample, str) or not isinstance(grader, dict) or not isinstance(item, dict):
        return refused(400, f"Invalid grader: {wrong or 'model_sample'}", "invalid_grader")
    errors: Json = dict.fromkeys(ERRORS, False)
    inner = grader.get("graders")
    parts = {name: _reward(one, sample, item, errors) for name, one in inner.items()} if isinstance(inner, dict) else {}
    reward = sum(parts.values()) / len(parts) if parts else _reward(grader, sample, item, errors)
    tokens = {"prompt_tokens": 41, "completion_tokens": 1} if grader["type"] == "score_model" else {}
    about = {
        "name": grader["name"], "type": grader["type"], "execution_time": 0.25, "scores": {}, "errors": errors,
        "token_usage": 42 if tokens else None, "sampled_model_name": grader.get("model"),
    }  # fmt: skip
    usage = {str(grader.get("model")): tokens} if tokens else {}
    return as_json(
        {"reward": reward, "sub_rewards": parts, "metadata": about, "model_grader_token_usage_per_model": usage}
    )


def _reward(grader: Mapping[str, object], sample: str, item: Mapping[str, object], errors: Json) -> float:
    match grader["type"]:
        case "string_check":
            said, wanted = (_filled(str(grader[name]), sample, item, errors) for name in ("input", "reference"))
            return 1.0 if (said == wanted) is (grader["operation"] == "eq") else 0.0
        case "python" if "raise" in str(grader["source"]):
            errors |= {
                "python_grader_runtime_error": True,
                "python_grader_runtime_error_details": "ValueError: no \x1b[2Jnumber in the answer",
            }
            return 0.0
        case _:
            return 0.5


def _filled(text: str, sample: str, item: Mapping[str, object], errors: Json) -> str:
    def value(found: re.Match[str]) -> str:
        name = found[1].strip()
        if name == "sample.output_text":
            return sample
        if (field := name.removeprefix("item.")) not in item:
            errors["invalid_variable_error"] = True
        return str(item.get(field, ""))

    return re.sub(r"\{\{(.*?)\}\}", value, text)
