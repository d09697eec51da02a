"""Which models stand side by side, from a file to the sheet."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from costs_journal import launch
from estimate_rows import plain_row, write_rows
from fttui.domain.errors import UnreachableError
from fttui.domain.jobs.job import Job
from fttui.domain.jobs.ledger import Estimate
from fttui.domain.jobs.model_estimate import EstimateSheet
from fttui.domain.jobs.prices import BOOKS
from fttui.domain.profiles.profile import LOCAL, OPENAI, Dialect, Profile
from fttui.domain.remote import RemoteModel
from fttui.services.jobs.estimating import (
    Trainers,
    Wanted,
    ask_trainers,
    count_file,
    estimate_sheet,
    pace_here,
    profiles_for,
)
from pictures import FakeServices

TODAY = date(2026, 11, 20)
OWN = Profile("own", Dialect.COMPATIBLE, "http://x.test/v1")
PICTURE = {"type": "image_url", "image_url": {"url": "https://x.test/a.png"}}


@pytest.fixture
def services(fresh_user: Path) -> FakeServices:
    """A fresh user's services."""
    return FakeServices(fresh_user)


async def sheet_of(path: Path, wanted: Wanted, trainers: Trainers | None = None) -> EstimateSheet:
    trainers = trainers or Trainers(())
    survey = await count_file(path, wanted, trainers, TODAY)
    return estimate_sheet(path, survey, wanted, trainers, BOOKS, TODAY)


async def test_another_name_of_a_base_is_that_base_with_its_own_pictures(tmp_path: Path) -> None:
    row = {"messages": [{"role": "user", "content": [PICTURE]}, {"role": "assistant", "content": "yes"}]}
    path = write_rows(tmp_path / "a.jsonl", [row] * 12)
    shown = await sheet_of(path, Wanted((OPENAI,), "gpt-4o-mini"))
    ended = await sheet_of(path, Wanted((OPENAI,), "gpt-4.1-nano"))

    assert shown.chosen is not None
    assert shown.chosen.model == "gpt-4o-mini-2024-07-18"
    tokens = {one.model: one.count.total for one in shown.models}
    # Tiles cost the small one dozens of times as much: 2,833 and four times 5,667 for each picture, else 85 and 170.
    assert tokens["gpt-4o-mini-2024-07-18"] - tokens["gpt-4o-2024-08-06"] == 12 * (2_833 - 85 + 4 * (5_667 - 170))
    assert ended.chosen is not None
    assert ended.chosen.model == "gpt-4.1-nano-2025-04-14"
    assert ended.models[0] is ended.chosen
    assert ended.chosen.count.total not in tokens.values()


async def test_a_model_nobody_knows_stands_first_without_a_price(tmp_path: Path) -> None:
    sheet = await sheet_of(write_rows(tmp_path / "a.jsonl", [plain_row()] * 12), Wanted((OPENAI,), "gpt-9"))

    assert sheet.models[0].model == "gpt-9"
    assert (sheet.models[0].chosen, sheet.models[0].cost, sheet.models[0].count.exact) == (True, None, False)


async def test_rows_of_a_format_go_to_the_bases_that_take_them(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.jsonl", [{"prompt": "a", "completion": " b"}] * 12)
    sheet = await sheet_of(path, Wanted((OPENAI,), "gpt-4o-mini"))

    assert [one.model for one in sheet.models] == ["gpt-4o-mini-2024-07-18"]
    assert "openai trains gpt-4o-mini-2024-07-18 on chat and preference rows alone" in " ".join(sheet.notes)
    assert "No base of openai takes jobs for these rows any more: davinci-002, babbage-002." in sheet.notes


async def test_a_provider_that_is_not_known_is_asked_and_its_silence_is_told(
    tmp_path: Path, services: FakeServices
) -> None:
    services.settings = services.settings.with_profile(OWN)
    services.fake.models[:] = [
        RemoteModel("llama", 1, "me", "2027-02-01"),
        RemoteModel("embed", 1, "me", trainable=False),
        RemoteModel("ft:llama:me::1", 1, "me"),
    ]
    wanted = Wanted((OWN,))
    path = write_rows(tmp_path / "a.jsonl", [plain_row()] * 12)

    told = await ask_trainers(services, wanted)
    (shown,) = (await sheet_of(path, wanted, told)).models
    assert shown.model == "llama"
    assert shown.lifecycle is not None
    assert shown.lifecycle.shuts_down == date(2027, 2, 1)

    services.fake.failure = UnreachableError("No answer from x.test")
    silent = await ask_trainers(services, wanted)
    sheet = await sheet_of(path, wanted, silent)
    assert not sheet.models
    assert "own did not tell its models: No answer from x.test" in sheet.notes


def test_beside_the_engine_stands_openai_and_beside_others_nobody(services: FakeServices) -> None:
    services.settings = services.settings.with_profile(OWN)

    assert [one.name for one in profiles_for(services, "local")] == [LOCAL.name, OPENAI.name]
    assert [one.name for one in profiles_for(services, "openai")] == [OPENAI.name]
    assert [one.name for one in profiles_for(services, "own", everyone=True)] == ["own", "local", "openai"]


async def test_the_pace_of_this_computer_comes_from_its_journal(services: FakeServices) -> None:
    assert await pace_here(services) == {}
    assert not services.paths.journal.exists()

    estimate = Estimate(epochs=2, epochs_chosen=False, tokens=5_000, free=True)
    done = Job("ftjob-1", "local-nano", "succeeded", 1_000, "f", finished_at=1_100, trained_tokens=9)
    launch(services.journal, "local", done, estimate)
    launch(services.journal, "openai", Job("ftjob-2", "gpt-4o", "succeeded", 1_000, "f", finished_at=1_100), estimate)

    pace = await pace_here(services)
    assert list(pace) == ["local-nano"]
    assert pace["local-nano"].seconds(50_000).high == 500.0
