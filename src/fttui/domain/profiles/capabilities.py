"""What a provider can do: declared for its kind, corrected by what a server was found to answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from fttui.domain.jobs.job import Method
from fttui.domain.jobs.provider_fields import AZURE_FIELDS, AZURE_OLDER_FIELDS, ENGINE_FIELDS, NEBIUS_FIELDS
from fttui.domain.jobs.spec import HYPERPARAMETERS, HyperparameterField
from fttui.domain.profiles.azure import TRAINING_TIERS
from fttui.domain.profiles.limits import LIMITS, Limits
from fttui.domain.profiles.probed import Finding, Probed, Subject
from fttui.domain.profiles.profile import Dialect, Profile


class Support(Enum):
    """Whether something is there. What is not known may be tried; only a clear no counts as false."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "not known"

    def __bool__(self) -> bool:
        return self is not Support.NO


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What may be asked of a provider, for screens and commands to hide or explain what is missing."""

    models: Support = Support.YES
    files: Support = Support.YES
    jobs: Support = Support.YES
    checkpoints: Support = Support.YES
    methods: tuple[Method, ...] = tuple(Method)
    """Ways of training, the usual one first."""
    hyperparameters: tuple[HyperparameterField, ...] = HYPERPARAMETERS
    limits: Limits = LIMITS[Dialect.COMPATIBLE]
    uploads_in_parts: Support = Support.YES
    pause: Support = Support.YES
    metadata: Support = Support.YES
    """Whether jobs keep metadata, and lists can be narrowed down by it."""
    seed: Support = Support.YES
    suffix: Support = Support.YES
    wandb: Support = Support.YES
    deletes_models: Support = Support.YES
    graders: Support = Support.YES
    """Whether it looks at graders and runs them before a job is asked for."""
    needs_deployment: bool = False
    """Whether a model answers only through a deployment with a name of its own."""
    training_tiers: tuple[str, ...] = ()
    probed_at: float | None = None
    """Unix seconds at which the server was asked; None where only its kind is known."""

    def of(self, subject: Subject) -> Support:
        """Whether a server has something that it can be asked for."""
        match subject:
            case Subject.MODELS:
                return self.models
            case Subject.FILES:
                return self.files
            case Subject.JOBS | Subject.EVENTS:
                return self.jobs
            case Subject.CHECKPOINTS:
                return self.checkpoints

    @property
    def chat_only(self) -> bool:
        """Whether the server answers, and neither trains nor keeps files."""
        return not self.jobs and not self.files


# OpenAI's API reference, 2026-11-20.
_OPENAI = Capabilities(limits=LIMITS[Dialect.OPENAI])

# fttui's own server.
_ENGINE = Capabilities(
    methods=(Method.SUPERVISED,),
    hyperparameters=ENGINE_FIELDS,
    limits=LIMITS[Dialect.ENGINE],
    wandb=Support.NO,
    graders=Support.NO,
)

# Microsoft's fine-tuning pages, 2026-10. They name no uploads in parts, and say nothing of metadata.
_AZURE = Capabilities(
    hyperparameters=AZURE_FIELDS,
    limits=LIMITS[Dialect.AZURE],
    uploads_in_parts=Support.UNKNOWN,
    metadata=Support.UNKNOWN,
    wandb=Support.UNKNOWN,
    deletes_models=Support.UNKNOWN,
    graders=Support.UNKNOWN,
    needs_deployment=True,
    training_tiers=TRAINING_TIERS,
)

# Nebius, Token Factory documentation, 2026-11-20: no pause, no uploads, no metadata; Weights & Biases wants its key in
# the request, which a job's settings are no place for.
_NEBIUS = Capabilities(
    methods=(Method.SUPERVISED,),
    hyperparameters=NEBIUS_FIELDS,
    limits=LIMITS[Dialect.NEBIUS],
    uploads_in_parts=Support.NO,
    pause=Support.NO,
    metadata=Support.NO,
    wandb=Support.NO,
    deletes_models=Support.UNKNOWN,
    graders=Support.NO,
)

_COMPATIBLE = Capabilities(
    models=Support.UNKNOWN,
    files=Support.UNKNOWN,
    jobs=Support.UNKNOWN,
    checkpoints=Support.UNKNOWN,
    limits=LIMITS[Dialect.COMPATIBLE],
    uploads_in_parts=Support.UNKNOWN,
    pause=Support.UNKNOWN,
    metadata=Support.UNKNOWN,
    seed=Support.UNKNOWN,
    suffix=Support.UNKNOWN,
    wandb=Support.UNKNOWN,
    deletes_models=Support.UNKNOWN,
    graders=Support.UNKNOWN,
)

_DECLARED = {
    Dialect.ENGINE: _ENGINE,
    Dialect.OPENAI: _OPENAI,
    Dialect.AZURE: _AZURE,
    Dialect.NEBIUS: _NEBIUS,
    Dialect.COMPATIBLE: _COMPATIBLE,
}


def capabilities_of(profile: Profile, probed: Probed | None = None) -> Capabilities:
    """What a profile can do.

    Args:
        profile: the provider.
        probed: what its server was found to answer; a probe of another address says nothing.
    """
    kind = _DECLARED[profile.dialect]
    declared = replace(kind, limits=kind.limits.with_own(profile.limits))
    if profile.dialect is Dialect.AZURE and profile.api_version:
        declared = replace(declared, hyperparameters=AZURE_OLDER_FIELDS)
    if probed is None or probed.address != profile.base_url:
        return declared
    corrected = replace(
        declared,
        models=_found(probed, Subject.MODELS, declared.models),
        files=_found(probed, Subject.FILES, declared.files),
        jobs=_found(probed, Subject.JOBS, declared.jobs),
        checkpoints=_found(probed, Subject.CHECKPOINTS, declared.checkpoints),
        probed_at=probed.at,
    )
    if corrected.jobs:
        return corrected
    return replace(corrected, methods=(), hyperparameters=(), checkpoints=Support.NO, pause=Support.NO)


def _found(probed: Probed, subject: Subject, declared: Support) -> Support:
    match probed.findings.get(subject):
        case Finding.ANSWERS:
            return Support.YES
        case Finding.MISSING:
            return Support.NO
        case _:
            return declared


def missing_words(profile: Profile, capabilities: Capabilities, subject: Subject) -> str:
    """What a place says in place of a list that is not there, in a sentence; empty where the list is, or may be."""
    if capabilities.of(subject):
        return ""
    if capabilities.chat_only and subject in (Subject.FILES, Subject.JOBS):
        return f"{profile.name} answers chats only: it keeps no files and trains nothing."
    what = {
        Subject.MODELS: "does not list its models; type a model's name where one is wanted",
        Subject.FILES: "keeps no files",
        Subject.JOBS: "trains nothing",
        Subject.EVENTS: "tells nothing of its jobs",
        Subject.CHECKPOINTS: "keeps no checkpoints",
    }[subject]
    return f"{profile.name} {what}."
