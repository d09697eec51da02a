"""Pictures of Files & models in each state."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fakes import NOON
from fttui.domain.errors import UnreachableError
from fttui.domain.remote import RemoteFile, RemoteModel
from fttui.ui.place import Place
from pictures import SIZES, FakeServices, Snap, make_app

pytestmark = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


def stock(services: FakeServices) -> None:
    services.fake.files = [
        RemoteFile("file-8f3a", "intents.train.jsonl", 48_213, int(NOON), "fine-tune", "processed"),
        RemoteFile("file-77c1", "[/]\x1b[31m客服数据.jsonl", 5_120_000, int(NOON) - 90_000, "fine-tune", "error"),
        RemoteFile("file-02bb", "step_metrics.csv", 2_048, int(NOON) - 400_000, "fine-tune-results", "processed"),
    ]
    services.fake.models = [
        RemoteModel("gpt-4o-mini-2024-07-18", 1_721_172_717, "system"),
        RemoteModel("gpt-4.1-nano-2025-04-14", 1_744_321_025, "system"),
        RemoteModel("ft:gpt-4o-mini-2024-07-18:acme:intents:Bx1", int(NOON), "acme"),
        RemoteModel("ft:gpt-4o-mini-2024-07-18:acme:intents:Bx1:ckpt-step-200", int(NOON), "acme"),
        RemoteModel("local-nano", 0, "fttui"),
    ]


def test_nothing_there(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    snap(make_app(services, Place.FILES), size)


def test_asking(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    services.fake.gate.clear()
    snap(make_app(services, Place.FILES), size)


def test_files(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    stock(services)
    snap(make_app(services, Place.FILES), size, press=["j"])


def test_models(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    stock(services)
    services.settings = replace(services.settings, profile="openai")
    snap(make_app(services, Place.FILES), size, press=["m"])


def test_a_failure(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    services.fake.failure = UnreachableError(
        "No answer from api.openai.com: name resolution failed", hint="Is the network up?"
    )
    snap(make_app(services, Place.FILES), size)


def test_offline_with_what_was_known(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    stock(services)

    def cut_off(_: object) -> None:
        services.fake.failure = UnreachableError("No answer from api.openai.com")

    snap(make_app(services, Place.FILES), size, before=cut_off, press=["r"])


def test_deleting_a_model(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    stock(services)
    services.settings = replace(services.settings, profile="openai")
    snap(make_app(services, Place.FILES), size, press=["m", "d"])
