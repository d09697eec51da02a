"""screens.md describes every screen and every key, and nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path

from fttui.ui.place import Place
from screen_classes import own_bindings

TEXT = (Path(__file__).parents[2] / "screens.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([a-z_]+\.(?:[a-z0-9-]+|\*))`", TEXT))
IDS = {binding.id or "" for _, binding in own_bindings()}


def is_described(identity: str) -> bool:
    return identity in NAMED or f"{identity.split('.', maxsplit=1)[0]}.*" in NAMED


def test_every_key_is_described_by_its_id() -> None:
    assert sorted(identity for identity in IDS if not is_described(identity)) == []


def test_every_id_that_is_described_exists() -> None:
    groups = {identity.split(".")[0] for identity in IDS}
    told = {name for name in NAMED if name.split(".")[0] in groups}

    assert sorted(name for name in told - IDS if not name.endswith(".*")) == []


def test_every_place_has_its_section() -> None:
    headings = re.findall(r"^## (.+)$", TEXT, re.MULTILINE)

    assert [place.label for place in Place if not any(heading.startswith(place.label) for heading in headings)] == []
