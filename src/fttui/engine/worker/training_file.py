"""Reads a file of chat examples, and refuses a bad one in the protocol's own words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Row: TypeAlias = "Mapping[str, object]"

MINIMUM_EXAMPLES = 10
_ROLES = ("system", "developer", "user", "assistant", "tool", "function")
_EXAMPLE_KEYS = ("messages", "tools", "parallel_tool_calls", "functions")
_MESSAGE_KEYS = ("role", "content", "name", "weight", "refusal", "tool_calls", "tool_call_id", "function_call", "audio")


class BadFileError(Exception):
    """A file that cannot be trained on.

    Args:
        code: the protocol's error code.
        message: the protocol's words for it.
        param: `training_file` or `validation_file`.
    """

    def __init__(self, code: str, message: str, param: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.param = param


@dataclass(frozen=True, slots=True)
class ChatExample:
    """One line of the file."""

    messages: Sequence[Row]
    tools: Sequence[object] | None


class ExampleFile:
    """A training or validation file.

    Args:
        path: where its content lies.
        param: `training_file` or `validation_file`, as errors name it.
    """

    def __init__(self, path: Path, param: str) -> None:
        self._path = path
        self._param = param

    def validate(self, pause: Callable[[], None]) -> int:
        """Check every example and return how many there are.

        Args:
            pause: called between lines; may raise to leave.

        Raises:
            BadFileError: the file cannot be trained on.
        """
        count = 0
        for _ in self.examples(pause):
            count += 1
        least = MINIMUM_EXAMPLES if self._param == "training_file" else 1
        if count < least:
            raise BadFileError(
                "invalid_n_examples",
                f"{self._word.capitalize()} file has {count} example(s), but must have at least {least} examples",
                self._param,
            )
        return count

    def examples(self, pause: Callable[[], None]) -> Iterator[ChatExample]:
        """Yield the examples; a line of nothing but space is none.

        Raises:
            BadFileError: an example cannot be trained on.
        """
        number = 0
        with self._path.open("rb") as stream:
            for line, raw in enumerate(stream, start=1):
                pause()
                content = raw.removeprefix(b"\xef\xbb\xbf") if line == 1 else raw
                if content.strip():
                    number += 1
                    yield self._example(content, number, line)

    @property
    def _word(self) -> str:
        return self._param.removesuffix("_file")

    def _example(self, raw: bytes, number: int, line: int) -> ChatExample:
        try:
            value = json.loads(raw.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            raise self._unreadable(
                f"Example {number} cannot be parsed. Error: line contains invalid json: {error} (line {line})"
            ) from error
        if not isinstance(value, dict):
            raise self._unreadable(f"Example {number} is not a JSON object (line {line})")
        if "messages" not in value:
            raise self._of_other_format(value, number)
        for key in value:
            if key not in _EXAMPLE_KEYS:
                raise self._invalid(f'Example {number} contains an extra "{key}"')
        messages = value["messages"]
        if not isinstance(messages, list) or not messages:
            raise self._invalid(f"Example {number}: 'messages' must be a list with at least one message")
        for place, message in enumerate(messages):
            self._check_message(message, f"Example {number}, message {place}")
        if not any(message["role"] == "assistant" for message in messages):
            raise self._invalid(f"Example {number} must have at least one message with the role 'assistant'")
        tools = value.get("tools")
        if tools is not None and not isinstance(tools, list):
            raise self._invalid(f"Example {number}: 'tools' must be a list")
        return ChatExample(messages, tools)

    def _of_other_format(self, value: Row, number: int) -> BadFileError:
        if {"input", "preferred_output"} <= value.keys():
            return self._invalid(
                "The input file is in the fine-tune-preference format, but the specified fine-tuning job is not"
                " using 'dpo' (provided method=supervised)"
            )
        return self._invalid(f"Example {number} is missing key 'messages'")

    def _check_message(self, message: object, place: str) -> None:
        if not isinstance(message, dict):
            raise self._invalid(f"{place} is not a JSON object")
        if "role" not in message:
            raise self._invalid(f"{place} Discriminator 'role' is missing in value")
        role = message["role"]
        if role not in _ROLES:
            raise self._invalid(f"{place} Discriminator 'role' has the unknown value {json.dumps(role)}")
        for key in message:
            if key not in _MESSAGE_KEYS:
                raise self._invalid(f'{place} contains an extra "{key}"')
        self._check_content(message, role, place)
        weight = message.get("weight")
        if weight is not None and (isinstance(weight, bool) or weight not in (0, 1) or role != "assistant"):
            raise self._invalid(f"{place} has a 'weight' that is not 0 or 1 on an assistant message")

    def _check_content(self, message: Row, role: str, place: str) -> None:
        content = message.get("content")
        if content is None:
            if role == "assistant" and any(message.get(key) for key in ("tool_calls", "function_call", "refusal")):
                return
            raise self._invalid(f"{place} is missing 'content'")
        if isinstance(content, str):
            return
        if not isinstance(content, list) or not all(isinstance(part, dict) and "type" in part for part in content):
            raise self._invalid(f"{place} has a 'content' that is neither a string nor a list of parts")
        if any(part["type"] not in ("text", "refusal") for part in content):
            raise self._invalid(f"{place} contains a part other than text, which this engine cannot train on")

    def _unreadable(self, reason: str) -> BadFileError:
        return BadFileError(
            "invalid_file_format",
            f"The job failed due to a file format error in the {self._word} file. Invalid file format. {reason}",
            self._param,
        )

    def _invalid(self, reason: str) -> BadFileError:
        return BadFileError(
            f"invalid_{self._param}",
            f"The job failed due to an invalid {self._word} file. Invalid file format. {reason}",
            self._param,
        )
