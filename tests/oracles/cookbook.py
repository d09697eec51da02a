"""The checks and counts of OpenAI's cookbook notebook on chat fine-tuning data, from its documented behaviour.

It knows the roles system, user, assistant and function and the keys role, content, name, function_call and weight.
It dies on a line that is not JSON, on content that is neither a string nor absent, and on special-token text.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_KEYS = {"role", "content", "name", "function_call", "weight"}
_ROLES = {"system", "user", "assistant", "function"}
_TOKEN_LIMIT = 16_385


@dataclass
class Verdict:
    """What the notebook prints."""

    examples: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    missing_system: int = 0
    missing_user: int = 0
    turns: list[int] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    assistant_tokens: list[int] = field(default_factory=list)
    too_long: int = 0
    epochs: int = 0
    billable: int = 0
    quantiles: dict[str, tuple[float, float]] = field(default_factory=dict)


def format_errors(dataset: list[Any]) -> Counter[str]:
    """Its error keys with their counts."""
    errors: Counter[str] = Counter()
    for example in dataset:
        if not isinstance(example, dict):
            errors["data_type"] += 1
            continue
        messages = example.get("messages")
        if not messages:
            errors["missing_messages_list"] += 1
            continue
        for message in messages:
            if "role" not in message or "content" not in message:
                errors["message_missing_key"] += 1
            if any(key not in _KEYS for key in message):
                errors["message_unrecognized_key"] += 1
            if message.get("role") not in _ROLES:
                errors["unrecognized_role"] += 1
            content, call = message.get("content"), message.get("function_call")
            if (not content and not call) or not isinstance(content, str):
                errors["missing_content"] += 1
        if not any(message.get("role") == "assistant" for message in messages):
            errors["example_missing_assistant_message"] += 1
    return errors


def check(path: Path, encode: Callable[[str], list[int]]) -> Verdict:
    """The whole notebook: load, check, count, spread, epochs."""
    import numpy as np

    with path.open(encoding="utf-8") as file:
        dataset = [json.loads(line) for line in file]
    verdict = Verdict(examples=len(dataset), errors=format_errors(dataset))
    for example in dataset:
        messages = example["messages"]
        verdict.missing_system += not any(message["role"] == "system" for message in messages)
        verdict.missing_user += not any(message["role"] == "user" for message in messages)
        verdict.turns.append(len(messages))
        verdict.tokens.append(_tokens(messages, encode))
        verdict.assistant_tokens.append(
            sum(len(encode(message["content"])) for message in messages if message["role"] == "assistant")
        )
    verdict.too_long = sum(tokens > _TOKEN_LIMIT for tokens in verdict.tokens)
    for name, values in (("turns", verdict.turns), ("tokens", verdict.tokens), ("answers", verdict.assistant_tokens)):
        verdict.quantiles[name] = (float(np.quantile(values, 0.05)), float(np.quantile(values, 0.95)))
    verdict.epochs = epochs(len(dataset))
    verdict.billable = sum(min(_TOKEN_LIMIT, tokens) for tokens in verdict.tokens)
    return verdict


def _tokens(messages: list[dict[str, Any]], encode: Callable[[str], list[int]]) -> int:
    number = 0
    for message in messages:
        number += 3
        for key, value in message.items():
            number += len(encode(value))
            if key == "name":
                number += 1
    return number + 3


def epochs(examples: int) -> int:
    """Its default number of epochs."""
    number = 3
    if examples * number < 100:
        number = min(25, 100 // examples)
    elif examples * number > 25_000:
        number = max(1, 25_000 // examples)
    return number
