"""What one provider does not take of a launch that is sound in itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fttui.domain.jobs.draft import Draft
from fttui.domain.jobs.job import Method
from fttui.domain.profiles.capabilities import Capabilities, missing_words
from fttui.domain.profiles.probed import Subject
from fttui.domain.profiles.profile import Dialect, Profile

Problem = tuple[str, str]
"""The name of a field, and a sentence about it."""


def provider_problems(
    draft: Draft, profile: Profile, can: Capabilities, sizes: Mapping[str, int] | None = None
) -> tuple[Problem, ...]:
    """What stands in the way at a provider; empty when nothing is known to.

    Args:
        draft: the launch.
        profile: where it would run.
        can: what the provider can do.
        sizes: bytes of the files that lie on this computer, by the name of their field.
    """
    closed = missing_words(profile, can, Subject.JOBS)
    if closed:
        return (("profile", closed),)
    return tuple(_problems(draft, profile, can, sizes or {}))


def _problems(draft: Draft, profile: Profile, can: Capabilities, sizes: Mapping[str, int]) -> Iterator[Problem]:
    if draft.method not in can.methods:
        yield "method", f"{profile.name} trains by {' or '.join(can.methods)} only"
    suffix = draft.suffix.strip()
    if suffix:
        wrong = can.limits.suffix_problem(suffix) if can.suffix else f"{profile.name} takes no suffix"
        if wrong:
            yield "suffix", wrong
    if draft.seed.strip() and not can.seed:
        yield "seed", f"{profile.name} takes no seed"
    if draft.metadata.strip() and not can.metadata:
        yield "metadata", f"{profile.name} keeps no metadata with jobs"
    if draft.wandb is not None and not can.wandb:
        yield "wandb", f"{profile.name} shows no runs in Weights & Biases from here"
    if draft.method is Method.REINFORCEMENT and draft.grader is not None:
        yield from _grader_problems(draft.grader, profile)
    for name, size in sizes.items():
        too_large = can.limits.size_problem(size, in_parts=bool(can.uploads_in_parts))
        if too_large:
            yield name, too_large


def _grader_problems(grader: Mapping[str, object], profile: Profile) -> Iterator[Problem]:
    """What a kind of provider does not grade by (Microsoft's page on graders, 2026-10)."""
    if profile.dialect is Dialect.AZURE and any(one.get("evaluation_metric") == "cosine" for one in _graders(grader)):
        yield "grader", f"{profile.name} does not measure by cosine in reinforcement training"


def _graders(grader: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    yield grader
    inner = grader.get("graders")
    for one in inner.values() if isinstance(inner, Mapping) else ():
        if isinstance(one, Mapping):
            yield from _graders(one)
