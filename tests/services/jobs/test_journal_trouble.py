"""A journal that is damaged, locked, not ours to write, on a full disk or on another computer says so, and goes on."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from fttui.domain.errors import JournalError
from fttui.domain.jobs.feed import JobUpdate
from fttui.domain.jobs.job import Job
from fttui.services.jobs.file_system import network_kind
from fttui.services.jobs.journal import Journal
from job_timeline import line

JOB = Job("ftjob-2", "base", "running", 200, "file-1")


def test_a_damaged_file_is_put_aside_and_a_new_one_begun(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(b"this is no database" * 1000)
    journal = Journal(path)

    assert journal.jobs() == []
    journal.record("local", JOB.id, JobUpdate(JOB))
    assert journal.moved_aside == tmp_path / "journal.db.broken-1"
    assert journal.moved_aside.read_bytes().startswith(b"this is no database")
    journal.close()


def test_damage_found_later_is_told_once_and_the_work_goes_on(journal: Journal) -> None:
    for number in range(50):
        journal.record("local", f"ftjob-{number}", JobUpdate(replace(JOB, id=f"ftjob-{number}"), (line(number),)))
    journal.close()
    whole = bytearray(journal.path.read_bytes())
    whole[4096:] = b"\xff" * (len(whole) - 4096)
    journal.path.write_bytes(whole)

    with pytest.raises(JournalError, match=r"put aside as .*broken-1"):
        journal.jobs()
    assert journal.jobs() == []


def test_a_journal_of_a_newer_program_is_left_alone(journal: Journal) -> None:
    journal.adopt("local", [JOB], seen_at=1)
    journal.close()
    with sqlite3.connect(journal.path) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()

    with pytest.raises(JournalError, match="newer fttui"):
        journal.jobs()
    assert journal.path.exists()


OPEN_AS_SOMEBODY_ELSE = """
import os, sys
from pathlib import Path
from fttui.domain.errors import JournalError
from fttui.services.jobs.journal import Journal
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
journal = Journal(Path(sys.argv[1]))
try:
    print(len(journal.jobs()))
    journal.check_writable()
except JournalError as error:
    print(error.message)
"""


def said_without_rights(path: Path) -> list[str]:
    """What a program says that looks at a journal and tries to write there, without a right to write."""
    done = subprocess.run(
        [sys.executable, "-c", OPEN_AS_SOMEBODY_ELSE, str(path)], capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder below none that is this user's alone."""
    folder = Path(tempfile.mkdtemp())
    try:
        yield folder
    finally:
        folder.chmod(0o700)
        shutil.rmtree(folder)


def take_away_the_right_to_write(*paths: Path) -> None:
    """Whoever looks next may only read; root may always write, so that somebody else looks in its place."""
    for path in paths:
        path.chmod(0o500 if path.is_dir() else 0o400)
        if os.geteuid() == 0:
            os.chown(path, 65534, 65534)


def test_a_folder_that_cannot_be_written_is_told() -> None:
    with open_folder() as folder:
        take_away_the_right_to_write(folder)

        (told,) = said_without_rights(folder / "journal.db")

    assert "The journal cannot be" in told


def test_a_journal_that_cannot_be_written_can_be_read() -> None:
    with open_folder() as folder:
        journal = Journal(folder / "journal.db")
        journal.adopt("local", [JOB], seen_at=1)
        journal.close()
        take_away_the_right_to_write(folder / "journal.db", folder)

        jobs, told = said_without_rights(folder / "journal.db")

    assert jobs == "1"
    assert "The journal cannot be written" in told


def test_two_programs_that_find_the_same_damage_put_it_aside_once(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(b"this is no database" * 1000)
    journals = [Journal(path) for _ in range(8)]
    start = threading.Barrier(len(journals))

    def write(number: int) -> None:
        start.wait()
        journals[number].record("local", f"ftjob-{number}", JobUpdate(replace(JOB, id=f"ftjob-{number}")))

    with ThreadPoolExecutor(len(journals)) as pool:
        list(pool.map(write, range(len(journals))))

    assert [path.name for path in tmp_path.glob("*.broken-*")] == ["journal.db.broken-1"]
    assert len(journals[0].jobs()) == len(journals)
    for journal in journals:
        journal.close()


def test_on_a_network_file_system_the_journal_needs_no_shared_memory(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal.adopt("local", [JOB], seen_at=1)
    journal.close()
    monkeypatch.setattr("fttui.services.jobs.store.network_kind", lambda _path: "nfs4")

    other = Journal(journal.path)
    assert journal.jobs()[0].job == other.jobs()[0].job == JOB
    other.adopt("local", [replace(JOB, id="ftjob-more")], seen_at=2)

    assert len(journal.jobs()) == 2
    assert other._store.rows("PRAGMA journal_mode")[0][0] == "delete"
    assert not journal.path.with_name("journal.db-wal").exists()
    other.close()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/me/.local/state", "nfs4"),
        ("/home/my/.local/state", None),
        ("/mnt/a b/state", "fuse.sshfs"),
        ("/", None),
        ("/mnt/new", None),
        ("/elsewhere", None),
    ],
)
def test_a_network_file_system_is_known_by_its_mount(tmp_path: Path, path: str, kind: str | None) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n"
        "30 27 0:40 / /home/me rw,relatime shared:5 - nfs4 server:/home/me rw\n"
        "31 27 0:41 / /mnt/a\\040b rw - fuse.sshfs me@there:/ rw\n"
        "32 27 0:42 / /mnt/new rw - cifs //there/new rw\n"
        "33 32 0:43 / /mnt/new rw - ext4 /dev/vdb rw\n"
        "an odd line\n"
    )

    assert network_kind(Path(path), mounts) == kind


def test_without_a_list_of_mounts_nothing_is_said(tmp_path: Path) -> None:
    assert network_kind(tmp_path, tmp_path / "absent") is None


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(JournalError, match="cannot be used"):
        Journal(tmp_path / "file" / "journal.db").jobs()


def test_a_full_disk_is_told_and_reading_goes_on(journal: Journal) -> None:
    journal.adopt("local", [JOB], seen_at=1)
    pages = journal._store.rows("PRAGMA page_count")[0][0]
    journal._store.rows(f"PRAGMA max_page_count = {pages + 2}")

    with pytest.raises(JournalError, match="disk is full"):
        journal.keep_result("local", JOB.id, "file-1", b"x" * 1_000_000)
    assert journal.jobs()[0].job == JOB


def test_a_journal_that_another_program_keeps_locked_is_told(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fttui.services.jobs.store.BUSY_MILLISECONDS", 50)
    journal.adopt("local", [JOB], seen_at=1)
    holder = sqlite3.connect(journal.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    with pytest.raises(JournalError, match="another program"):
        journal.check_writable()
    assert journal.jobs()[0].job == JOB
    holder.close()
