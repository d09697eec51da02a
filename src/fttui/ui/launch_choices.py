"""What can be chosen in the fields of the launch form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from fttui.domain.jobs.draft import Draft
from fttui.domain.jobs.job import Method
from fttui.domain.jobs.lifecycle import Lifecycle
from fttui.domain.profiles.capabilities import Capabilities
from fttui.domain.profiles.profile import Dialect, Profile
from fttui.domain.remote import RemoteFile, RemoteModel
from fttui.ui import present
from fttui.ui.screens.pick import Choice, PickDialog

UPLOADED = "uploaded:"
"""Marks the value of a choice that is a file at the provider."""

_TRAINABLE_PURPOSE = "fine-tune"


def profile_choices(profiles: Sequence[Profile]) -> list[Choice]:
    """The profiles there are, with where each one trains."""
    return [Choice(profile.name, profile.name, where(profile)) for profile in profiles]


def where(profile: Profile) -> str:
    """Where a profile trains."""
    return "on this computer" if profile.dialect is Dialect.ENGINE else f"at {profile.host}"


def model_choices(
    models: Sequence[RemoteModel], ending_of: Callable[[str], Lifecycle | None], today: date
) -> list[Choice]:
    """Bases first, then tuned models to go on from; checkpoints last. Each with the day it ends, where one is known."""
    return [
        Choice(model.id, model.id, _ending(model, ending_of(model.id), today), section)
        for section, members in (
            ("base models", [model for model in models if not model.is_tuned]),
            ("tuned models, to go on from", [model for model in models if model.is_tuned and not model.is_checkpoint]),
            ("checkpoints, to go on from", [model for model in models if model.is_checkpoint]),
        )
        for model in members
    ]


def _ending(model: RemoteModel, ending: Lifecycle | None, today: date) -> str:
    if ending is not None:
        return ending.words(today) if ending.can_train(today) else ending.training_words(today)
    return "takes no jobs" if model.trainable is False else ""


def method_dialog(labels: Mapping[Method, str], offered: Sequence[Method], chosen: Method) -> PickDialog:
    """The ways a provider trains; what it does not offer is named in the title."""
    missing = [method.value for method in labels if method not in offered]
    title = "Train how?" + (f" (not here: {', '.join(missing)})" if missing else "")
    return PickDialog(
        title, [Choice(one.value, label) for one, label in labels.items() if one in offered], chosen=chosen.value
    )


def fields_offered(draft: Draft, can: Capabilities) -> Mapping[str, bool]:
    """Whether a provider has a use for a field; one that is filled in stays, with what is wrong beside it."""
    return {
        "wandb": bool(can.wandb) or draft.wandb is not None,
        "suffix": bool(can.suffix) or bool(draft.suffix),
        "seed": bool(can.seed) or bool(draft.seed),
        "metadata": bool(can.metadata) or bool(draft.metadata),
    }


def usual_base(models: Sequence[RemoteModel], profile: Profile) -> str:
    """The base to start with: the embedded engine's own, or the only one there is; else empty."""
    bases = [model.id for model in models if not model.is_tuned]
    settled = len(bases) == 1 or (bases and profile.dialect is Dialect.ENGINE)
    return bases[0] if settled else ""


def file_choices(current: Path | None, recent: Sequence[Choice], uploaded: Sequence[RemoteFile]) -> list[Choice]:
    """The data set in hand, files opened lately, files the provider already has."""
    in_hand = [Choice(str(current), current.name, str(current.parent), "in hand")] if current is not None else []
    return [*in_hand, *recent, *_uploaded(uploaded)]


def _uploaded(files: Sequence[RemoteFile]) -> Iterator[Choice]:
    for file in files:
        if file.purpose == _TRAINABLE_PURPOSE:
            detail = f"{present.size(file.size)}  {present.day(file.created_at)}  {file.id}"
            yield Choice(f"{UPLOADED}{file.id}", file.name, detail, "at the provider")
