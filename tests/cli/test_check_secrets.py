"""What is sensitive in a file never leaves it in clear: not on the terminal, not in any report, not in a log."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fttui_program import fttui

CANARY = "sk-" + "proj-CaNaRy81kQmW0pLr7TnV4cYb2HdJ9sAe"
EMAIL = "canary.person77@example.com"
RESIDENT = "11010519491231002X"
CARD = "4111 1111 1111 1111"


def rows() -> list[str]:
    def row(user: object, **more: object) -> str:
        messages = [
            {"role": "user", "content": user, **more},
            {"role": "assistant", "content": f"No, {EMAIL}."},
        ]
        return json.dumps({"messages": messages}, ensure_ascii=False)

    good = [row(f"Question {number} of mine?") for number in range(12)]
    odd = [
        row(f"Is {CANARY} a key? {RESIDENT} {CARD}"),
        row("hello there", **{CANARY: 1}),
        row("hello again", name=CANARY),
        row("hello you", role=CANARY),
        row([{"type": CANARY, "text": "x"}]),
        row([{"type": "image_url", "image_url": {"url": f"http://host/{CANARY}"}}]),
        '{"messages": [], "' + CANARY + '": 1}',
        '{"messages": 1, "messages": 2, "' + EMAIL + '": ' + CANARY,
        '{"' + CANARY + '": 1, "' + CANARY + '": 2}',
        json.dumps({"messages": [{"role": "assistant", "content": "x", "tool_calls": CANARY}]}),
        json.dumps({"messages": [{"role": "assistant", "tool_calls": [_call("f", CANARY)]}]}),
        json.dumps({"messages": [{"role": "assistant", "tool_calls": [_call(CANARY, "{}")]}]}),
        json.dumps({"messages": [{"role": "tool", "tool_call_id": CANARY, "content": "x"}]}),
    ]
    return good + odd


def _call(name: str, arguments: str) -> dict[str, object]:
    return {"id": CANARY, "type": "function", "function": {"name": name, "arguments": arguments}}


@pytest.mark.parametrize("options", [["--json"], [], ["--rows-only", "--json"]])
def test_no_canary_is_ever_told(tmp_path: Path, options: list[str]) -> None:
    path, sarif, page = tmp_path / "rows.jsonl", tmp_path / "out.sarif", tmp_path / "out.md"
    path.write_text("".join(row + "\n" for row in rows()))
    ran = fttui("check", str(path), *options, "--sarif", str(sarif), "--markdown", str(page), "--valid", str(path))
    told = ran.stdout + ran.stderr + sarif.read_text() + page.read_text()
    written = [entry for entry in tmp_path.rglob("*") if entry.is_file() and entry != path]

    assert "unknown-message-key" in told
    assert ("api-key" in told) == ("--rows-only" not in options)
    for secret in (CANARY, CANARY[:24], EMAIL, RESIDENT, CARD):
        assert secret not in told
        assert all(secret.encode() not in entry.read_bytes() for entry in written)
