"""Training files for tests of the launch form."""

from __future__ import annotations

import json
from pathlib import Path


def write_rows(path: Path, count: int = 48, *, broken: bool = False) -> Path:
    """A file of small chats; the last row of a broken one is not JSON."""
    rows = [
        {"messages": [{"role": "user", "content": f"light {n} on"}, {"role": "assistant", "content": f'{{"on": {n}}}'}]}
        for n in range(count)
    ]
    lines = [json.dumps(row) for row in rows]
    path.write_text("\n".join([*lines[:-1], "{"] if broken else lines) + "\n")
    return path
