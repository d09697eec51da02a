"""Small data sets, written and read back."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from fakes import NOON

Row = Mapping[str, object] | str


def chat(question: str, answer: str = "Yes, gladly.", system: str = "You help with law.", **more: object) -> Row:
    """A conversation of three messages, with what else the row is to hold."""
    said = [("system", system), ("user", question), ("assistant", answer)]
    return {"messages": [{"role": role, "content": text} for role, text in said], **more}


def tool_row(city: str = "Oslo") -> Row:
    """A conversation with a tool call, its result, an untrained answer and a picture."""
    call = {"name": "get_weather", "arguments": json.dumps({"city": city, "unit": "celsius"})}
    picture = {"type": "image_url", "image_url": {"url": "https://example.org/meter.png", "detail": "low"}}
    return {
        "messages": [
            {"role": "system", "content": "Use a tool where one fits; never guess a temperature."},
            {"role": "user", "content": f"Is it warm enough in {city} to turn the heating off today?"},
            {"role": "assistant", "tool_calls": [{"id": "call_001", "type": "function", "function": call}]},
            {"role": "tool", "tool_call_id": "call_001", "content": '{"temperature": 13, "sky": "cloudy"}'},
            {"role": "assistant", "content": "It is 13 °C. I would leave it on.", "weight": 0},
            {"role": "user", "content": [{"type": "text", "text": "And this meter?"}, picture]},
            {"role": "assistant", "content": "It shows 19 °C."},
        ],
        "tools": [
            {
                "type": "function",
                "function": {
                    "name": "get_weather",
                    "description": "Current weather in a city",
                    "parameters": {"type": "object", "properties": {"city": {"type": "string"}, "unit": {}}},
                },
            }
        ],
    }


def preference(question: str = "Say hello politely.") -> Row:
    """A conversation with a better and a worse answer."""
    return {
        "input": {"messages": [{"role": "user", "content": question}]},
        "preferred_output": [{"role": "assistant", "content": "Good morning, how may I help you?"}],
        "non_preferred_output": [{"role": "assistant", "content": "what"}],
    }


MISSPELT = {"messages": [{"role": "user", "content": "hi"}, {"role": "asistant", "content": "yo"}]}
"""A row whose second message has an unknown role."""

CHINESE = (
    "如果一个外国人在中国策动或帮助中国公民投敌叛变，会被如何处罚？",
    "一个中国公民在不知情的情况下被他人利用，应当如何处理？",
    "如果有人擅自开闸放水，使得下游的村庄受灾，会承担什么责任？",
)


def write(path: Path, rows: Iterable[Row], end: str = "\n") -> Path:
    """Write rows, one in a line; a string is written as it stands. The time of the file is fixed."""
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("".join(f"{line}{end}" for line in lines), encoding="utf-8")
    os.utime(path, (NOON, NOON))
    return path


def read(path: Path | None) -> list[Any]:
    """The rows of a file that there must be."""
    assert path is not None
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def mixed(path: Path) -> Path:
    """A file with Chinese rows, tools, a broken line and a misspelt role."""
    rows = [chat(question, "应以投敌叛变罪的共犯论处。具体的刑罚应根据情节进行裁量。") for question in CHINESE]
    return write(path, [*rows, tool_row(), '{"messages": [{"role": "user", "conte', MISSPELT, *map(chat, "abcdef")])
