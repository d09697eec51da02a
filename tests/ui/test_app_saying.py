"""What the app tells, and how it leaves: status, messages, filters, copies, the report of a fault."""

from __future__ import annotations

import re

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.content import Content
from textual.widgets import Static

from fttui.domain.errors import KeyRefusedError, UnreachableError
from fttui.domain.profiles.profile import Credential, KeySource
from fttui.domain.profiles.secret import Secret
from fttui.domain.profiles.states import EnginePhase, EngineState
from fttui.services.crash import redact
from fttui.ui.ascii_filter import AsciiFilter
from fttui.ui.dialogs import ConfirmDialog, ErrorDialog, PromptDialog
from pictures import FakeServices, make_app, settle, until
from reading import shown


async def test_the_status_line_says_profile_key_engine_and_what_runs(services: FakeServices) -> None:
    services.fake_keys.credentials["openai"] = Credential(Secret("sk-0123456789abcdef"), KeySource.KEYRING)
    app = make_app(services)
    async with app.run_test() as pilot:
        app.profile_name = "openai"
        app.running = "checking 40 %"
        app.condition = "offline, next try in 8 s"
        await settle(pilot)
        said = " profile openai · key …cdef from keyring · engine running · checking 40 % · offli"

        assert said[:79] in shown(pilot)
        assert "sk-0123" not in shown(pilot)


async def test_the_status_line_says_soon_that_the_engine_has_started(
    services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fttui.ui.app.STARTING_SECONDS", 0.01)
    running, services.fake_engine.now = services.fake_engine.now, EngineState(EnginePhase.STARTING)
    app = make_app(services)
    async with app.run_test() as pilot:
        await until(pilot, lambda: "engine starting" in shown(pilot), "the start of the engine")
        services.fake_engine.now = running
        await until(pilot, lambda: "engine running" in shown(pilot), "the engine")


@pytest.mark.parametrize(
    "text", ["[/]", "[/foo]", "[a=b]x[/a]", '[foo="bar y', "[@click=app.quit]x", "\x1b[31mred\x07"]
)
async def test_anything_can_be_said(services: FakeServices, text: str) -> None:
    app = make_app(services)
    async with app.run_test(notifications=True) as pilot:
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
    async with app.run_test() as pilot:
        await app.screen.mount(Static(Content("one\x1b]52;c;AAAA\x07two\u202ethree\x9bfour"), id="wild"))
        await settle(pilot)

        assert app.safe_filter.hits > 0
        assert not re.search("[\x1b\x07\x9b\u202e]", shown(pilot))


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


async def test_a_fault_ends_the_app_with_a_report_without_locals_or_keys(services: FakeServices) -> None:
    app = make_app(services)
    key = Secret("canary-0123456789")
    redact.learn(key)

    def break_down() -> None:
        local_value = key.reveal()
        raise RuntimeError(f"broke with {local_value}")

    async def run() -> None:
        async with app.run_test() as pilot:
            app.call_later(break_down)
            await pilot.pause()

    with pytest.raises(RuntimeError):
        await run()
    [report] = (services.paths.logs).glob("crash-*.txt")

    assert app.return_code == 1
    assert "broke with [key removed]" in report.read_text()
    assert "canary" not in report.read_text()
    assert report.stat().st_mode & 0o077 == 0


async def test_a_copy_says_how_it_was_sent(services: FakeServices) -> None:
    app = make_app(services)
    async with app.run_test(notifications=True) as pilot:
        app.copy_text("ftjob-1", "the job id")
        await settle(pilot)
        assert "Sent the job id to the terminal" in " ".join(shown(pilot).split())
        app.copy_text("x" * 200_000, "the row")
        await settle(pilot)

        assert "too large for the terminal" in " ".join(shown(pilot).split())
