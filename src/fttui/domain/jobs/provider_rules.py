"""What one provider does not take of a launch that is sound in itself."""

from __future__ import annotations

from fttui.domain.jobs.draft import Draft
from fttui.domain.profiles.capabilities import Capabilities, missing_words
from fttui.domain.profiles.probed import Subject
from fttui.domain.profiles.profile import Profile


def provider_problems(
    draft: Draft, profile: Profile, can: Capabilities, size: int | None = None
) -> tuple[tuple[str, str], ...]:
    """What stands in the way at a provider, as (field name, sentence) pairs; empty when nothing is known to.

    Args:
        draft: the launch.
        profile: where it would run.
        can: what the provider can do.
        size: bytes of the training file where it lies on this computer.
    """
    closed = missing_words(profile, can, Subject.JOBS)
    if closed:
        return (("profile", closed),)
    found: list[tuple[str, str]] = []
    if draft.method not in can.methods:
        found.append(("method", f"{profile.name} trains by {' or '.join(can.methods)} only"))
    suffix = draft.suffix.strip()
    if suffix:
        wrong = can.limits.suffix_problem(suffix) if can.suffix else f"{profile.name} takes no suffix"
        found += [("suffix", wrong)] if wrong else []
    if draft.seed.strip() and not can.seed:
        found.append(("seed", f"{profile.name} takes no seed"))
    if draft.metadata.strip() and not can.metadata:
        found.append(("metadata", f"{profile.name} keeps no metadata with jobs"))
    if draft.wandb is not None and not can.wandb:
        found.append(("wandb", f"{profile.name} shows no runs in Weights & Biases from here"))
    too_large = can.limits.size_problem(size, in_parts=bool(can.uploads_in_parts)) if size else ""
    if too_large:
        found.append(("training_file", too_large))
    return tuple(found)
