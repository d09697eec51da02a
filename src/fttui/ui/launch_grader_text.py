"""Fields of a grader as text that can be typed, and back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from fttui.domain.jobs.grader_kinds import GraderField, Part
from fttui.domain.text import safe_line

_HEADER = re.compile(r"^\[(system|developer|user|assistant)\]\s*$", re.MULTILINE)


def text_of(field: GraderField, value: object) -> str:
    """A field's value as it is typed; what does not fit the field's own form is shown as JSON."""
    if value is None:
        return ""
    match field.part, value:
        case (Part.MESSAGES, [{"role": "user", "content": str(content), **rest}]) if not rest:
            return content
        case (Part.MESSAGES, list(messages)) if all(_is_plain(one) for one in messages):
            return "\n".join(f"[{one['role']}]\n{one['content']}" for one in messages)
        case (Part.RANGE, [low, high]):
            return f"{low} {high}"
        case (Part.WORDS, list(words)) if all(isinstance(word, str) and "," not in word for word in words):
            return ", ".join(words)
        case (Part.SETTINGS, dict(table)) if all(not isinstance(one, (dict, list)) for one in table.values()):
            return " ".join(f"{name}={one}" for name, one in table.items())
        case (_, str(text)):
            return text
        case _:
            return json.dumps(value, ensure_ascii=False)


def _is_plain(message: object) -> bool:
    return isinstance(message, Mapping) and set(message) == {"role", "content"} and isinstance(message["content"], str)


def value_of(field: GraderField, text: str) -> object:
    """What was typed as the field's value; None for nothing, and the text itself where it cannot be read."""
    if not text.strip():
        return None
    match field.part:
        case Part.MESSAGES:
            return _messages(text)
        case Part.RANGE:
            numbers = [_number(word) for word in text.replace(",", " ").split()]
            return numbers if all(number is not None for number in numbers) else text
        case Part.WORDS:
            return [word.strip() for word in text.split(",") if word.strip()]
        case Part.SETTINGS:
            pairs = [word.partition("=") for word in text.split()]
            settings = {name: _number(value) if _number(value) is not None else value for name, _, value in pairs}
            return settings if all(sign for _, sign, _ in pairs) else text
        case _:
            return text


def _number(text: str) -> int | float | None:
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return None


def _messages(text: str) -> object:
    if text.lstrip().startswith("[{"):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    parts = _HEADER.split(text)
    if len(parts) == 1:
        return [{"role": "user", "content": text}]
    before = [{"role": "user", "content": parts[0]}] if parts[0].strip() else []
    pairs = zip(parts[1::2], parts[2::2], strict=True)
    return [*before, *({"role": role, "content": content.strip("\n")} for role, content in pairs)]


def grader_words(grader: Mapping[str, object] | None) -> str:
    """A grader in a few words; empty for none."""
    if grader is None:
        return ""
    inner = grader.get("graders")
    count = f" of {len(inner)}" if isinstance(inner, Mapping) else ""
    return safe_line(f"{grader.get('name') or 'unnamed'}: {grader.get('type')}{count}", 60)


def inner_graders(grader: Mapping[str, object]) -> Sequence[tuple[str, Mapping[str, object]]]:
    """The graders that stand in a multi grader, with their names."""
    inner = grader.get("graders")
    if not isinstance(inner, Mapping):
        return ()
    return [(str(name), one) for name, one in inner.items() if isinstance(one, Mapping)]
