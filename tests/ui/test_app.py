"""The app itself: places, keys, palette, help, what is said and how, how it crashes."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.color import Color
from textual.command import CommandPalette
from textual.content import Content
from textual.widgets import Input, Static

from fttui.domain.errors import KeyRefusedError, UnreachableError
from fttui.domain.profiles.profile import Credential, KeySource
from fttui.domain.profiles.secret import Secret
from fttui.services.crash import redact
from fttui.ui.app import FttuiApp, Start
from fttui.ui.ascii_filter import AsciiFilter
from fttui.ui.commands import commands_of, declared_bindings
from fttui.ui.dialogs import ConfirmDialog, ErrorDialog, PromptDialog
from fttui.ui.help import HelpDialog
from fttui.ui.keymap import faults
from fttui.ui.place import Place, PlaceScreen
from fttui.ui.screens.profiles import ProfilesScreen
from fttui.ui.widgets.key_line import KeyLine
from pictures import FakeServices, make_app, settle, until

PLACES = [pytest.param(place, id=place.key) for place in Place]
NARROW = (80, 24)


def shown(app: FttuiApp) -> str:
    """The text on the screen."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


@pytest.mark.parametrize("place", PLACES)
async def test_each_number_key_leads_to_its_place(services: FakeServices, place: Place) -> None:
    app = make_app(services)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await pilot.press(str(place.number))
        await settle(pilot)

        assert app.current_mode == place.key
        assert f" {place.number} {place.label} " in shown(app)


@pytest.mark.parametrize("place", PLACES)
async def test_keys_typed_before_a_place_is_drawn_are_not_lost(services: FakeServices, place: Place) -> None:
    app = make_app(services)
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        for key in (str(place.number), "question_mark"):
            app.post_message(events.Key(key, None))
        await until(pilot, lambda: isinstance(app.screen, HelpDialog), "the help")
        assert app.current_mode == place.key


@pytest.mark.parametrize("place", PLACES)
async def test_the_footer_of_each_place_fits_80_columns(services: FakeServices, place: Place) -> None:
    app = make_app(services, place)
    async with app.run_test(size=NARROW) as pilot:
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
    async with app.run_test(size=NARROW) as pilot:
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
    async with app.run_test(size=NARROW) as pilot:
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
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press(key)
        await settle(pilot)

        assert isinstance(app.screen, HelpDialog)
        assert "A profile is a provider" in shown(app)
        await pilot.press("escape")
        assert isinstance(app.screen, PlaceScreen)


async def test_escape_goes_one_step_home(services: FakeServices) -> None:
    app = make_app(services, Place.PROFILES)
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)

        assert app.current_mode == "data"


async def test_number_keys_are_text_in_a_text_input(services: FakeServices) -> None:
    app = make_app(services, Place.PROFILES)
    async with app.run_test(size=NARROW) as pilot:
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
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await until(pilot, lambda: bool(app._notifications))
        assert [notice.message for notice in app._notifications] == [words]


async def test_a_keymap_of_all_kinds_of_keys_is_taken(services: FakeServices) -> None:
    keymap = {"data.validate": "V,ctrl+v,f5", "list.down": "ctrl+down,é,tilde,pagedown", "app.help": "alt+shift+x"}
    assert not faults(keymap)


async def test_a_keymap_gives_an_action_other_keys(services: FakeServices) -> None:
    services.change_settings(lambda settings: type(settings)(keymap={"app.profiles": "P", "profiles.test": "T,ctrl+t"}))
    app = make_app(services)
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        await pilot.press("7")
        await pilot.pause()
        assert app.current_mode == "data"
        await pilot.press("P")
        await settle(pilot)
        assert app.current_mode == "profiles"
        await pilot.press("ctrl+t")
        await until(pilot, lambda: ("list_models",) in services.fake.calls, "the test")


async def test_the_status_line_says_profile_key_engine_and_what_runs(services: FakeServices) -> None:
    services.fake_keys.credentials["openai"] = Credential(Secret("sk-0123456789abcdef"), KeySource.KEYRING)
    app = make_app(services)
    async with app.run_test(size=NARROW) as pilot:
        app.profile_name = "openai"
        app.running = "checking 40 %"
        app.condition = "offline, next try in 8 s"
        await settle(pilot)
        said = " profile openai · key …cdef from keyring · engine running · checking 40 % · offli"

        assert said[:79] in shown(app)
        assert "sk-0123" not in shown(app)


