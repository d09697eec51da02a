"""The Estimate screen at work: models side by side, traffic, the model in hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from estimate_rows import lamps, plain_row, write_rows
from fttui.domain.remote import RemoteModel
from fttui.ui.app import FttuiApp, Start
from fttui.ui.place import Place
from fttui.ui.screens.estimate import EstimateScreen, LaunchEstimateScreen, State
from fttui.ui.screens.launch import LaunchScreen
from fttui.ui.screens.report import ReportScreen
from fttui.ui.widgets.estimate_list import COLUMNS, NAME, WIDE, columns, heading, name_cells
from fttui.ui.widgets.field import Field
from pictures import FakeServices, make_app, settle, until
from reading import shown

MINI = "gpt-4.1-mini-2025-04-14"


async def opened(pilot: Pilot[None], path: Path, profile: str = "openai", model: str = "") -> EstimateScreen:
    app = pilot.app
    assert isinstance(app, FttuiApp)
    app.profile_name = profile
    screen = EstimateScreen(path, model)
    await app.push_screen(screen)
    await until(pilot, lambda: screen.state is not State.COUNTING)
    return screen


def facts(screen: EstimateScreen) -> str:
    return str(screen.panel.render())


async def test_every_base_of_the_profile_stands_there_once(services: FakeServices) -> None:
    async with make_app(services, Place.REPORT).run_test() as pilot:
        screen = await opened(pilot, lamps(services.home / "a.jsonl"), model=MINI)

        assert screen.sheet is not None
        names = [one.model for one in screen.sheet.models]
        assert len(names) == len(set(names)) >= 5
        assert [one.model for one in screen.sheet.models if one.chosen] == [MINI]
        assert screen.models.current is not None
        assert screen.models.current.model == MINI


async def test_traffic_and_epochs_change_the_numbers_without_counting_again(
    services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with make_app(services, Place.REPORT).run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, lamps(services.home / "a.jsonl"), model=MINI)
        (services.home / "a.jsonl").unlink()
        await pilot.press("s")
        await settle(pilot)
        fields = {field.id: field for field in pilot.app.screen.query(Field)}
        fields["epochs"].value, fields["requests"].value = "7", "90,000"
        fields["answer"].value = "many"
        await pilot.press("enter")
        assert fields["answer"].problem
        fields["answer"].value = "200"
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen is screen)

        assert screen.sheet is not None
        chosen = screen.sheet.chosen
        assert chosen is not None
        assert (chosen.epochs, chosen.steps) == (7, 280)
        assert chosen.inference.requests == 90_000
        assert chosen.inference.lengths is not None
        assert chosen.inference.lengths.answer == 200
        assert "90,000 requests a month" in str(screen.query_one("#about", Static).render())


async def test_a_base_that_is_taken_in_hand_is_remembered_and_goes_to_report_and_launch(
    services: FakeServices,
) -> None:
    services.fake.models[:] = [RemoteModel(MINI, 1, "openai"), RemoteModel("gpt-4o-2024-08-06", 1, "openai")]
    path = lamps(services.home / "a.jsonl")
    app = make_app(services, Place.REPORT)
    async with app.run_test(size=(120, 40)) as pilot:
        app.profile_name = "openai"
        app.show_report(path)
        assert isinstance(app.screen, ReportScreen)
        report: ReportScreen = app.screen
        await until(pilot, lambda: report.state == "ready")
        await pilot.press("dollar_sign")
        await until(pilot, lambda: isinstance(app.screen, EstimateScreen) and app.screen.state is State.READY)
        screen = app.screen
        assert isinstance(screen, EstimateScreen)
        await pilot.press("down", "enter")
        taken = screen.models.current
        assert taken is not None
        await pilot.press("escape")
        await until(pilot, lambda: app.screen == report and report.state == "ready")
        await settle(pilot)

        assert app.base_model == taken.model
        assert services.recents.base_at("openai") == taken.model
        assert report.view.model == taken.model
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, LaunchScreen) and bool(app.screen.draft.model))
        launch = app.screen
        assert isinstance(launch, LaunchScreen)
        assert launch.draft.model == taken.model

    later = FttuiApp(services, Start(profile="openai"))
    assert later.base_model == taken.model


async def test_a_model_of_another_profile_takes_that_profile_along(services: FakeServices) -> None:
    app = make_app(services, Place.REPORT)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot, lamps(services.home / "a.jsonl"), profile="local")
        assert screen.sheet is not None
        assert {one.provider for one in screen.sheet.models} == {"local", "openai"}
        await pilot.press("end", "enter")
        await until(pilot, lambda: app.profile_name == "openai" and screen.state is State.READY)

        assert app.base_model
        assert {one.provider for one in screen.sheet.models} == {"openai"}


async def test_an_epoch_typed_in_the_launch_form_is_reckoned_with(services: FakeServices) -> None:
    app = make_app(services, Place.LAUNCH)
    async with app.run_test(size=(120, 40)) as pilot:
        launch = app.screen
        assert isinstance(launch, LaunchScreen)
        launch.fill(lamps(services.home / "a.jsonl"))
        launch.form.draft = launch.draft.type_in("n_epochs", "9")
        await settle(pilot)
        await pilot.press("ctrl+g")
        await until(pilot, lambda: isinstance(app.screen, LaunchEstimateScreen) and app.screen.state is State.READY)
        screen = app.screen
        assert isinstance(screen, LaunchEstimateScreen)

        assert screen.sheet is not None
        assert {one.epochs for one in screen.sheet.models} == {9}


async def test_a_price_that_is_not_known_is_said_and_never_a_sum(services: FakeServices) -> None:
    services.fake.models[:] = [RemoteModel("llama", 1, "me"), RemoteModel("ft:llama:me::1", 1, "me")]
    app = make_app(services, Place.REPORT)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        services.settings = services.settings.with_profile(
            type(services.profile("openai"))("own", services.profile("openai").dialect.COMPATIBLE, "http://x.test/v1")
        )
        screen = await opened(pilot, write_rows(services.home / "a.jsonl", [plain_row()] * 12), profile="own")

        assert screen.sheet is not None
        assert [(one.model, one.cost) for one in screen.sheet.models] == [("llama", None)]
        assert "no price is known here" in facts(screen)
        assert "$0.00" not in "".join(text for text, _ in screen.models.row(1, 100))


async def test_the_same_question_can_be_copied_as_a_command(
    services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []
    app = make_app(services, Place.REPORT)
    monkeypatch.setattr(app, "copy_text", lambda text, _what: copied.append(text))
    async with app.run_test() as pilot:
        await opened(pilot, lamps(services.home / "a b.jsonl"), model=MINI)
        await pilot.press("y")

    assert copied == [f"fttui estimate '{services.home}/a b.jsonl' --profile openai --model {MINI}"]


async def test_a_narrow_terminal_keeps_the_price_and_leaves_the_other_columns_out(services: FakeServices) -> None:
    async with make_app(services, Place.REPORT).run_test(size=(40, 12)) as pilot:
        screen = await opened(pilot, lamps(services.home / "a.jsonl"), model=MINI)
        await settle(pilot)
        lines = shown(pilot).splitlines()

        assert sum("Model" in line and line.rstrip().endswith("Training") for line in lines) == 1
        assert any("gpt-4.1-mini" in line and "$" in line for line in lines)
        assert screen.query_one("#facts").region.height >= 2


@pytest.mark.parametrize("width", [30, 45, 60, 66, 80, 109, 110, 200])
def test_the_columns_of_an_estimate_fit_any_width(width: int) -> None:
    assert "Training" in heading(width) or width < NAME + COLUMNS["Training"]
    assert len(heading(width)) <= width
    assert name_cells(width) >= NAME - 1
    assert ("Ends" in columns(width)) == (width >= WIDE)


async def test_where_all_profiles_stand_already_the_key_says_so_and_nothing_is_counted_again(
    services: FakeServices,
) -> None:
    async with make_app(services, Place.REPORT).run_test(notifications=True) as pilot:
        screen = await opened(pilot, lamps(services.home / "a.jsonl"), profile="local")
        sheet = screen.sheet
        await pilot.press("a")
        await until(pilot, lambda: "All profiles stand here already" in shown(pilot), "the word")

        assert screen.sheet is sheet
