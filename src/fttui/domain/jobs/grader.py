"""What is wrong with a grader, found before anything is sent."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from fttui.domain.jobs import grader_formula
from fttui.domain.jobs.grader_kinds import KINDS, SAMPLING_KEYS, TOP_KINDS, GraderField, Part
from fttui.domain.jobs.grader_template import template_problems

SOURCE_BYTES = 256_000
"""The longest Python source; Microsoft's limit of the sandbox, the only published one."""
_SAMPLING_RANGES: Mapping[str, tuple[bool, float, float]] = {
    "temperature": (False, 0, 2),
    "top_p": (False, 0, 1),
    "seed": (True, 0, math.inf),
    "max_completions_tokens": (True, 1, math.inf),
}
"""Whether a setting is a whole number, the lowest and the highest one."""
_EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
"""OpenAI's OpenAPI document (2026-08-21), schema ReasoningEffort, and its library 3.51."""
DEEPEST = 3
"""How deep graders may stand in each other before that is a mistake."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a grader: where, such as ``graders.exact.operation``, and a sentence."""

    path: str
    sentence: str

    @property
    def words(self) -> str:
        """Place and sentence in one."""
        return f"{self.path}: {self.sentence}" if self.path else self.sentence


def grader_problems(grader: Mapping[str, object], item_fields: Set[str] | None = None) -> tuple[Wrong, ...]:
    """What is wrong with a job's grader; empty when it may be sent.

    Args:
        grader: as the protocol writes it.
        item_fields: the fields of the training rows, dotted where nested, against which ``{{item.…}}`` is checked;
            None where the rows are not at hand.
    """
    return tuple(_problems(grader, "", item_fields, TOP_KINDS, 0))


def _problems(
    grader: Mapping[str, object], path: str, item_fields: Set[str] | None, kinds: Sequence[str], depth: int
) -> Iterator[Wrong]:
    kind = grader.get("type")
    if not isinstance(kind, str) or kind not in kinds:
        yield Wrong(_join(path, "type"), f"is one of {', '.join(kinds)}")
        return
    known = {field.name: field for field in KINDS[kind]}
    for name in grader:
        if name != "type" and name not in known:
            yield Wrong(_join(path, str(name)), f"a {kind} grader has no such field")
    for field in known.values():
        value = grader.get(field.name)
        if value in (None, "") or (value == [] or value == {}):
            if field.needed:
                yield Wrong(_join(path, field.name), "is missing")
            continue
        yield from _field_problems(field, value, grader, _join(path, field.name), item_fields, depth)


def _field_problems(
    field: GraderField,
    value: object,
    grader: Mapping[str, object],
    path: str,
    item_fields: Set[str] | None,
    depth: int,
) -> Iterator[Wrong]:
    match field.part:
        case Part.LINE:
            if not isinstance(value, str):
                yield Wrong(path, "is text")
        case Part.TEMPLATE:
            yield from _template(value, path, item_fields)
        case Part.CHOICE:
            if value not in field.choices:
                yield Wrong(path, f"is one of {', '.join(field.choices)}")
        case Part.SOURCE:
            yield from _source_problems(value, path)
        case Part.MESSAGES:
            yield from _message_problems(value, path, item_fields)
        case Part.RANGE:
            if not _is_range(value):
                yield Wrong(path, "is two numbers, the lower one first")
        case Part.WORDS:
            yield from _word_problems(field, value, grader, path)
        case Part.SETTINGS:
            yield from _setting_problems(value, path)
        case Part.GRADERS:
            yield from _inner_problems(value, path, item_fields, depth)
        case Part.FORMULA:
            inner = grader.get("graders")
            names = frozenset(str(name) for name in inner) if isinstance(inner, Mapping) else frozenset[str]()
            problem = grader_formula.problem_of(value, names)
            if problem:
                yield Wrong(path, problem)


def _template(value: object, path: str, item_fields: Set[str] | None) -> Iterator[Wrong]:
    if not isinstance(value, str):
        yield Wrong(path, "is text")
        return
    for sentence in template_problems(value, item_fields):
        yield Wrong(path, sentence)


