from __future__ import annotations

import pytest

from fttui.domain.jobs.draft import Draft
from fttui.domain.jobs.grader_kinds import new_grader
from fttui.domain.jobs.job import Method
from fttui.domain.jobs.provider_rules import provider_problems
from fttui.domain.jobs.spec import Wandb
from fttui.domain.profiles.capabilities import capabilities_of
from fttui.domain.profiles.probed import Finding, Probed, Subject
from fttui.domain.profiles.profile import LOCAL, OPENAI, Dialect, Profile

AZURE = Profile("work", Dialect.AZURE, "https://team.openai.azure.com")
NEBIUS = Profile("neb", Dialect.NEBIUS, "https://api.tokenfactory.nebius.com/v1")
ALIKE = {**new_grader("text_similarity"), "evaluation_metric": "cosine"}
REINFORCED = Draft(method=Method.REINFORCEMENT, grader={"type": "multi", "graders": {"alike": ALIKE}})
BOX = Profile("box", Dialect.COMPATIBLE, "http://127.0.0.1:8000/v1")


@pytest.mark.parametrize(
    ("profile", "draft", "field", "words"),
    [
        (LOCAL, Draft(method=Method.PREFERENCE), "method", "local trains by supervised only"),
        (NEBIUS, Draft(metadata="team=a"), "metadata", "neb keeps no metadata with jobs"),
        (NEBIUS, Draft(wandb=Wandb("p")), "wandb", "neb shows no runs in Weights & Biases from here"),
        (AZURE, Draft(suffix="no spaces"), "suffix", "A suffix here holds only A-Za-z0-9, _ and -"),
        (AZURE, REINFORCED, "grader", "work does not measure by cosine in reinforcement training"),
        (AZURE, Draft(suffix="x" * 41), "suffix", "A suffix has at most 40 characters here"),
    ],
)
def test_what_a_provider_does_not_take_is_named_by_its_field(
    profile: Profile, draft: Draft, field: str, words: str
) -> None:
    assert provider_problems(draft, profile, capabilities_of(profile)) == ((field, words),)


def test_a_file_that_is_too_large_is_told_with_the_limit_and_its_source() -> None:
    ((field, words),) = provider_problems(
        Draft(), NEBIUS, capabilities_of(NEBIUS), {"training_file": 6_000_000_000, "validation_file": 5}
    )

    assert field == "training_file"
    assert "5,000,000,000" in words
    assert "checked 2026-11-20" in words
    assert provider_problems(Draft(), OPENAI, capabilities_of(OPENAI), {"training_file": 600_000_000}) == ()


def test_a_server_that_only_chats_is_no_place_to_launch() -> None:
    findings = {Subject.MODELS: Finding.ANSWERS, Subject.FILES: Finding.MISSING, Subject.JOBS: Finding.MISSING}
    can = capabilities_of(BOX, Probed(BOX.base_url, 1.0, findings))

    assert provider_problems(Draft(), BOX, can) == (
        ("profile", "box answers chats only: it keeps no files and trains nothing."),
    )
    assert provider_problems(Draft(), BOX, capabilities_of(BOX)) == ()
