"""Files that call for fixes: Chinese legal advice with all sorts of flaws, English tool calls, pairs with labels."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from legal_rows import legal_rows
from rows import Row, write
from tool_calling_rows import tool_calling_rows

Message = dict[str, Any]

SECRET = "sk-proj-Zx9abcdefghij0123456789KLMN"


_ROLES = {"system": "System", "user": "human", "assistant": "助手"}


def legal_advice(path: Path) -> Path:
    """Chinese rows with other names of roles, keys too many, copies, a broken line, a secret, thanks at the end."""
    rows: list[Row] = []
    for number, row in enumerate(legal_rows(24)):
        messages: list[Message] = [{**said, "role": _ROLES[said["role"]]} for said in _messages(row)]
        last = messages[-1]
        last["content"] += f"如需面谈，请致电 1381234{5000 + number}。"
        last["content"] += f"密钥 {SECRET}" if number == 5 else ""
        if number % 5 == 0:
            messages.append({"role": "human", "content": "谢谢"})
        rows.append({"messages": messages, **({"来源": "热线"} if number % 7 == 0 else {})})
    return write(path, [*rows, rows[3], "", '{"messages": [{"role": "user", "conte'])


def tool_calls(path: Path) -> Path:
    """English rows with tools: some arguments are not text yet, a call is never answered, a talk ends in thanks."""
    rows = tool_calling_rows(30)
    for number, row in enumerate(rows):
        messages = _messages(row)
        calls = [call for message in messages for call in message.get("tool_calls", ())]
        if number % 4 == 0:
            for call in calls:
                call["function"]["arguments"] = json.loads(call["function"]["arguments"])
        if number == 9:
            row["messages"] = [message for message in messages if message["role"] != "tool"]
        if number % 8 == 3:
            messages.append({"role": "user", "content": "Thanks a lot!"})
        if number % 10 == 1:
            row["source"] = "shop"
    return write(path, [*rows, rows[2]])


def _messages(row: Mapping[str, object]) -> list[Message]:
    messages = row["messages"]
    assert isinstance(messages, list)
    return messages


def labelled_pairs(path: Path) -> Path:
    """Prompts and completions of two labels, as the base models of old took them."""
    return write(
        path,
        [
            {"Prompt": f"Classify the text: case {number}", "completion": "negative" if number % 4 else "positive"}
            for number in range(24)
        ],
    )
