"""Every place is usable on 40 columns and 12 lines; with less, one line says what is needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from fttui.ui.dialogs import ConfirmDialog
from fttui.ui.place import Place
from fttui.ui.widgets.key_line import KeyLine
from fttui.ui.widgets.place_bar import PlaceBar
from fttui.ui.widgets.prompt import Prompt
from pictures import FakeServices, make_app, settle, until
from reading import shown
from rows import chat, write


@pytest.mark.parametrize("place", Place)
async def test_every_place_fits_the_least_size(services: FakeServices, place: Place) -> None:
    app = make_app(services, place)
    async with app.run_test(size=(40, 12)) as pilot:
        await settle(pilot)
        lines = shown(pilot).splitlines()

        assert f"{place.number} {place.label}" in lines[0]
        assert all(str(other.number) in lines[0] for other in Place)
        assert "q Quit" in lines[-1]
        assert app.screen.query_one(PlaceBar).region.height == 1
        assert app.screen.query_one("#body").region.height == 9


@pytest.mark.parametrize(
    ("size", "said"),
    [
        ((70, 11), "The terminal is too small: fttui needs 40 x 12, this is 70 x 11"),
        ((39, 24), "needs 40 x 12, this is 39 x 24"),
        ((20, 5), "needs 40 x 12"),
        ((8, 2), "40 x 12"),
    ],
)
async def test_with_less_one_line_says_what_is_needed(services: FakeServices, size: tuple[int, int], said: str) -> None:
    app = make_app(services)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)

        assert shown(pilot).strip() == said


async def test_room_that_comes_back_shows_the_place_again(services: FakeServices) -> None:
    app = make_app(services)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.resize_terminal(30, 8)
        await settle(pilot)
        assert "7 Profiles" not in shown(pilot)

        await pilot.resize_terminal(80, 24)
        await settle(pilot)

        assert "7 Profiles" in shown(pilot)
        assert app.screen.query_one(KeyLine).display


async def test_room_that_comes_back_gives_the_focus_back_too(services: FakeServices) -> None:
    app = make_app(services, Place.PLAYGROUND)
    async with app.run_test(size=(80, 24)) as pilot:
        app.chat_with("local-nano")
        await until(pilot, lambda: isinstance(app.focused, Prompt), "the box")
        for size in ((30, 8), (29, 8), (80, 24)):
            await pilot.resize_terminal(*size)
            await settle(pilot)
        await pilot.press("n", "t")

        assert app.screen.query_one(Prompt).text == "nt"


@pytest.mark.parametrize("place", [Place.DATA, Place.REPORT])
async def test_a_heading_that_does_not_fit_says_that_there_is_more(
    services: FakeServices, place: Place, tmp_path: Path
) -> None:
    rows = write(tmp_path / "rows-of-a-name-that-takes-much-room.jsonl", (chat(f"Question {n}?") for n in range(12)))
    app = make_app(services)
    async with app.run_test(size=(40, 12)) as pilot:
        app.show_report(rows)
        await until(pilot, lambda: "Good to train on" in shown(pilot), "the report")
        if place is Place.DATA:
            app.open_dataset(rows)
            await until(pilot, lambda: "Question 0?" in shown(pilot), "the rows")
            await settle(pilot)

        assert shown(pilot).splitlines()[1].rstrip().endswith("…")


@pytest.mark.parametrize(
    ("width", "bar"),
    [
        (80, " 1 Data  2 Report  3 Launch  4 Jobs  5 Playground  6 Files  7 Profiles"),
        (71, " 1 Data  2 Report  3 Launch  4 Jobs  5 Playground  6 Files  7 Profiles"),
        (70, " 1  2  3  4 Jobs  5  6  7"),
    ],
)
async def test_the_place_bar_gives_way_to_its_keys_where_labels_do_not_fit(
    services: FakeServices, width: int, bar: str
) -> None:
    app = make_app(services, Place.JOBS)
    async with app.run_test(size=(width, 20)) as pilot:
        await settle(pilot)

        assert shown(pilot).splitlines()[0].rstrip() == bar


async def test_the_answers_to_a_question_stay_in_sight(services: FakeServices) -> None:
    app = make_app(services)
    async with app.run_test(size=(40, 12)) as pilot:
        await settle(pilot)
        app.push_screen(ConfirmDialog("Delete it?", "One of many lines.\n" * 30, "Delete", danger=True))
        await settle(pilot)

        assert "Delete" in shown(pilot)
        assert "Cancel" in shown(pilot)
