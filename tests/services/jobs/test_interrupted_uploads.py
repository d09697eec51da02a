"""An upload that is interrupted twenty times arrives byte for byte, and hardly anything is sent twice."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

from fault_server import running_fault_server
from killable import killable
from slow_line import slow_line

INTERRUPTIONS = 20
SIZE = 24 * 1024 * 1024
# As large in proportion to this file as the parts of 512 MB are.
CUTTING = (1024 * 1024, SIZE // 64, SIZE // 8, SIZE // 512, 4096)
MOST = 1.2
"""Bytes sent for each byte of the file."""


def test_an_upload_interrupted_twenty_times_arrives_whole_at_little_more_than_its_bytes(tmp_path: Path) -> None:
    chosen = random.Random(7)
    file = tmp_path / "rows.jsonl"
    file.write_bytes(chosen.randbytes(SIZE))
    with running_fault_server() as server, slow_line(server.port, rate=24e6) as line:
        with killable(line.base_url, tmp_path / "state" / "journal.db") as program:
            for number in range(INTERRUPTIONS):
                program.start(file, CUTTING)
                goal = (number + 1) * SIZE // (INTERRUPTIONS + 2)
                assert line.wait_for(max(goal, line.passed + 100_000))
                if chosen.random() < 0.3:
                    line.cut()
                    line.wait_for(line.passed + 50_000)
                program.kill()
                assert program.ended() < 0
            program.start(file, CUTTING)
            assert program.ended() == 0
        (sent,) = server.memory.contents.values()
        passed = line.passed

    assert hashlib.sha256(sent).digest() == hashlib.sha256(file.read_bytes()).digest()
    assert [upload["status"] for upload in server.memory.uploads.values()] == ["completed"]
    assert passed <= MOST * SIZE
