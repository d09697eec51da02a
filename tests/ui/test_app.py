"""The app itself: places, keys, palette, help, how it starts."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual import events
from textual.command import CommandPalette
from textual.content import Content
from textual.widgets import Input

from fttui.ui.app import FttuiApp, Start
from fttui.ui.commands import commands_of, declared_bindings
from fttui.ui.help import HelpDialog
from fttui.ui.keymap import faults
from fttui.ui.place import Place, PlaceScreen
from fttui.ui.screens.profiles import ProfilesScreen
from fttui.ui.widgets.key_line import KeyLine
from pictures import FakeServices, make_app, settle, until
from reading import shown

PLACES = [pytest.param(place, id=place.key) for place in Place]


@pytest.mark.parametrize("place", PLACES)
async def test_each_number_key_leads_to_its_place(services: FakeServices, place: Place) -> None:
    app = make_app(services)
    async with app.run_test(notifications=True) as pilot:
        await pilot.press(str(place.number))
        await settle(pilot)

        assert app.current_mode == place.key
        assert f" {place.number} {place.label} " in shown(pilot)


@pytest.mark.parametrize("place", PLACES)
async def test_keys_typed_before_a_place_is_drawn_are_not_lost(services: FakeServices, place: Place) -> None:
    app = make_app(services)
    async with app.run_test() as pilot:
        await settle(pilot)
        for key in (str(place.number), "question_mark"):
            app.post_message(events.Key(key, None))
        await until(pilot, lambda: isinstance(app.screen, HelpDialog), "the help")
        assert app.current_mode == place.key


@pytest.mark.parametrize("place", PLACES)
async def test_the_footer_of_each_place_fits_80_columns(services: FakeServices, place: Place) -> None:
    app = make_app(services, place)
    async with app.run_test() as pilot:
        await settle(pilot)
        line = app.screen.query_one(KeyLine)
        near, _ = line.entries()
        kept, fixed = line.fitting(80)
        drawn = line.render()

        # Whole words only, the nearest first; what there is no room for is behind the help key.
        assert kept == near[: len(kept)]
        assert kept == near or len(kept) >= 4
        assert [word for _, word in fixed] == ["Help", "Menu", "Quit"]
        assert isinstance(drawn, Content)
        assert drawn.cell_length == 80


@pytest.mark.parametrize("place", PLACES)
async def test_the_palette_offers_every_key_of_each_place(services: FakeServices, place: Place) -> None:
    app = make_app(services, place)
    async with app.run_test() as pilot:
        await settle(pilot)
        titles = {command.title for command in commands_of(app.screen)}
        descriptions = {
            active.binding.description
            for active in app.screen.active_bindings.values()
            if active.enabled and active.binding.id and active.binding.description
        }

        assert {
            description for description in descriptions if not any(t.endswith(f": {description}") for t in titles)
        } == set()


async def test_a_command_chosen_in_the_palette_is_done(services: FakeServices) -> None:
    app = make_app(services)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, CommandPalette), "the palette")
        await pilot.press(*"go to profiles")
        await settle(pilot)
        assert app.current_mode != "profiles"
        await pilot.press("enter")
        await until(pilot, lambda: app.current_mode == "profiles", "the Profiles place")

        assert isinstance(app.screen, ProfilesScreen)


@pytest.mark.parametrize("key", ["question_mark", "f1"])
async def test_help_lists_the_live_keys(services: FakeServices, key: str) -> None:
    app = make_app(services, Place.PROFILES)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press(key)
        await settle(pilot)

        assert isinstance(app.screen, HelpDialog)
        assert "A profile is a provider" in shown(pilot)
        await pilot.press("escape")
        assert isinstance(app.screen, PlaceScreen)


async def test_escape_goes_one_step_home(services: FakeServices) -> None:
    app = make_app(services, Place.PROFILES)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)

        assert app.current_mode == "data"


async def test_number_keys_are_text_in_a_text_input(services: FakeServices) -> None:
    app = make_app(services, Place.PROFILES)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.focused, Input), "the dialog")
        await pilot.press("4", "q")

        assert app.focused is not None
        assert isinstance(app.focused, Input)
        assert app.focused.value == "4q"


@pytest.mark.parametrize(
    ("keymap", "words"),
    [
        ({"data.validat": "V"}, "There is no action data.validat to give a key to; did you mean data.validate?"),
        ({"\x1b[31mx": "V"}, "There is no action ␛[31mx to give a key to"),
        ({"data.validate": "ctrl+nonsense"}, "There is no key ctrl+nonsense, meant for data.validate"),
    ],
)
async def test_a_keymap_that_says_nothing_to_the_program_is_told(
    services: FakeServices, keymap: dict[str, str], words: str
) -> None:
    services.change_settings(lambda settings: type(settings)(keymap=keymap))
    app = make_app(services)
    async with app.run_test(notifications=True) as pilot:
        await until(pilot, lambda: bool(app._notifications))
        assert [notice.message for notice in app._notifications] == [words]


async def test_a_keymap_of_all_kinds_of_keys_is_taken(services: FakeServices) -> None:
    keymap = {"data.validate": "V,ctrl+v,f5", "list.down": "ctrl+down,é,tilde,pagedown", "app.help": "alt+shift+x"}
    assert not faults(keymap)


async def test_a_keymap_gives_an_action_other_keys(services: FakeServices) -> None:
    services.change_settings(lambda settings: type(settings)(keymap={"app.profiles": "P", "profiles.test": "T,ctrl+t"}))
    app = make_app(services)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("7")
        await pilot.pause()
        assert app.current_mode == "data"
        await pilot.press("P")
        await settle(pilot)
        assert app.current_mode == "profiles"
        await pilot.press("ctrl+t")
        await until(pilot, lambda: ("list_models",) in services.fake.calls, "the test")


async def test_the_last_file_is_opened_again(services: FakeServices, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"messages": [{"role": "user", "content": "hello"}]}\n')
    services.recents.add_file(path)
    app = make_app(services)
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.dataset == path, "the file")

        assert path.name in shown(pilot)


def nodes_with_bindings() -> Iterator[str]:
    for binding in declared_bindings(FttuiApp):
        yield binding.id or ""


def test_the_app_declares_a_key_for_each_place() -> None:
    assert {f"app.{place.key}" for place in Place} <= set(nodes_with_bindings())


def test_a_start_without_wishes_is_the_data_place() -> None:
    assert Start() == Start(None, None, Place.DATA)


FIRST_FRAME = """
import asyncio, sys
from fttui.services.container import Services
from fttui.ui.app import FttuiApp

async def main():
    async with FttuiApp(Services.open()).run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        print(sorted({name.split(".")[0] for name in sys.modules}))

asyncio.run(main())
"""


def test_nothing_heavy_is_loaded_for_the_first_frame() -> None:
    told = subprocess.run([sys.executable, "-c", FIRST_FRAME], check=True, capture_output=True, text=True)
    loaded = set(ast.literal_eval(told.stdout))

    assert "textual" in loaded
    assert loaded.isdisjoint({"openai", "pandas", "numpy", "tiktoken", "plotext", "keyring", "click", "httpx2"})
