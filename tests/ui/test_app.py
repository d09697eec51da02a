"""The app itself: places, keys, palette, help, what is said and how."""

from __future__ import annotations

import pytest
from pictures import FakeServices, make_app, settle

from fttui.ui.place import Place


@pytest.mark.parametrize("place", list(Place), ids=lambda place: place.key)
async def test_each_number_key_leads_to_its_place(services: FakeServices, place: Place) -> None:
    app = make_app(services)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press(str(place.number))
        await settle(pilot)

        assert app.current_mode == place.key
