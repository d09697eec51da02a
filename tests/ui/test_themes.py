"""The program's own themes can be read: contrast of at least 4.5 for text (WCAG 2.2, 1.4.3). The chosen one is kept."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import Theme

from fttui.ui.themes import OWN
from pictures import FakeServices, make_app, settle, until
from reading import shown

TEXT = [
    "foreground",
    "text-muted",
    "text-primary",
    "text-success",
    "text-warning",
    "text-error",
    "footer-key-foreground",
]
GROUNDS = ["background", "surface", "panel"]
LEAST = 4.5


def luminance(color: Color) -> float:
    parts = [part / 255 for part in color.rgb]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: Color, second: Color) -> float:
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", OWN, ids=lambda theme: theme.name)
def test_text_stands_out_from_every_ground(theme: Theme) -> None:
    variables = {**theme.to_color_system().generate(), **theme.variables}
    pairs = [(text, ground) for text in TEXT for ground in GROUNDS]
    pairs += [("block-cursor-foreground", "block-cursor-background"), ("foreground", "input-focus")]
    weak = {
        f"{text} on {ground}": round(found, 2)
        for text, ground in pairs
        if (found := contrast(Color.parse(variables[text]), Color.parse(variables[ground]))) < LEAST
    }

    assert weak == {}


async def test_an_unknown_theme_falls_back_and_is_told(services: FakeServices) -> None:
    services.settings = type(services.settings)(theme="no-such-theme")
    app = make_app(services)
    async with app.run_test(notifications=True) as pilot:
        await settle(pilot)

        assert app.theme == "fttui-dark"
        assert "no-such-theme" in shown(pilot)


async def test_a_chosen_theme_is_kept(services: FakeServices) -> None:
    app = make_app(services)
    async with app.run_test() as pilot:
        await settle(pilot)
        app.theme = "fttui-light"
        await until(pilot, lambda: services.settings.theme == "fttui-light", "the settings")

    assert 'theme = "fttui-light"' in services.settings_path.read_text()