def _source_problems(value: object, path: str) -> Iterator[Wrong]:
    if not isinstance(value, str):
        yield Wrong(path, "is text")
        return
    if len(value.encode("utf-8", "replace")) > SOURCE_BYTES:
        yield Wrong(path, f"is longer than {SOURCE_BYTES // 1000} kB")
        return
    try:
        tree = ast.parse(value)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = f"line {error.lineno}: " if isinstance(error, SyntaxError) and error.lineno else ""
        reason = error.msg if isinstance(error, SyntaxError) else str(error)
        yield Wrong(path, f"is not Python: {line}{reason}")
        return
    grade = next((node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "grade"), None)
    if grade is None:
        yield Wrong(path, "defines no function grade(sample, item)")
    elif len(grade.args.posonlyargs) + len(grade.args.args) != 2 and grade.args.vararg is None:
        yield Wrong(path, "grade takes two arguments, sample and item")


def _message_problems(value: object, path: str, item_fields: Set[str] | None) -> Iterator[Wrong]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        yield Wrong(path, "is a list of messages with role and content")
        return
    for place, message in enumerate(value):
        here = f"{path}[{place}]"
        if not isinstance(message, Mapping) or set(message) - {"type"} != {"role", "content"}:
            yield Wrong(here, "has a role and a content")
        elif message["role"] not in ("system", "developer", "user", "assistant"):
            yield Wrong(f"{here}.role", "is one of system, developer, user, assistant")
        elif isinstance(message["content"], str):
            yield from _template(message["content"], f"{here}.content", item_fields)


def _is_range(value: object) -> bool:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != 2:
        return False
    numbers = [one for one in value if isinstance(one, (int, float)) and not isinstance(one, bool)]
    return len(numbers) == 2 and all(math.isfinite(one) for one in numbers) and numbers[0] < numbers[1]


def _word_problems(field: GraderField, value: object, grader: Mapping[str, object], path: str) -> Iterator[Wrong]:
    if not isinstance(value, Sequence) or isinstance(value, str) or not all(isinstance(one, str) for one in value):
        yield Wrong(path, "is a list of words")
        return
    labels = grader.get("labels")
    if field.name == "passing_labels" and isinstance(labels, Sequence):
        unknown = [one for one in value if one not in labels]
        if unknown:
            yield Wrong(path, f"{unknown[0]} is not one of the labels")


def _setting_problems(value: object, path: str) -> Iterator[Wrong]:
    if not isinstance(value, Mapping):
        yield Wrong(path, "is a table of settings")
        return
    for name, setting in value.items():
        if name not in SAMPLING_KEYS:
            yield Wrong(_join(path, str(name)), f"is not one of {', '.join(SAMPLING_KEYS)}")
        elif name in _SAMPLING_RANGES and not _is_within(setting, *_SAMPLING_RANGES[name]):
            whole, low, high = _SAMPLING_RANGES[name]
            span = f"{low:g} to {high:g}" if math.isfinite(high) else f"{low:g} or more"
            yield Wrong(_join(path, name), f"is a {'whole ' if whole else ''}number, {span}")
        elif name == "reasoning_effort" and setting not in _EFFORTS:
            yield Wrong(_join(path, name), f"is one of {', '.join(_EFFORTS)}")


def _is_within(value: object, whole: bool, low: float, high: float) -> bool:
    kinds = int if whole else (int, float)
    return isinstance(value, kinds) and not isinstance(value, bool) and low <= value <= high


def _inner_problems(value: object, path: str, item_fields: Set[str] | None, depth: int) -> Iterator[Wrong]:
    if not isinstance(value, Mapping):
        yield Wrong(path, "is a table of graders by name")
        return
    if depth >= DEEPEST:
        yield Wrong(path, "graders stand too deep in each other")
        return
    for name, inner in value.items():
        here = _join(path, str(name))
        if not grader_formula.is_name(str(name)):
            yield Wrong(here, "is not a name a formula can use")
        if not isinstance(inner, Mapping):
            yield Wrong(here, "is not a grader")
            continue
        yield from _problems(inner, here, item_fields, tuple(KINDS), depth + 1)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
