"""Rules for tools: their definitions, the calls of the assistant, the answers to the calls."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from fttui.domain.dataset.row import Problem, RawTurn, Row, as_list, kind_of
from fttui.domain.dataset.strict_json import quoted

ABOUT_TOOLS = frozenset({"tools", "functions", "parallel_tool_calls", "tool_calls", "function_call", "tool"})
"""What rules about tools are about, as `Rule.about` has it: keys, and the role of those that answer."""
TOOLS_AT_MOST = 128
_FUNCTION_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")

Place = tuple[str, object]


def _tool_calls(row: Row) -> Iterator[tuple[RawTurn, str, Mapping[str, object]]]:
    for turn in row.turns:
        for place, call in enumerate(as_list(turn.value.get("tool_calls"))):
            if isinstance(call, dict):
                yield turn, f"{turn.path}.tool_calls[{place}]", call


def _called_functions(row: Row) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Path and function object of every call, tool calls and old function calls alike."""
    for _, path, call in _tool_calls(row):
        function = call.get("function")
        if isinstance(function, dict):
            yield f"{path}.function", function
    for turn in row.turns:
        function = turn.value.get("function_call")
        if isinstance(function, dict):
            yield f"{turn.path}.function_call", function


def _defined_functions(row: Row) -> Iterator[Place]:
    """Path and definition of every function that a row offers, whatever their types."""
    at = row.holder_path
    for place, tool in enumerate(as_list(row.holder.get("tools"))):
        if isinstance(tool, dict):
            yield f"{at}tools[{place}].function", tool.get("function")
    for place, function in enumerate(as_list(row.holder.get("functions"))):
        yield f"{at}functions[{place}]", function


def invalid_tools(row: Row) -> Iterable[Problem]:
    """Tools are a list of 1 to 128 objects ``{type: function, function: {name, …}}``; functions likewise."""
    at = row.holder_path
    for key in ("tools", "functions"):
        if key not in row.holder:
            continue
        tools = row.holder[key]
        if not isinstance(tools, list):
            yield Problem(f"{at}{key}", f"{key} is {kind_of(tools)}; make it a list of definitions")
        elif not 1 <= len(tools) <= TOOLS_AT_MOST:
            yield Problem(f"{at}{key}", f"{len(tools)} entries; 1 to {TOOLS_AT_MOST} are allowed, or leave {key} out")
    for place, tool in enumerate(as_list(row.holder.get("tools"))):
        if not isinstance(tool, dict):
            yield Problem(f"{at}tools[{place}]", f"A tool is an object with type and function, not {kind_of(tool)}")
        elif tool.get("type") != "function":
            yield Problem(f"{at}tools[{place}].type", 'The type of a tool must be "function"')
    for path, function in _defined_functions(row):
        yield from _definition_problems(path, function)
    parallel = row.holder.get("parallel_tool_calls")
    if parallel is not None and not isinstance(parallel, bool):
        yield Problem(f"{at}parallel_tool_calls", "parallel_tool_calls must be true or false")


def _definition_problems(path: str, function: object) -> Iterator[Problem]:
    if not isinstance(function, dict):
        yield Problem(path, "A function is an object with a name and parameters")
        return
    name = function.get("name")
    if not isinstance(name, str) or not _FUNCTION_NAME.fullmatch(name):
        yield Problem(f"{path}.name", "A function needs a name of 1 to 64 letters, digits, _ or -")
    description = function.get("description")
    if description is not None and not isinstance(description, str):
        yield Problem(f"{path}.description", f"The description is {kind_of(description)}; make it a string")


def duplicate_tool(row: Row) -> Iterable[Problem]:
    """No two tools of a row have the same name."""
    seen: set[str] = set()
    for path, function in _defined_functions(row):
        name = function.get("name") if isinstance(function, dict) else None
        if isinstance(name, str):
            if name in seen:
                yield Problem(f"{path}.name", f"The function {quoted(name)} is defined twice")
            seen.add(name)


def invalid_tool_parameters(row: Row) -> Iterable[Problem]:
    """Parameters are a JSON schema of type object whose required names are among its properties."""
    for path, function in _defined_functions(row):
        schema = function.get("parameters") if isinstance(function, dict) else None
        if schema is None:
            continue
        at = f"{path}.parameters"
        if not isinstance(schema, dict):
            yield Problem(at, f"The parameters are {kind_of(schema)}; make them a JSON schema object")
            continue
        if schema and schema.get("type") != "object":
            yield Problem(f"{at}.type", 'The schema of the parameters must have type "object"')
        properties = schema.get("properties", {})
        if not isinstance(properties, dict):
            yield Problem(f"{at}.properties", "The properties must be an object of schemas by name")
            continue
        for name, inner in properties.items():
            if not isinstance(inner, (dict, bool)):
                yield Problem(f"{at}.properties.{name}", f"A property's schema is an object, not {kind_of(inner)}")
        required = schema.get("required", [])
        if not isinstance(required, list) or not all(isinstance(name, str) for name in required):
            yield Problem(f"{at}.required", "required must be a list of property names")
            continue
        for name in required:
            if name not in properties:
                yield Problem(f"{at}.required", f"{quoted(name)} is required but not among the properties")


