"""The Report place goes by a person's own limits, those of the profile in use."""

from __future__ import annotations

from dataclasses import replace

from fttui.domain.profiles.profile import LOCAL, OPENAI, Profile
from fttui.ui.place import Place
from fttui.ui.screens.report import ReportScreen, State
from image_rows import write_image_rows
from pictures import FakeServices, make_app, until

MODEL = "gpt-4o-mini-2024-07-18"


def codes(screen: ReportScreen) -> dict[str, int]:
    report = screen.view.report
    assert report is not None
    return {group.code: group.count for group in report.findings}


async def test_another_profile_with_a_limit_of_its_own_for_images_is_checked_by_that(services: FakeServices) -> None:
    own = replace(OPENAI, limits=(("images_per_example", 12),))
    services.settings = services.settings.with_profile(own)
    path = write_image_rows(services.home / "rows.jsonl", [0, 0, 11, 13])
    app = make_app(services, Place.REPORT)
    app.profile_name = LOCAL.name
    async with app.run_test() as pilot:
        screen = app.screen
        assert isinstance(screen, ReportScreen)
        app.show_report(path)
        await until(pilot, lambda: screen.state is State.READY)
        assert codes(screen)["too-many-images"] == 2

        app.profile_name = own.name
        await until(pilot, lambda: screen.state is State.READY and "own-image-limit" in codes(screen))
        assert codes(screen)["own-image-limit"] == 1
        assert "too-many-images" not in codes(screen)

        app.profile_name = LOCAL.name
        await until(pilot, lambda: screen.state is State.READY and codes(screen).get("too-many-images") == 2)


async def test_profiles_that_differ_in_other_limits_judge_the_same_report(services: FakeServices) -> None:
    strict = Profile("strict", OPENAI.dialect, "https://a.example/v1", limits=(("fewest_examples", 30),))
    services.settings = services.settings.with_profile(strict)
    path = write_image_rows(services.home / "rows.jsonl", [0] * 12)
    app = make_app(services, Place.REPORT)
    app.profile_name = OPENAI.name
    async with app.run_test() as pilot:
        screen = app.screen
        assert isinstance(screen, ReportScreen)
        app.show_report(path)
        await until(pilot, lambda: screen.state is State.READY)
        assert "too-few-examples" not in codes(screen)

        app.profile_name = strict.name
        assert screen.state is State.READY
        await until(pilot, lambda: "too-few-examples" in codes(screen))


async def test_a_model_with_a_limit_of_ones_own_is_told_what_it_cuts(services: FakeServices) -> None:
    services.settings = replace(services.settings, example_tokens=(("gpt-4o", 40),))
    path = write_image_rows(services.home / "rows.jsonl", [0] * 12, words=60)
    app = make_app(services, Place.REPORT)
    async with app.run_test() as pilot:
        screen = app.screen
        assert isinstance(screen, ReportScreen)
        app.show_report(path)
        await until(pilot, lambda: screen.state is State.READY)
        assert "long-example" not in codes(screen)

        app.take_base(MODEL)
        await until(pilot, lambda: screen.state is State.READY and "long-example" in codes(screen))
        assert codes(screen)["long-example"] == 12