@pytest.mark.parametrize(
    "text", ["[/]", "[/foo]", "[a=b]x[/a]", '[foo="bar y', "[@click=app.quit]x", "\x1b[31mred\x07"]
)
async def test_anything_can_be_said(services: FakeServices, text: str) -> None:
    app = make_app(services)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        app.say(text)
        app.show_failure(UnreachableError(text, hint=text))
        app.show_failure(KeyRefusedError(text, status=401, code=text, hint=text))
        await settle(pilot)
        assert isinstance(app.screen, ErrorDialog)
        app.push_screen(ConfirmDialog(text, text, text))
        await settle(pilot)
        app.push_screen(PromptDialog(text, text, "value"))
        await settle(pilot)

        assert app.safe_filter.hits == 0, app.safe_filter.last_hit


async def test_what_slips_through_is_deleted_on_the_way_out_and_counted(services: FakeServices) -> None:
    app = make_app(services)
    async with app.run_test(size=NARROW) as pilot:
        await app.screen.mount(Static(Content("one\x1b]52;c;AAAA\x07two\u202ethree\x9bfour"), id="wild"))
        await settle(pilot)

        assert app.safe_filter.hits > 0
        assert not re.search("[\x1b\x07\x9b\u202e]", shown(app))


def test_the_exit_filter_takes_links_out() -> None:
    from fttui.ui.safe_filter import SafeFilter

    net = SafeFilter()
    [segment] = net.apply([Segment("docs", Style(link="https://evil"))], Color(0, 0, 0))

    assert segment.style is not None
    assert segment.style.link is None
    assert net.hits == 1


def test_the_ascii_filter_keeps_the_width_and_leaves_letters_alone() -> None:
    drawn = "╭─┬╮│█▁⣿…●✓→ Grüße 数据"
    [segment] = AsciiFilter().apply([Segment(drawn)], Color(0, 0, 0))

    assert segment.text == "+-++|#_*~*+> Grüße 数据"


async def test_an_unknown_theme_falls_back_and_is_told(services: FakeServices) -> None:
    services.settings = type(services.settings)(theme="no-such-theme")
    app = make_app(services)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await settle(pilot)

        assert app.theme == "fttui-dark"
        assert "no-such-theme" in shown(app)


async def test_a_chosen_theme_is_kept(services: FakeServices) -> None:
    app = make_app(services)
    async with app.run_test(size=NARROW) as pilot:
        await settle(pilot)
        app.theme = "fttui-light"
        await until(pilot, lambda: services.settings.theme == "fttui-light", "the settings")

    assert 'theme = "fttui-light"' in services.settings_path.read_text()


async def test_a_fault_ends_the_app_with_a_report_without_locals_or_keys(services: FakeServices) -> None:
    app = make_app(services)
    key = Secret("canary-0123456789")
    redact.learn(key)

    def break_down() -> None:
        local_value = key.reveal()
        raise RuntimeError(f"broke with {local_value}")

    async def run() -> None:
        async with app.run_test(size=NARROW) as pilot:
            app.call_later(break_down)
            await pilot.pause()

    with pytest.raises(RuntimeError):
        await run()
    [report] = (services.paths.logs).glob("crash-*.txt")

    assert app.return_code == 1
    assert "broke with [key removed]" in report.read_text()
    assert "canary" not in report.read_text()
    assert report.stat().st_mode & 0o077 == 0


async def test_the_last_file_is_opened_again(services: FakeServices, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"messages": [{"role": "user", "content": "hello"}]}\n')
    services.recents.add_file(path)
    app = make_app(services)
    async with app.run_test(size=NARROW) as pilot:
        await until(pilot, lambda: app.dataset == path, "the file")

        assert path.name in shown(app)


async def test_a_copy_says_how_it_was_sent(services: FakeServices) -> None:
    app = make_app(services)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        app.copy_text("ftjob-1", "the job id")
        await settle(pilot)
        assert "Sent the job id to the terminal" in " ".join(shown(app).split())
        app.copy_text("x" * 200_000, "the row")
        await settle(pilot)

        assert "too large for the terminal" in " ".join(shown(app).split())


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