def misplaced_tool_calls(row: Row) -> Iterable[Problem]:
    """Only the assistant calls tools."""
    for turn in row.turns:
        for key in ("tool_calls", "function_call"):
            if key in turn.value and turn.role != "assistant":
                yield Problem(f"{turn.path}.{key}", f"Only assistant messages have {key}; move or remove it")


def invalid_tool_calls(row: Row) -> Iterable[Problem]:
    """Calls are a list of objects ``{id, type: function, function: {name, arguments}}`` with ids of their own."""
    for turn in row.turns:
        calls = turn.value.get("tool_calls")
        if calls is not None and not isinstance(calls, list):
            yield Problem(f"{turn.path}.tool_calls", f"tool_calls is {kind_of(calls)}; make it a list of calls")
        if calls == []:
            yield Problem(f"{turn.path}.tool_calls", "tool_calls is empty; fill it or leave it out")
        for place, call in enumerate(as_list(calls)):
            if not isinstance(call, dict):
                yield Problem(f"{turn.path}.tool_calls[{place}]", f"A call is an object, not {kind_of(call)}")
        old = turn.value.get("function_call")
        if old is not None and not isinstance(old, dict):
            yield Problem(f"{turn.path}.function_call", f"function_call is {kind_of(old)}; make it an object")
    for _, path, call in _tool_calls(row):
        if not isinstance(call.get("id"), str) or not call["id"]:
            yield Problem(f"{path}.id", "A tool call needs an id as a string")
        if call.get("type") != "function":
            yield Problem(f"{path}.type", 'The type of a tool call must be "function"')
        if not isinstance(call.get("function"), dict):
            yield Problem(f"{path}.function", "A tool call needs a function with name and arguments")
    for path, function in _called_functions(row):
        name = function.get("name")
        if not isinstance(name, str) or not name:
            yield Problem(f"{path}.name", "A call needs the name of the function")


def tool_arguments_not_string(row: Row) -> Iterable[Problem]:
    """Arguments are JSON inside a string."""
    for path, function in _called_functions(row):
        arguments = function.get("arguments")
        if not isinstance(arguments, str):
            state = kind_of(arguments) if "arguments" in function else "absent"
            yield Problem(f"{path}.arguments", f"The arguments are {state}; write them as JSON inside a string")


def tool_arguments_not_json(row: Row) -> Iterable[Problem]:
    """The string of the arguments holds a JSON object."""
    for path, function in _called_functions(row):
        arguments = function.get("arguments")
        if isinstance(arguments, str) and not _is_json_object(arguments):
            yield Problem(f"{path}.arguments", f"The arguments {quoted(arguments)} are not a JSON object")


def _is_json_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def undefined_tool(row: Row) -> Iterable[Problem]:
    """What is called is among the tools of the row."""
    defined = [function.get("name") for _, function in _defined_functions(row) if isinstance(function, dict)]
    names = {name for name in defined if isinstance(name, str)}
    for path, function in _called_functions(row):
        name = function.get("name")
        if isinstance(name, str) and name and name not in names:
            yield Problem(f"{path}.name", f"{quoted(name)} is not among the row's tools; add its definition")


def duplicate_tool_call_id(row: Row) -> Iterable[Problem]:
    """No two calls of a row share an id."""
    seen: set[str] = set()
    for _, path, call in _tool_calls(row):
        identity = call.get("id")
        if isinstance(identity, str) and identity:
            if identity in seen:
                yield Problem(f"{path}.id", f"The id {quoted(identity)} belongs to an earlier call; give each its own")
            seen.add(identity)


def missing_tool_call_id(row: Row) -> Iterable[Problem]:
    """A tool message says which call it answers."""
    for turn in row.turns:
        if turn.role == "tool" and not (isinstance(turn.value.get("tool_call_id"), str) and turn.value["tool_call_id"]):
            yield Problem(f"{turn.path}.tool_call_id", "A tool message needs the id of the call it answers")


def tool_answer_without_call(row: Row) -> Iterable[Problem]:
    """A tool message answers a call that the assistant made before it."""
    called: set[object] = set()
    for turn in row.dialogue:
        if turn.role == "assistant":
            calls = as_list(turn.value.get("tool_calls"))
            called.update(
                call.get("id") for call in calls if isinstance(call, dict) and isinstance(call.get("id"), str)
            )
        elif turn.role == "tool":
            answered = turn.value.get("tool_call_id")
            if isinstance(answered, str) and answered and answered not in called:
                yield Problem(f"{turn.path}.tool_call_id", f"No earlier call has the id {quoted(answered)}")


def tool_call_not_answered(row: Row) -> Iterable[Problem]:
    """Calls that are followed by more turns have tool messages that answer each of them, right after."""
    for place, turn in enumerate(row.dialogue[:-1]):
        calls = as_list(turn.value.get("tool_calls")) if turn.role == "assistant" else ()
        wanted = [call["id"] for call in calls if isinstance(call, dict) and isinstance(call.get("id"), str)]
        answered: set[object] = set()
        for later in row.dialogue[place + 1 :]:
            if later.role != "tool":
                break
            answer = later.value.get("tool_call_id")
            answered.update([answer] if isinstance(answer, str) else [])
        for identity in wanted:
            if identity not in answered:
                sentence = f"The call {quoted(identity)} is not answered by a tool message right after it"
                yield Problem(f"{turn.path}.tool_calls", sentence)
