"""Applies a mapping to rows, one at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from fttui.domain.dataset.mapping.conversation import (
    Conversation,
    Message,
    SkippedError,
    as_prompt_and_completion,
    is_answer,
)
from fttui.domain.dataset.mapping.field_path import as_text, has_place, list_at, structure, value_at
from fttui.domain.dataset.mapping.row_filter import read_filter
from fttui.domain.dataset.mapping.row_mapping import RowMapping, Target, TurnList
from fttui.domain.dataset.mapping.template import Template, read_template
from fttui.domain.dataset.record import INSTRUCTING

FILTERED = "left out by the filter"
NO_ANSWER = "no answer"
NO_QUESTION = "nothing is asked"

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_TALK = re.compile(r"(?:^|\n\n)(Human|Assistant): ?")

TrainingRow = dict[str, object]


@dataclass(frozen=True, slots=True)
class Skipped:
    """Why a row becomes no training row."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Templates:
    turns: tuple[tuple[str, Template], ...]
    prompt: Template
    completion: Template
    preferred: Template
    non_preferred: Template


class Mapper:
    """Makes training rows by a mapping.

    Args:
        mapping: what to do; it is read whole here.

    Raises:
        MappingError: a template or the filter cannot be understood, or something that is needed is missing.
    """

    def __init__(self, mapping: RowMapping) -> None:
        self.mapping = mapping
        self._filter = read_filter(mapping.where)
        self._templates = _Templates(
            tuple((turn.role, read_template(turn.template)) for turn in mapping.turns),
            read_template(mapping.prompt),
            read_template(mapping.completion),
            read_template(mapping.preferred),
            read_template(mapping.non_preferred),
        )
        self._roles = {name.strip().casefold(): role for name, role in mapping.roles}
        self._defaults = dict(mapping.defaults)
        self._asks = mapping.turn_list is not None or any(
            turn.role == "user" and turn.template.strip() for turn in mapping.turns
        )

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field the mapping looks at, each once."""
        templates = self._templates
        given = [template for _, template in templates.turns]
        given += [templates.prompt, templates.completion, templates.preferred, templates.non_preferred]
        paths = [path for template in given for path in template.fields]
        if self.mapping.turn_list is not None:
            paths.append(self.mapping.turn_list.field)
        paths += [self.mapping.tools] if self.mapping.tools else []
        return tuple(dict.fromkeys((*paths, *self._filter.fields)))

    def unknown_fields(self, rows: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
        """The fields it looks at that none of some rows has, and that have no text for where they are empty."""
        wanted = (path for path in self.fields if path not in self._defaults)
        return tuple(path for path in wanted if rows and not any(has_place(row, path) for row in rows))

    def apply(self, row: Mapping[str, object]) -> TrainingRow | Skipped:
        """Make the training row of a row, or say why there is none."""

        def look(path: str) -> object:
            value = value_at(row, path)
            if path in self._defaults and not as_text(value).strip():
                return self._defaults[path]
            return value

        def text(path: str) -> str:
            return as_text(look(path))

        if not self._filter.takes(look):
            return Skipped(FILTERED)
        try:
            match self.mapping.target:
                case Target.CHAT:
                    return self._chat(row, text)
                case Target.PREFERENCE:
                    return self._preference(row, text, look)
                case Target.COMPLETION:
                    return self._completion(row, text)
        except SkippedError as skipped:
            return Skipped(str(skipped))

    def _chat(self, row: Mapping[str, object], text: Callable[[str], str]) -> TrainingRow:
        messages = self._conversation(row, text)
        if not any(is_answer(message) for message in messages):
            raise SkippedError(NO_ANSWER)
        self._must_ask(messages)
        return {"messages": messages, **self._tools(row)}

    def _must_ask(self, messages: Sequence[Message]) -> None:
        if self._asks and not any(message["role"] == "user" for message in messages):
            raise SkippedError(NO_QUESTION)

    def _completion(self, row: Mapping[str, object], text: Callable[[str], str]) -> TrainingRow:
        mapping = self.mapping
        if mapping.prompt or mapping.completion:
            prompt = self._templates.prompt.render(text)
            completion = self._templates.completion.render(text)
            if mapping.prompt and not prompt.strip():
                raise SkippedError(NO_QUESTION)
        else:
            prompt, completion = as_prompt_and_completion(self._conversation(row, text))
        if not completion.strip():
            raise SkippedError(NO_ANSWER)
        return {"prompt": prompt, "completion": completion}

    def _preference(
        self, row: Mapping[str, object], text: Callable[[str], str], look: Callable[[str], object]
    ) -> TrainingRow:
        messages = self._conversation(row, text)
        before, better = self._answer(self._templates.preferred, text, look)
        also_before, worse = self._answer(self._templates.non_preferred, text, look)
        if not any(message["role"] == "user" for message in messages):
            if before != also_before:
                raise SkippedError("the two answers are to different questions")
            messages += before
        if not any(message["role"] == "user" for message in messages):
            raise SkippedError(NO_QUESTION)
        if better == worse:
            raise SkippedError("both answers are the same")
        return {
            "input": {"messages": messages, **self._tools(row)},
            "preferred_output": [better],
            "non_preferred_output": [worse],
        }

    def _answer(
        self, template: Template, text: Callable[[str], str], look: Callable[[str], object]
    ) -> tuple[list[Message], Message]:
        """The last answer of one side, and the conversation before it where the side brings its own."""
        path = template.only_field
        value = structure(look(path)) if path is not None else None
        said = Conversation(self._roles)
        if isinstance(value, dict):
            value = [value]
        if isinstance(value, list):
            for entry in value:
                said.take(*_speaker(entry))
        else:
            words = template.render(text)
            pieces = _TALK.split(words)
            if len(pieces) > 2 and not pieces[0].strip():
                for speaker, part in zip(pieces[1::2], pieces[2::2], strict=True):
                    said.say(said.role_of(speaker), part)
            else:
                said.say("assistant", words)
        if not said.messages or not is_answer(said.messages[-1]):
            raise SkippedError(NO_ANSWER)
        return said.messages[:-1], said.messages[-1]

    def _conversation(self, row: Mapping[str, object], text: Callable[[str], str]) -> list[Message]:
        conversation = Conversation(self._roles)
        if self.mapping.turn_list is not None:
            self._take_list(conversation, row, self.mapping.turn_list)
        instructions: list[Message] = []
        for role, template in self._templates.turns:
            words = template.render(text)
            if role in INSTRUCTING and words.strip():
                instructions.append({"role": role, "content": words})
            elif role not in INSTRUCTING:
                conversation.say(role, words)
        conversation.replace_system(instructions)
        return conversation.messages

    def _take_list(self, conversation: Conversation, row: Mapping[str, object], source: TurnList) -> None:
        entries = list_at(row, source.field)
        if entries is None:
            if self.mapping.turns and not as_text(value_at(row, source.field)).strip():
                return
            raise SkippedError(f"{source.field[:40]} holds no list of turns")
        for place, entry in enumerate(entries):
            if source.speakers and isinstance(entry, str):
                conversation.say(conversation.role_of(source.speakers[place % len(source.speakers)][1]), entry)
            elif source.speakers:
                if not isinstance(entry, dict | list):
                    raise SkippedError("a turn that is neither an object nor a list")
                for key, role in source.speakers:
                    conversation.say(conversation.role_of(role), as_text(_said_under(entry, key)))
            elif isinstance(entry, dict):
                conversation.take(entry, source.role, source.content)
            else:
                raise SkippedError("a turn that is not an object")

    def _tools(self, row: Mapping[str, object]) -> TrainingRow:
        if not self.mapping.tools:
            return {}
        offered = list_at(row, self.mapping.tools) or ()
        tools = [
            tool if "function" in tool else {"type": "function", "function": tool}
            for tool in offered
            if isinstance(tool, dict)
        ]
        if not tools:
            return {}
        parallel = row.get("parallel_tool_calls")
        return {"tools": tools, **({"parallel_tool_calls": parallel} if isinstance(parallel, bool) else {})}


def _said_under(entry: dict[str, object] | list[object], key: str) -> object:
    if isinstance(entry, dict):
        return entry.get(key)
    place = int(key) if key.isdecimal() else len(entry)
    return entry[place] if place < len(entry) else None


def _speaker(entry: object) -> tuple[Mapping[str, object], str, str]:
    """A turn of either of the two common spellings, with its keys."""
    if not isinstance(entry, dict):
        raise SkippedError("a turn that is not an object")
    if "from" in entry:
        return entry, "from", "value"
    return {"role": "assistant", **entry}, "role", "content"


def encoded(row: TrainingRow) -> bytes | Skipped:
    """A training row as a line of the file, without its newline."""
    try:
        return _encode(row).encode()
    except UnicodeEncodeError:
        return Skipped("half a character, which no file can hold")
    except ValueError:
        return Skipped("a number that JSON cannot hold")
