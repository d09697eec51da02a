"""The line above a conversation: with which model, until when that is there, after which system prompt, drawn how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from fttui.domain.chat.conversation import SamplingSettings
from fttui.domain.jobs.lifecycle import Lifecycle
from fttui.domain.text import safe_line
from fttui.ui.cells import cut_left

_SYSTEM_CELLS = 60
_NAME_CELLS, _REST_CELLS = 20, 20
"""What a short line keeps of the model's name, and of what stands behind the model."""


@dataclass(frozen=True, slots=True)
class _Setting:
    model: str
    ends: Mapping[str, Lifecycle | None]
    today: date
    system: str
    sampling: SamplingSettings


class ChatSetting(Static):
    """Says what a question will be asked with."""

    _setting: _Setting | None = None

    def describe(
        self, model: str, ends: Mapping[str, Lifecycle | None], today: date, system: str, sampling: SamplingSettings
    ) -> None:
        """Show it.

        Args:
            model: empty before one is chosen.
            ends: the last days of the models that are asked, where they are announced.
            today: the day to count from.
            system: the system prompt.
            sampling: how replies are drawn.
        """
        self._setting = _Setting(model, ends, today, system, sampling)
        self._draw()

    def on_resize(self) -> None:
        """Say as much as there is room for."""
        self._draw()

    def _draw(self) -> None:
        if self._setting is not None:
            self.update(_line(self._setting, self.content_size.width), layout=False)


def _line(setting: _Setting, width: int) -> Content:
    """On a short line the name makes room for the end: every reply has the name above it."""
    name, rest = safe_line(setting.model) or "none", _rest(setting)
    room = width - min(rest.cell_length, _REST_CELLS)
    head = _head(setting, name, brief=False)
    if head.cell_length > room:
        head = _head(setting, name, brief=True)
    if head.cell_length > room:
        cells = max(cell_len(name) - (head.cell_length - room), _NAME_CELLS)
        head = _head(setting, cut_left(name, cells), brief=True)
    return Content.assemble(head, rest)


def _head(setting: _Setting, name: str, *, brief: bool) -> Content:
    """The model and its end, and the end of the base where that is asked too."""
    ends: list[str | tuple[str, str]] = []
    for model, ending in setting.ends.items():
        words = _end_words(ending, setting.today, brief=brief)
        if ending is not None and words:
            tone = "$text-error" if ending.is_gone(setting.today) else "$text-warning"
            ends.append(", " if model == setting.model else "  Base ")
            ends.append((words, tone if ending.ends_soon(setting.today) else ""))
    return Content.assemble(("Model ", "$text-muted"), name, *ends)


def _rest(setting: _Setting) -> Content:
    system = safe_line(setting.system, _SYSTEM_CELLS) if setting.system else "none"
    sampling = sampling_words(setting.sampling)
    return Content.assemble(("  System ", "$text-muted"), system, ("  Sampling ", "$text-muted"), sampling)


def _end_words(ending: Lifecycle | None, today: date, *, brief: bool) -> str:
    if ending is None or not brief:
        return ending.words(today) if ending is not None else ""
    countdown = ending.countdown(today)
    return countdown if countdown in ("", "ended") else f"ends {countdown}"


def sampling_words(settings: SamplingSettings) -> str:
    """The settings that were changed, in a few words."""
    named = {
        "temperature": settings.temperature,
        "top p": settings.top_p,
        "max": settings.max_tokens,
        "seed": settings.seed,
        "stops": len(settings.stop) or None,
    }
    return ", ".join(f"{name} {value}" for name, value in named.items() if value is not None) or "as the provider does"
