"""The two themes of the program. The only place where colours are named."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="fttui-dark",
    primary="#7FB4CA",
    secondary="#A292C9",
    accent="#E6C384",
    warning="#E6B450",
    error="#F07A7A",
    success="#8CC98C",
    foreground="#DCD9D0",
    background="#16181D",
    surface="#1D2027",
    panel="#282C35",
    dark=True,
    variables={
        "footer-key-foreground": "#E6C384",
        "block-cursor-background": "#7FB4CA",
        "block-cursor-foreground": "#16181D",
        "block-cursor-text-style": "none",
        "input-selection-background": "#7FB4CA 35%",
        "border-blurred": "#3B414D",
        # Textual's own muted text is relative to its background, which text styled in pieces cannot be.
        "text-muted": "#9AA0AC",
        "input-focus": "#38465A",
    },
)

LIGHT = Theme(
    name="fttui-light",
    primary="#1F5F7A",
    secondary="#5B4A8A",
    accent="#7A4F00",
    warning="#7A4F00",
    error="#A8272D",
    success="#2C6B2F",
    foreground="#23262B",
    background="#F6F4EE",
    surface="#ECE9E1",
    panel="#DEDAD0",
    dark=False,
    variables={
        "footer-key-foreground": "#7A4F00",
        "block-cursor-background": "#1F5F7A",
        "block-cursor-foreground": "#F6F4EE",
        "block-cursor-text-style": "none",
        "input-selection-background": "#1F5F7A 30%",
        "border-blurred": "#B9B4A8",
        "text-muted": "#5A5E66",
        "input-focus": "#C9DDE6",
    },
)

OWN = (DARK, LIGHT)
