"""What a profile can do and takes, in lines for people and as an object."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from fttui.domain.jobs.spec import ChoiceField, HyperparameterField, NumberField
from fttui.domain.profiles.capabilities import Capabilities, Support
from fttui.domain.profiles.kinds import KIND_WORDS
from fttui.domain.profiles.limits import Limits
from fttui.domain.profiles.probed import Probed
from fttui.domain.profiles.profile import Profile
from fttui.domain.text import safe_line

_PARTS = {
    "models": "lists models",
    "files": "keeps files",
    "jobs": "trains",
    "checkpoints": "checkpoints",
    "pause": "pause and resume",
    "uploads_in_parts": "uploads in parts",
    "metadata": "metadata of jobs",
    "seed": "seed",
    "suffix": "suffix",
    "wandb": "Weights & Biases",
    "deletes_models": "deletes models",
    "graders": "checks graders",
}


def profile_object(profile: Profile, can: Capabilities, probed: Probed | None) -> dict[str, object]:
    """The profile as ``--json`` prints it."""
    return {
        "profile": profile,
        "capabilities": {
            **{name: getattr(can, name) for name in _PARTS},
            "methods": can.methods,
            "hyperparameters": [_field_object(field) for field in can.hyperparameters],
            "needs_deployment": can.needs_deployment,
            "training_tiers": can.training_tiers,
            "limits": can.limits,
        },
        "probe": None
        if probed is None
        else {
            "at": probed.at,
            "models": probed.models,
            "findings": {subject.value: finding for subject, finding in probed.findings.items()},
            "words": {subject.value: words for subject, words in probed.words.items()},
        },
    }


def _field_object(field: HyperparameterField) -> dict[str, object]:
    return {"name": field.name, "range": _range(field), "methods": sorted(field.methods), "help": field.help}


def _range(field: HyperparameterField) -> str:
    return field.range_text if isinstance(field, NumberField) else ", ".join(field.choices)


def profile_lines(profile: Profile, can: Capabilities, probed: Probed | None) -> Iterator[str]:
    """The profile for a person."""
    yield f"{safe_line(profile.name)}: {KIND_WORDS[profile.dialect]}"
    yield f"  address      {safe_line(profile.base_url) or 'on this computer'}"
    if profile.api_version:
        yield f"  api-version  {profile.api_version}"
    if profile.training_tier:
        yield f"  tier         {profile.training_tier}"
    for model, deployment in profile.deployments:
        yield f"  deployment   {safe_line(deployment)} serves {safe_line(model)}"
    yield from _probe_lines(probed)
    for support in Support:
        parts = [words for name, words in _PARTS.items() if getattr(can, name) is support]
        if parts:
            yield f"  {_HEADS[support]:<12} {', '.join(parts)}"
    if can.methods:
        yield f"  methods      {', '.join(can.methods)}"
    for field in can.hyperparameters:
        choices = isinstance(field, ChoiceField)
        yield f"  {'setting':<12} {field.name}: {'one of ' if choices else ''}{_range(field)}"
    yield from _limit_lines(can.limits)


_HEADS = {Support.YES: "can", Support.NO: "cannot", Support.UNKNOWN: "not known"}


def _probe_lines(probed: Probed | None) -> Iterator[str]:
    if probed is None:
        yield "  asked        never; fttui profiles test asks"
        return
    yield f"  asked        {datetime.fromtimestamp(probed.at, UTC):%Y-%m-%d %H:%M} UTC"
    for subject, finding in probed.findings.items():
        count = f" ({probed.models})" if subject == "models" and probed.models else ""
        said = probed.words.get(subject, "")
        yield f"  {subject.value:<12} {finding.value}{count}{f': {safe_line(said)}' if said else ''}"


def _limit_lines(limits: Limits) -> Iterator[str]:
    known = {
        "file of": limits.file_bytes,
        "upload of": limits.upload_bytes,
        "suffix of": limits.suffix_characters,
    }
    units = {"suffix of": "characters"}
    most = [f"{name} {value:,} {units.get(name, 'bytes')}" for name, value in known.items() if value is not None]
    if most:
        yield f"  at most      {', '.join(most)}"
    if limits.fewest_examples is not None:
        yield f"  at least     {limits.fewest_examples} examples"
    if limits.wants_byte_order_mark:
        yield "  files        are wanted as UTF-8 with a byte-order mark"
    yield f"  limits       {limits.source}"
