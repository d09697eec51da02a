"""Pictures of the Costs screen."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from costs_journal import write_costs
from fttui.ui.place import Place
from fttui.ui.screens.costs import CostsScreen
from pictures import SIZES, FakeServices, Snap, make_app

pytestmark = pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])


async def open_costs(pilot: Pilot[None]) -> None:
    """Open the screen as the palette does."""
    await pilot.app.push_screen(CostsScreen())


def test_nothing_was_trained_yet(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    snap(make_app(services, Place.JOBS), size, before=open_costs)


def test_jobs_and_totals(snap: Snap, services: FakeServices, size: tuple[int, int]) -> None:
    write_costs(services.journal)
    snap(make_app(services, Place.JOBS), size, before=open_costs)
