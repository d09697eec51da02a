"""A mapping written as settings, ``key=value``: on a command line, in a form, in a file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from fttui.domain.dataset.mapping.row_filter import read_filter
from fttui.domain.dataset.mapping.row_mapping import RowMapping, Target, Turn, TurnList
from fttui.domain.dataset.mapping.template import read_template
from fttui.domain.dataset.record import INSTRUCTING
from fttui.domain.errors import MappingError

_PAIR = re.compile(r"""[\s,，]*(?P<name>"(?:\\.|[^"\\])*"|[^,，:：]+?)\s*[:：]\s*(?P<role>\w+)\s*(?=[,，]|$)""")

ROLES = ("system", "developer", "user", "assistant", "tool_call", "tool")
"""Who may speak; `tool_call` is an assistant's call as JSON."""

SETTINGS: Mapping[str, str] = {
    "to": "what the rows become: chat, preference or completion",
    "system": "template of the instructions; takes the place of those in a list of turns",
    "developer": "the same under the newer name of the role",
    "user": "template of what is asked; may be given again for a further turn, like the next three",
    "assistant": "template of the answer",
    "tool_call": "template of a call, JSON with name and arguments",
    "tool": "template of what the tool answers",
    "turns": "field that holds a list of turns",
    "turns.role": "key of the speaker in each turn (role)",
    "turns.text": "key of the text in each turn (content)",
    "turns.speakers": "keys that each hold what one role says: q:user, a:assistant",
    "roles": "what names of speakers mean: human:user, gpt:assistant",
    "tools": "field that holds the functions that may be called",
    "prompt": "template of the prompt, for completion",
    "completion": "template of the completion",
    "preferred": "template of the better answer, for preference",
    "non_preferred": "template of the worse answer",
    "where": "rows to take: score >= 4 and lang = zh",
    "sample": "number of rows to draw",
    "seed": "seed of the drawing",
    "default.FIELD": "text of a field where it is empty",
}
"""Every setting and what it says."""

_SAYING = frozenset({"turns", "user", "assistant", "tool_call", "tool", "prompt", "completion"})
MAKING = _SAYING | {"preferred", "non_preferred"}
"""Settings that say where messages come from; one of them given, nothing is taken from what was recognised."""


def changed(mapping: RowMapping, settings: Iterable[tuple[str, str]]) -> RowMapping:
    """A mapping with settings changed, in order; further turns of the same role are added one after the other.

    Raises:
        MappingError: there is no such setting, or its value cannot be understood.
    """
    begun = False
    for key, value in settings:
        if key in ROLES and key not in INSTRUCTING:
            kept = mapping.turns if begun else tuple(turn for turn in mapping.turns if turn.role in INSTRUCTING)
            begun = True
            read_template(value)
            mapping = replace(mapping, turns=(*kept, Turn(key, value)))
        else:
            mapping = _with(mapping, key, value)
    return mapping


def _with(mapping: RowMapping, key: str, value: str) -> RowMapping:
    match key:
        case "to":
            return retargeted(mapping, _target(value))
        case "system" | "developer":
            return with_turn(mapping, key, value)
        case "turns":
            entry = mapping.turn_list or TurnList("")
            return replace(mapping, turn_list=replace(entry, field=value.strip()) if value.strip() else None)
        case "turns.role" | "turns.text" | "turns.speakers":
            return replace(mapping, turn_list=_list_with(mapping.turn_list or TurnList(""), key, value))
        case "roles":
            return replace(mapping, roles=_pairs(value, "roles"))
        case "prompt" | "completion" | "preferred" | "non_preferred":
            read_template(value)
            return _with_template(mapping, key, value)
        case "tools":
            return replace(mapping, tools=value.strip())
        case "where":
            read_filter(value)
            return replace(mapping, where=value.strip())
        case "sample":
            return replace(mapping, sample=_number(value, key) if value.strip() else None)
        case "seed":
            return replace(mapping, seed=_number(value, key) if value.strip() else 0)
        case _:
            return _with_default(mapping, key, value)


def _with_default(mapping: RowMapping, key: str, value: str) -> RowMapping:
    field = key.removeprefix("default.")
    if not field or field == key:
        raise MappingError(f"There is no setting {key}", hint=f"There are: {', '.join(SETTINGS)}.")
    others = tuple(pair for pair in mapping.defaults if pair[0] != field)
    return replace(mapping, defaults=(*others, (field, value)) if value else others)


def retargeted(mapping: RowMapping, target: Target) -> RowMapping:
    """A mapping that makes other rows of the same texts: a prompt is a question, a better answer an answer."""
    if target is mapping.target:
        return mapping
    turns = mapping.turns
    said = {turn.role for turn in turns}
    asked = mapping.prompt if "user" not in said else ""
    answer = (mapping.completion or mapping.preferred) if "assistant" not in said else ""
    match target:
        case Target.CHAT:
            added = (Turn("user", asked), Turn("assistant", answer))
            turns = (*turns, *(turn for turn in added if turn.template))
            return replace(
                mapping, target=target, turns=turns, prompt="", completion="", preferred="", non_preferred=""
            )
        case Target.PREFERENCE:
            turns = tuple(turn for turn in (*turns, Turn("user", asked)) if turn.role != "assistant" and turn.template)
            better = mapping.preferred or mapping.completion or mapping.said_by("assistant")
            return replace(mapping, target=target, turns=turns, preferred=better, prompt="", completion="")
        case Target.COMPLETION:
            if mapping.preferred:
                turns = (*turns, Turn("assistant", mapping.preferred)) if answer else turns
            return replace(mapping, target=target, turns=turns, preferred="", non_preferred="")


