"""A full disk is told in plain words, costs no job and passes once there is room again."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from openai import InternalServerError, OpenAI

from engine_jobs import as_jsonl, client_of, colour_rows, finished, messages_of, reached, steps_of, upload
from engine_server import EngineProcess, eventually

SCRIPT = 'mount -t tmpfs -o size=48m,mode=0700 none "$1" && shift && exec "$@"'


def may_mount() -> bool:
    """Whether a small disk can be had in a name space of its own."""
    if shutil.which("unshare") is None:
        return False
    tried = ["unshare", "-rm", "sh", "-c", SCRIPT, "sh", "/mnt", "true"]
    return subprocess.run(tried, check=False, capture_output=True).returncode == 0


pytestmark = pytest.mark.skipif(not may_mount(), reason="no small disk may be mounted here")


@dataclass
class SmallDisk:
    """The engine's disk, as only its own processes see it under its name."""

    root: Path
    home: Path

    def fill(self) -> None:
        """Take all room that is left."""
        with (self.root / "ballast").open("wb", buffering=0) as ballast:
            while True:
                try:
                    ballast.write(bytes(4096))
                except OSError:
                    return

    def kept(self) -> set[Path]:
        """Everything there is of files and jobs."""
        return {path for folder in ("files", "jobs") for path in (self.root / "home" / folder).rglob("*")}

    def clear(self) -> None:
        """Give the room back."""
        (self.root / "ballast").unlink()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[tuple[OpenAI, SmallDisk]]:
    """An engine on a disk of 48 MB."""
    mounted = tmp_path / "disk"
    mounted.mkdir()
    home = mounted / "home"
    process = EngineProcess(home, prefix=("unshare", "-rm", "sh", "-c", SCRIPT, "sh", str(mounted)))
    try:
        root = Path(f"/proc/{process.address.pid}/root{mounted}")
        eventually((root / "home" / "spare").exists, "the spare room")
        with client_of(process.address) as client:
            yield client, SmallDisk(root, home)
    finally:
        process.stop()


def test_requests_are_refused_with_the_place_and_leave_nothing_behind(engine: tuple[OpenAI, SmallDisk]) -> None:
    client, disk = engine
    training_file = upload(client, as_jsonl(colour_rows(20)))
    disk.fill()
    before = disk.kept()

    def send() -> None:
        upload(client, b"x" * 100_000)

    def create() -> None:
        client.fine_tuning.jobs.create(model="local-nano", training_file=training_file)

    for ask in (send, create):
        with pytest.raises(InternalServerError) as refused:
            ask()
        assert refused.value.status_code == 507
        assert f"no room left on the disk that holds {disk.home}" in refused.value.message
    assert disk.kept() == before

    disk.clear()
    assert len(client.files.list().data) == 1
    assert upload(client, b"x" * 100_000)


def test_a_job_that_meets_a_full_disk_is_paused_in_words_and_goes_on(engine: tuple[OpenAI, SmallDisk]) -> None:
    client, disk = engine
    job_id = client.fine_tuning.jobs.create(
        model="local-nano",
        training_file=upload(client, as_jsonl(colour_rows(60))),
        hyperparameters={"n_epochs": 50, "batch_size": 4},
    ).id
    reached(client, job_id, 3)
    disk.fill()
    eventually(lambda: str(client.fine_tuning.jobs.retrieve(job_id).status) == "paused", "the pause")
    assert messages_of(client, job_id)[-1].startswith(f"There is no room left on the disk that holds {disk.home}.")

    disk.clear()
    client.fine_tuning.jobs.resume(job_id)
    done = len(steps_of(client, job_id))
    reached(client, job_id, done + 1)
    assert client.fine_tuning.jobs.cancel(job_id).status == "cancelled"


def test_a_file_that_fits_is_trained_after_all(engine: tuple[OpenAI, SmallDisk]) -> None:
    client, disk = engine
    training_file = upload(client, as_jsonl(colour_rows(12)))
    disk.fill()
    with pytest.raises(InternalServerError):
        client.fine_tuning.jobs.create(model="local-nano", training_file=training_file)
    disk.clear()

    job = client.fine_tuning.jobs.create(
        model="local-nano", training_file=training_file, hyperparameters={"n_epochs": 1}
    )

    assert finished(client, job.id).status == "succeeded"
