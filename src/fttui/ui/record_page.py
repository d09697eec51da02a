"""A training example laid out for reading: its messages, tool calls, answers, tools."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from fttui.domain.dataset.record import (
    ChatRecord,
    CompletionRecord,
    ImagePart,
    Message,
    PreferenceRecord,
    Record,
    ReinforcementRecord,
    TextPart,
    ToolCall,
    turns,
)
from fttui.domain.text import safe, safe_line
from fttui.ui import present
from fttui.ui.cells import cut, wrap
from fttui.ui.page import PAGE_LIMIT, TEXT_LIMIT, Line, Page, cut_line, json_lines, limited


@dataclass(frozen=True, slots=True)
class TokenCount:
    """A number of tokens, and whether it is exact."""

    number: int
    exact: bool

    def __str__(self) -> str:
        return f"{'' if self.exact else '≈ '}{present.counted(self.number, 'token')}"


@dataclass(frozen=True, slots=True)
class RowTokens:
    """Token counts of a record: one for each of its turns in reading order, and all of it."""

    turns: tuple[TokenCount, ...]
    total: TokenCount
    encoding: str


def record_page(record: Record, width: int, tokens: RowTokens | None = None, *, ascii: bool = False) -> Page:
    """A training example for reading.

    Args:
        record: the example.
        width: cells in a line.
        tokens: counts to write beside the messages, once known.
        ascii: use no drawing characters.
    """
    layout = _Layout(width, tokens, "|" if ascii else "▏", "-" if ascii else "─", _call_names(turns(record)))
    match record:
        case ChatRecord():
            layout.messages("messages", record.messages, trains=True)
        case ReinforcementRecord():
            layout.messages("messages", record.messages)
            layout.section("for the grader")
            layout.value(record.fields)
        case PreferenceRecord():
            layout.messages("input.messages", record.messages)
            layout.section("better answer")
            layout.messages("preferred_output", record.preferred)
            layout.section("worse answer")
            layout.messages("non_preferred_output", record.non_preferred)
        case CompletionRecord():
            prompt, completion = turns(record)
            layout.message("prompt", prompt, "prompt")
            layout.message("completion", completion, "completion", mark="trained")
    if not isinstance(record, CompletionRecord) and record.tools:
        layout.section(present.counted(len(record.tools), "tool") + " offered")
        for tool in record.tools:
            layout.tool(tool)
    return Page(tuple(layout.lines), layout.anchors, layout.ends)


class _Layout:
    """Grows a page from the top."""

    def __init__(self, width: int, tokens: RowTokens | None, bar: str, rule: str, calls: Mapping[str, str]) -> None:
        self.lines: list[Line] = []
        self.anchors: dict[str, int] = {}
        self.ends: dict[str, int] = {}
        self._width = width
        self._tokens = tokens
        self._bar = bar
        self._rule = rule
        self._calls = calls
        self._turn = 0
        self._room = PAGE_LIMIT
        self._after_heading = False

    def messages(self, path: str, messages: Sequence[Message], *, trains: bool = False) -> None:
        for number, message in enumerate(messages):
            mark = ""
            if trains and message.role == "assistant":
                mark = "trained" if message.is_trained else "not trained"
                mark += f", weight {message.weight:g}" if message.weight is not None else ""
            self.message(f"{path}[{number}]", message, f"{number} {message.role}", mark=mark)

    def message(self, path: str, message: Message, label: str, *, mark: str = "") -> None:
        if self.lines and not self._after_heading:
            self.lines.append(())
        self._after_heading = False
        self.anchors[path] = len(self.lines)
        self._header(message, label, mark)
        self._turn += 1
        style = f"role--{_drawn_as(message.role)}"
        for line in self._body(message):
            self.lines.append(((f"{self._bar} ", style), *line))
        self.ends[path] = len(self.lines)

    def _header(self, message: Message, label: str, mark: str) -> None:
        about = [safe_line(message.name, 40)] if message.name else []
        if message.tool_call_id:
            called = self._calls.get(message.tool_call_id, "")
            about.append(f"{called} {safe_line(message.tool_call_id, 40)}".strip())
        if mark:
            about.append(mark)
        left = safe_line(label, 40)
        count = self._count()
        room = self._width - cell_len(left) - cell_len(count) - 3
        middle = cut(" · ".join(about), max(room, 0))
        gap = self._width - cell_len(left) - cell_len(middle) - cell_len(count) - 2
        style = f"role--{_drawn_as(message.role)}"
        header = (
            (left, f"{style} record-view--role"),
            ("  " + middle, "record-view--untrained" if mark.startswith("not") else "record-view--note"),
            (" " * max(gap, 1), ""),
            (count, "record-view--note"),
        )
        self.lines.append(cut_line(header, self._width))

    def _count(self) -> str:
        if self._tokens is None or self._turn >= len(self._tokens.turns):
            return ""
        return str(self._tokens.turns[self._turn])

    def _body(self, message: Message) -> Iterator[Line]:
        for part in message.parts:
            match part:
                case TextPart():
                    yield from self._text(part.text)
                case ImagePart():
                    for line in wrap(_image_words(part), self._width - 2):
                        yield ((line, "record-view--note"),)
        if message.refusal:
            yield (("refusal:", "record-view--note"),)
            yield from self._text(message.refusal)
        for call in message.tool_calls:
            yield from self._call(call)
        if not (message.parts or message.refusal or message.tool_calls):
            yield (("no content" if message.content_is_null else "empty", "record-view--note"),)

    def _text(self, text: str, style: str = "") -> Iterator[Line]:
        shown, missing = limited(text, min(TEXT_LIMIT, self._room))
        self._room -= len(shown)
        for line in wrap(safe(shown), self._width - 2):
            yield ((line, style),)
        yield from missing

    def _call(self, call: ToolCall) -> Iterator[Line]:
        name, call_id = safe_line(call.name, 60), safe_line(call.id, 40)
        heading = (("calls ", "record-view--note"), (name, "record-view--call"), (f"  {call_id}", "record-view--note"))
        yield cut_line(heading, self._width - 2)
        try:
            arguments = json.dumps(json.loads(call.arguments), ensure_ascii=False, indent=2)
        except (ValueError, RecursionError):
            yield (("arguments are not JSON:", "record-view--untrained"),)
            yield from self._text(call.arguments)
            return
        shown, missing = limited(arguments, min(TEXT_LIMIT, self._room))
        self._room -= len(shown)
        yield from json_lines(shown, self._width - 2)
        yield from missing

    def section(self, title: str) -> None:
        """A heading across the page."""
        self.lines.append(())
        rest = max(self._width - cell_len(title) - 4, 0)
        self._after_heading = True
        heading = cut(f"{self._rule * 2} {title} {self._rule * rest}", self._width)
        self.lines.append(((heading, "record-view--section"),))

    def value(self, value: object) -> None:
        """A JSON value, indented."""
        shown, missing = limited(json.dumps(value, ensure_ascii=False, indent=2, default=str), TEXT_LIMIT)
        self.lines.extend(json_lines(shown, self._width))
        self.lines.extend(missing)

    def tool(self, tool: Mapping[str, object]) -> None:
        """A function the model may call: its name, its parameters, what it is for."""
        function = tool.get("function", tool)
        if not isinstance(function, Mapping) or not isinstance(function.get("name"), str):
            self.value(tool)
            return
        parameters = function.get("parameters")
        known = parameters.get("properties") if isinstance(parameters, Mapping) else None
        names = ", ".join(safe_line(str(name), 40) for name in known) if isinstance(known, Mapping) else ""
        name = safe_line(str(function["name"]), 60)
        self.lines.append(cut_line(((name, "record-view--call"), (f"({names})", "")), self._width))
        if description := function.get("description"):
            for line in wrap(safe_line(str(description), 1000), self._width - 2):
                self.lines.append((("  " + line, "record-view--note"),))


def _call_names(messages: Sequence[Message]) -> dict[str, str]:
    return {call.id: safe_line(call.name, 60) for message in messages for call in message.tool_calls}


def _drawn_as(role: str) -> str:
    known = ("system", "developer", "user", "assistant", "tool")
    return role if role in known else {"function": "tool"}.get(role, "other")


def _image_words(image: ImagePart) -> str:
    if not image.is_data:
        return f"image at {safe_line(image.url, 300)}, detail {safe_line(image.detail, 20)}"
    kind, _, data = image.url.removeprefix("data:").partition(",")
    name = safe_line(kind.split(";")[0], 60) or "unknown kind"
    amount = len(data) * 3 // 4 if kind.endswith(";base64") else len(data)
    return f"image in the row, {name}, {present.size(amount)}, detail {safe_line(image.detail, 20)}"
