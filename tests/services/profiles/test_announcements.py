"""What providers say of the ends of their models is remembered, and told without asking them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from fault_server import KEY, running_fault_server
from fttui.domain.profiles.profile import OPENAI, Dialect, Profile
from fttui.domain.remote import RemoteModel
from fttui.services.container import Services
from fttui.services.profiles.announcements import Announcements

TODAY = date(2026, 11, 20)
THERE = Profile("there", Dialect.COMPATIBLE, "https://there.test/v1")
ENDING = RemoteModel("odd", 0, "them", "2027-02-01")
LASTING = RemoteModel("fine", 0, "them")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "announcements.json"


def known(path: Path, profile: Profile = THERE) -> list[str]:
    """The models that another program finds to have an end."""
    announced = Announcements(path).of(profile)
    return list(announced.ends) if announced is not None else []


def files_in(path: Path) -> list[tuple[int, int]]:
    """Inode and mode of the file, if there is one."""
    return [(path.stat().st_ino, path.stat().st_mode)] if path.exists() else []


async def test_models_with_an_end_are_remembered_for_the_profile_at_its_address(path: Path) -> None:
    await Announcements(path).learn(THERE, [ENDING, LASTING], TODAY)

    assert known(path) == ["odd"]
    assert known(path, replace(THERE, base_url="https://elsewhere.test/v1")) == []
    assert known(path, replace(THERE, name="another")) == []
    assert [mode & 0o077 for _, mode in files_in(path)] == [0]


@pytest.mark.parametrize("later", [[LASTING], [replace(LASTING, shutdown_date="2028-01-01")]])
async def test_a_later_list_replaces_the_one_before(path: Path, later: Sequence[RemoteModel]) -> None:
    announcements = Announcements(path)
    await announcements.learn(THERE, [ENDING], TODAY)
    await announcements.learn(THERE, later, TODAY)

    assert known(path) == [model.id for model in later if model.shutdown_date]


async def test_a_provider_that_announces_nothing_leaves_no_file_and_the_same_list_writes_it_once(path: Path) -> None:
    announcements = Announcements(path)
    await announcements.learn(THERE, [LASTING], TODAY)
    assert files_in(path) == []

    await announcements.learn(THERE, [ENDING], TODAY)
    written = files_in(path)
    await announcements.learn(THERE, [ENDING], TODAY)
    assert files_in(path) == written


async def test_two_programs_keep_what_the_other_has_learnt(path: Path) -> None:
    one, other = Announcements(path), Announcements(path)
    assert (one.of(THERE), other.of(OPENAI)) == (None, None)
    await one.learn(THERE, [ENDING], TODAY)
    await other.learn(OPENAI, [ENDING], TODAY)

    assert (known(path, THERE), known(path, OPENAI)) == (["odd"], ["odd"])


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"version": 9}', '{"version": 1, "announced": []}', '{"version": 1, "announced": {"there": 7}}'],
)
def test_a_file_that_cannot_be_read_means_that_nothing_is_known(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text)

    assert known(path) == []


async def test_where_nothing_can_be_written_it_is_known_for_as_long_as_the_program_runs(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("no folder")
    announcements = Announcements(tmp_path / "state" / "announcements.json")
    await announcements.learn(THERE, [ENDING], TODAY)

    announced = announcements.of(THERE)
    assert announced is not None
    assert list(announced.ends) == ["odd"]


async def test_every_list_of_models_teaches_it_and_the_next_program_tells_the_end_unasked() -> None:
    with running_fault_server() as server:
        server.memory.models["odd"] = {"id": "odd", "shutdown_date": "2099-02-01"}
        environ = {**os.environ, "FTTUI_API_KEY_THERE": KEY}
        there = Profile("there", Dialect.COMPATIBLE, server.base_url)
        first = services_with(there, environ)
        assert first.ending_of("odd", "there") is None
        assert [model.id for model in await first.list_models("there")] == ["odd"]
        await first.close()
        asked = len(server.requests)

        ending = services_with(there, environ).ending_of("ft:odd:me::abc", "there")

        assert ending is not None
        assert ending.shuts_down == date(2099, 2, 1)
        assert len(server.requests) == asked


def services_with(profile: Profile, environ: dict[str, str]) -> Services:
    """The services of a program that has just started, with one more profile."""
    services = Services.open(environ=environ)
    services.settings = replace(services.settings, profiles=(*services.settings.profiles, profile))
    return services


def test_of_a_profile_that_is_gone_only_names_of_openai_tell_an_end() -> None:
    services = Services.open()

    assert services.ending_of("gpt-4.1", "gone") is not None
    assert services.ending_of("odd", "gone") is None
    assert services.ending_of("gpt-4.1", "local") is None
