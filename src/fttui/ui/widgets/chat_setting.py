"""The line above a conversation: with which model, after which system prompt, drawn how."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from fttui.domain.chat.conversation import SamplingSettings
from fttui.domain.text import safe_line

_SYSTEM_WIDTH = 60


class ChatSetting(Static):
    """Says what a question will be asked with."""

    def describe(self, model: str, ends: str, system: str, sampling: SamplingSettings) -> None:
        """Show it.

        Args:
            model: empty before one is chosen.
            ends: when the model ends, in words; empty where that is not known.
            system: the system prompt.
            sampling: how replies are drawn.
        """
        said = (
            ("Model ", (safe_line(model) or "none") + (f", {ends}" if ends else "")),
            ("  System ", safe_line(system, _SYSTEM_WIDTH) if system else "none"),
            ("  Sampling ", sampling_words(sampling)),
        )
        pieces = [piece for label, words in said for piece in ((label, "$text-muted"), words)]
        self.update(Content.assemble(*pieces))


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
