"""Reads a screen as a person does."""

from __future__ import annotations

from textual.pilot import Pilot


def shown(pilot: Pilot[None]) -> str:
    """The text on the screen, line by line."""
    # Textual offers pictures only; the compositor's strips are what it draws them from.
    return "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())