def _with_template(mapping: RowMapping, key: str, value: str) -> RowMapping:
    match key:
        case "prompt":
            return replace(mapping, prompt=value)
        case "completion":
            return replace(mapping, completion=value)
        case "preferred":
            return replace(mapping, preferred=value)
        case _:
            return replace(mapping, non_preferred=value)


def _list_with(entry: TurnList, key: str, value: str) -> TurnList:
    match key:
        case "turns.role":
            return replace(entry, role=value.strip() or "role")
        case "turns.text":
            return replace(entry, content=value.strip() or "content")
        case _:
            return replace(entry, speakers=_pairs(value, key))


def with_turn(mapping: RowMapping, role: str, template: str, place: int = 0) -> RowMapping:
    """A mapping in which the n-th turn of a role (from 0) says something else; an empty template takes it away.

    Raises:
        MappingError: the template cannot be understood.
    """
    read_template(template)
    turns = list(mapping.turns)
    of_role = [at for at, turn in enumerate(turns) if turn.role == role]
    if place < len(of_role):
        turns[of_role[place] : of_role[place] + 1] = [Turn(role, template)] if template else []
    elif template:
        turns.insert(0 if role in INSTRUCTING else len(turns), Turn(role, template))
    return replace(mapping, turns=tuple(turns))


def settings_of(mapping: RowMapping) -> tuple[tuple[str, str], ...]:
    """The settings that make a mapping out of an empty one."""
    found: list[tuple[str, str]] = [("to", mapping.target.value)]
    if mapping.turn_list is not None:
        entry = mapping.turn_list
        found.append(("turns", entry.field))
        if (entry.role, entry.content) != ("role", "content"):
            found += [("turns.role", entry.role), ("turns.text", entry.content)]
        found.append(("turns.speakers", pairs_text(entry.speakers)))
    found += [(turn.role, turn.template) for turn in mapping.turns]
    found += [
        ("roles", pairs_text(mapping.roles)),
        ("tools", mapping.tools),
        ("prompt", mapping.prompt),
        ("completion", mapping.completion),
        ("preferred", mapping.preferred),
        ("non_preferred", mapping.non_preferred),
        *((f"default.{field}", text) for field, text in mapping.defaults),
        ("where", mapping.where),
        ("sample", "" if mapping.sample is None else str(mapping.sample)),
        ("seed", str(mapping.seed) if mapping.seed else ""),
    ]
    return tuple((key, value) for key, value in found if value)


def checked(mapping: RowMapping) -> RowMapping:
    """The mapping itself, once it is known to say everything that its target needs.

    Raises:
        MappingError: something is missing.
    """
    said = {turn.role for turn in mapping.turns if turn.template.strip()}
    conversation = bool(mapping.turn_list and mapping.turn_list.field)
    if mapping.turn_list is not None and not mapping.turn_list.field:
        raise MappingError("It is not said which field holds the turns", hint="Set turns to the field.")
    match mapping.target:
        case Target.CHAT if not (conversation or said & {"assistant", "tool_call"}):
            raise MappingError("It is not said where the answers come from", hint="Set assistant, or turns for a list.")
        case Target.COMPLETION if not (mapping.completion or conversation or "assistant" in said):
            raise MappingError("It is not said what the completion is", hint="Set completion, and prompt.")
        case Target.PREFERENCE if not (mapping.preferred and mapping.non_preferred):
            raise MappingError("It is not said which answers are compared", hint="Set preferred and non_preferred.")
    return mapping


def _target(value: str) -> Target:
    try:
        return Target(value.strip().casefold())
    except ValueError:
        kinds = ", ".join(target.value for target in Target)
        raise MappingError(f"Rows cannot become {value.strip()}", hint=f"They can become: {kinds}.") from None


def _number(value: str, key: str) -> int:
    text = value.strip()
    if not text.isdecimal() or len(text) > 18 or (key == "sample" and int(text) == 0):
        raise MappingError(f"{key} is a whole number, not {text}", hint="Leave it out to take every row.")
    return int(text)


def _pairs(value: str, key: str) -> tuple[tuple[str, str], ...]:
    pairs = []
    at = 0
    while value[at:].strip(" ,，"):
        found = _PAIR.match(value, at)
        name = found and _unquoted(found["name"].strip())
        role = found["role"].casefold() if found else ""
        if found is None or not name or role not in ROLES:
            shown = value[at:].strip(" ,，")
            hint = f"Write name:role, with commas between; roles are {', '.join(ROLES)}."
            raise MappingError(f"{key}: {shown} is not a name and a role", hint=hint)
        pairs.append((name, role))
        at = found.end()
    return tuple(pairs)


def pairs_text(pairs: Iterable[tuple[str, str]]) -> str:
    """Pairs of a name and a role, as they are typed; a name with signs or blanks at its ends stands in quotes."""
    return ", ".join(f"{_quoted(name)}:{role}" for name, role in pairs)


def _quoted(name: str) -> str:
    plain = name == name.strip() and not set(name) & set(',，:："\\')
    return name if plain else json.dumps(name, ensure_ascii=False)


def _unquoted(name: str) -> str:
    if not name.startswith('"'):
        return name
    try:
        return str(json.loads(name, strict=False))
    except ValueError:
        return name
