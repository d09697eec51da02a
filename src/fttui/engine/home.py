"""Where the engine keeps what: one private folder, with a fixed place for each thing in it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class JobFolder:
    """The private folder of one job."""

    root: Path

    @property
    def lock(self) -> Path:
        """Held by the job's worker for as long as it lives: whoever holds it may change the job's status."""
        return self.root / "lock"

    @property
    def log(self) -> Path:
        """What the worker said outside the protocol, tracebacks above all."""
        return self.root / "worker.log"

    @property
    def training_file(self) -> Path:
        """The training file as it was when the job was created."""
        return self.root / "training.jsonl"

    @property
    def validation_file(self) -> Path:
        """The validation file as it was when the job was created."""
        return self.root / "validation.jsonl"

    @property
    def start_weights(self) -> Path:
        """The weights of the tuned model a job goes on from; absent for base models."""
        return self.root / "start.npz"

    @property
    def checkpoint(self) -> Path:
        """The state training resumes from."""
        return self.root / "last.npz"

    def clear(self) -> None:
        """Remove what only an unfinished job needs, half-written files of killed workers included."""
        for path in self.root.iterdir():
            if path not in {self.lock, self.log}:
                path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class EngineHome:
    """The folder one engine lives in."""

    root: Path

    @property
    def database(self) -> Path:
        """Jobs, events, files and models."""
        return self.root / "state.db"

    @property
    def token(self) -> Path:
        """The bearer token of this installation."""
        return self.root / "token"

    @property
    def server_file(self) -> Path:
        """Where the running server says how to reach it."""
        return self.root / "server.json"

    @property
    def server_lock(self) -> Path:
        """Held by the running server."""
        return self.root / "server.lock"

    @property
    def spare(self) -> Path:
        """Room that is given up to write down that the disk is full."""
        return self.root / "spare"

    @property
    def files(self) -> Path:
        """The content of files, under their ids."""
        return self.root / "files"

    @property
    def parts(self) -> Path:
        """The content of upload parts, under their ids."""
        return self.root / "parts"

    @property
    def models(self) -> Path:
        """The weights of tuned models and checkpoints."""
        return self.root / "models"

    @property
    def jobs(self) -> Path:
        """One folder for each job."""
        return self.root / "jobs"

    def file(self, file_id: str) -> Path:
        """Return where the content of a file lies."""
        return self.files / file_id

    def part(self, part_id: str) -> Path:
        """Return where the content of an upload part lies."""
        return self.parts / part_id

    def weights(self, name: str) -> Path:
        """Return where the weights of a tuned model lie, by the file name the store keeps."""
        return self.models / name

    def job(self, job_id: str) -> JobFolder:
        """Return the folder of a job."""
        return JobFolder(self.jobs / job_id)

    def prepare(self) -> None:
        """Make the folders, private to this user."""
        for folder in (self.root, self.files, self.parts, self.models, self.jobs):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.root.chmod(0o700)


def write_atomically(path: Path, content: bytes) -> None:
    """Put a private file in place whole or not at all."""
    waiting = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        descriptor = os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        waiting.replace(path)
    except OSError:
        waiting.unlink(missing_ok=True)
        raise


def pin(source: Path, target: Path) -> None:
    """Keep a file's content under a second name, so that removing the first does no harm."""
    target.unlink(missing_ok=True)
    try:
        target.hardlink_to(source)
    except FileNotFoundError:
        raise
    except OSError:
        # Some file systems have no second names.
        write_copy(source, target)


def write_copy(source: Path, target: Path, chunk: int = 1 << 20) -> None:
    """Copy a file in small pieces."""
    with source.open("rb") as reader, target.open("wb") as writer:
        while piece := reader.read(chunk):
            writer.write(piece)
