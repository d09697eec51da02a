"""What a request to continue a plain text may say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fttui.engine.json_values import JsonValue
from fttui.engine.server.bodies import Body
from fttui.engine.server.sampling import Streaming, check_parameters, generation_settings, streaming

if TYPE_CHECKING:
    from fttui.engine.nano.generation import GenerationSettings

MAX_PROMPTS = 64
MAX_LOGPROBS = 5
DEFAULT_MAX_TOKENS = 16

_OWN_PARAMETERS = ("echo", "prompt")


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """A request that keeps the rules; each prompt is a text, or token ids."""

    model: str
    prompts: Sequence[str | Sequence[int]]
    settings: GenerationSettings
    logprobs: int | None
    echo: bool
    streaming: Streaming


def parse_completion_request(body: Body) -> CompletionRequest:
    """Read a request to continue a text.

    Raises:
        ApiError: it breaks a rule, or asks for something this engine does not do.
    """
    check_parameters(body, _OWN_PARAMETERS)
    model = body.needed_text("model")
    logprobs = body.integer("logprobs", 0, MAX_LOGPROBS)
    max_tokens = body.integer("max_tokens", 0)
    return CompletionRequest(
        model=model,
        prompts=_prompts(body),
        settings=generation_settings(
            body,
            max_tokens=DEFAULT_MAX_TOKENS if max_tokens is None else max_tokens,
            top_logprobs=logprobs or 0,
        ),
        logprobs=logprobs,
        echo=body.flag("echo"),
        streaming=streaming(body),
    )


def _prompts(body: Body) -> Sequence[str | Sequence[int]]:
    """Read a text, several texts, token ids, or several lists of them."""
    given = body.get("prompt")
    if given is None:
        return [""]
    if isinstance(given, str):
        return [given]
    if not isinstance(given, list) or not given:
        raise body.wrong_type("prompt", "a string or an array that is not empty")
    if _are_tokens(given):
        return [[token for token in given if isinstance(token, int)]]
    if len(given) > MAX_PROMPTS:
        reason = f"array too long. Expected an array with maximum length {MAX_PROMPTS}, but got {len(given)} instead."
        raise body.invalid("prompt", reason, "array_above_max_length")
    prompts: list[str | Sequence[int]] = []
    for prompt in given:
        if isinstance(prompt, str):
            prompts.append(prompt)
        elif isinstance(prompt, list) and _are_tokens(prompt):
            prompts.append([token for token in prompt if isinstance(token, int)])
        else:
            raise body.wrong_type("prompt", "strings, or arrays of token ids")
    return prompts


def _are_tokens(value: Sequence[JsonValue]) -> bool:
    return all(isinstance(token, int) and not isinstance(token, bool) and token >= 0 for token in value)
