"""What to launch, and how far a launch is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from fttui.domain.jobs.draft import DataSource, Draft
from fttui.domain.jobs.ledger import Estimate
from fttui.domain.jobs.spec import HYPERPARAMETERS, HyperparameterField, JobSpec
from fttui.domain.remote import RemoteFile


class Stage(StrEnum):
    """What a launch is at."""

    HASHING = "reading"
    UPLOADING = "uploading"
    PROCESSING = "waiting for the provider to process"
    CREATING = "asking for the job"
    LOOKING = "looking for the job"


@dataclass(frozen=True, slots=True)
class LaunchProgress:
    """How far a launch is: the stage, the file it is about, and bytes done and in all where they are known.

    While a file is sent `rate` is in bytes per second and `seconds_left` what it will take at that rate, where they
    can be told; `note` says in words how it goes, and `warning` that it will not be done in time.
    """

    stage: Stage
    name: str = ""
    done: int = 0
    total: int = 0
    rate: float | None = None
    seconds_left: float | None = None
    note: str = ""
    warning: str = ""


TellProgress = Callable[[LaunchProgress], None]


def quietly(_progress: LaunchProgress) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class LaunchPlan:
    """What to launch.

    Args:
        spec: the request; its file fields are filled in once the files have ids.
        training: a local file, or the id of a file the provider has.
        validation: likewise, or None.
        hashes: the SHA-256 of local files as they were validated; a file that differs now stops the launch.
        estimate: what it is expected to cost, kept with the launch.
        fields: the hyperparameters the provider takes.
        marked: files are sent with a byte-order mark, as one kind of provider wants them.
    """

    spec: JobSpec
    training: Path | str
    validation: Path | str | None = None
    hashes: Mapping[Path, str] = field(default_factory=dict)
    estimate: Estimate | None = None
    fields: tuple[HyperparameterField, ...] = HYPERPARAMETERS
    marked: bool = False

    @classmethod
    def from_draft(
        cls,
        draft: Draft,
        hashes: Mapping[Path, str] | None = None,
        estimate: Estimate | None = None,
        *,
        marked: bool = False,
    ) -> LaunchPlan:
        """The plan a filled-in form asks for."""
        return cls(
            draft.spec(),
            _source(draft.training) or "",
            _source(draft.validation),
            hashes if hashes is not None else {},
            estimate,
            draft.fields,
            marked,
        )


def _source(source: DataSource | None) -> Path | str | None:
    match source:
        case None:
            return None
        case RemoteFile():
            return source.id
        case _:
            return Path(source)
