"""The parameters of a request for text, and those this engine has no use for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fttui.engine.json_values import JsonValue
from fttui.engine.server.bodies import Body
from fttui.engine.server.failures import ApiError

if TYPE_CHECKING:
    from fttui.engine.nano.generation import GenerationSettings

MAX_STOPS = 4
MAX_TEMPERATURE = 2.0

NEUTRAL_PARAMETERS = frozenset(
    {
        "metadata",
        "parallel_tool_calls",
        "prompt_cache_key",
        "prompt_cache_retention",
        "safety_identifier",
        "service_tier",
        "store",
        "user",
    }
)
"""Parameters that change nothing about an answer of this engine."""

# What each of these has to be, for an engine that does not know it.
_INDIFFERENT: Mapping[str, tuple[JsonValue, ...]] = {
    "audio": (),
    "best_of": (1,),
    "frequency_penalty": (0,),
    "function_call": ("none", "auto"),
    "functions": ([],),
    "logit_bias": ({},),
    "modalities": (["text"],),
    "moderation": (),
    "n": (1,),
    "prediction": (),
    "presence_penalty": (0,),
    "reasoning_effort": (),
    "response_format": ({"type": "text"},),
    "suffix": ("",),
    "tool_choice": ("none", "auto"),
    "verbosity": (),
    "web_search_options": (),
}
_SHARED = frozenset(
    {"logprobs", "max_tokens", "model", "seed", "stop", "stream", "stream_options", "temperature", "top_p"}
)


@dataclass(frozen=True, slots=True)
class Streaming:
    """Whether an answer comes piece by piece, and whether its last piece tells what it cost."""

    wanted: bool
    include_usage: bool


def check_parameters(body: Body, own: Collection[str]) -> None:
    """Refuse what the protocol does not know, and what would change the answer if this engine could do it.

    Args:
        own: what requests of this kind take besides what all requests for text take.
    """
    body.only(_SHARED | NEUTRAL_PARAMETERS | _INDIFFERENT.keys() | set(own))
    _refuse_unsupported(body)


def streaming(body: Body) -> Streaming:
    """Read how the answer shall come.

    Raises:
        ApiError: options of a stream are given for an answer in one piece.
    """
    options, wanted = body.child("stream_options"), body.flag("stream")
    if options is not None and not wanted:
        raise ApiError(
            "The 'stream_options' parameter is only allowed when 'stream' is enabled.", param="stream_options"
        )
    return Streaming(wanted, options is not None and options.flag("include_usage"))


def _refuse_unsupported(body: Body) -> None:
    for key, allowed in _INDIFFERENT.items():
        value = body.get(key)
        if value is not None and value not in allowed:
            raise ApiError(
                f"Unsupported value: '{key}' is not available on this engine.", code="unsupported_value", param=key
            )


def generation_settings(body: Body, *, max_tokens: int | None, top_logprobs: int) -> GenerationSettings:
    """Read how to sample.

    Raises:
        ApiError: a parameter is out of its bounds.
    """
    from fttui.engine.nano.generation import GenerationSettings

    temperature = body.number("temperature", 0, MAX_TEMPERATURE)
    top_p = body.number("top_p", 0, 1)
    return GenerationSettings(
        temperature=1.0 if temperature is None else temperature,
        top_p=1.0 if top_p is None else top_p,
        stop=_stops(body),
        seed=_seed(body),
        max_tokens=max_tokens,
        top_logprobs=top_logprobs,
    )


def _seed(body: Body) -> int | None:
    seed = body.integer("seed", -(2**63), 2**63 - 1)
    # The generator of random numbers takes no negative seed.
    return None if seed is None else seed % 2**64


def _stops(body: Body) -> tuple[str, ...]:
    given = body.get("stop")
    if given is None:
        return ()
    if isinstance(given, str):
        return (given,) if given else ()
    if not isinstance(given, list):
        raise body.wrong_type("stop", "a string or an array of strings")
    stops = [stop for stop in given if isinstance(stop, str) and stop]
    if len(stops) != len(given):
        raise body.wrong_type("stop", "an array of strings that are not empty")
    if len(stops) > MAX_STOPS:
        reason = f"array too long. Expected an array with maximum length {MAX_STOPS}, but got {len(stops)} instead."
        raise body.invalid("stop", reason, "array_above_max_length")
    return tuple(stops)
