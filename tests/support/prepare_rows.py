"""Files that call for fixes: Chinese legal advice with all sorts of flaws, English tool calls, pairs with labels."""

from __future__ import annotations

import json
from pathlib import Path

from rows import CHINESE, Row, tool_row, write

SECRET = "sk-proj-Zx9abcdefghij0123456789KLMN"


def legal_advice(path: Path) -> Path:
    """Chinese rows with other names of roles, keys too many, copies, a broken line, a secret, thanks at the end."""
    rows: list[Row] = []
    for number in range(24):
        answer = f"应以共犯论处，具体的刑罚应根据情节进行裁量（第{number}号）。电话 1381234{5000 + number}。"
        messages = [
            {"role": "System", "content": "你是一名中国法律顾问。"},
            {"role": "human", "content": f"{CHINESE[number % 3]}（案例{number}）"},
            {"role": "助手", "content": answer + (f"密钥 {SECRET}" if number == 5 else "")},
        ]
        if number % 5 == 0:
            messages.append({"role": "human", "content": "谢谢"})
        rows.append({"messages": messages, **({"来源": "裁判文书网"} if number % 7 == 0 else {})})
    return write(path, [*rows, rows[3], "", '{"messages": [{"role": "user", "conte'])


def tool_calls(path: Path) -> Path:
    """English rows with tools, some of whose arguments are not text yet."""
    rows: list[Row] = []
    for city in ("Oslo", "Bergen", "Tromsø", "Bodø", "Molde", "Ålesund", "Narvik", "Hamar", "Moss", "Vadsø", "Alta"):
        row = json.loads(json.dumps(tool_row(city)))
        if city.startswith("B"):
            function = row["messages"][2]["tool_calls"][0]["function"]
            function["arguments"] = json.loads(function["arguments"])
        rows.append(row)
    return write(path, rows)


def labelled_pairs(path: Path) -> Path:
    """Prompts and completions of two labels, as the base models of old took them."""
    return write(
        path,
        [
            {"Prompt": f"Classify the text: case {number}", "completion": "negative" if number % 4 else "positive"}
            for number in range(24)
        ],
    )
