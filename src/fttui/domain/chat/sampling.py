"""How a reply is drawn, as a person types it: each setting with its range, read and checked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from fttui.domain.chat.conversation import SamplingSettings

MOST_STOPS = 4
"""Stop texts a request may carry (OpenAI's API reference, chat completions, 2026-08)."""


@dataclass(frozen=True, slots=True)
class SamplingField:
    """A setting that is a number, or nothing for the provider's choice; the range includes both ends."""

    name: str
    label: str
    help: str
    whole: bool
    minimum: float
    maximum: float

    def parse(self, text: str) -> float | None:
        """Read what was typed; nothing typed is the provider's choice.

        Raises:
            ValueError: with a sentence that says what is wrong.
        """
        if not text.strip():
            return None
        kind = "a whole number" if self.whole else "a number"
        sentence = f"{self.label} is empty or {kind} from {self.minimum:g} to {self.maximum:g}"
        try:
            value = int(text) if self.whole else float(text)
        except ValueError:
            raise ValueError(sentence) from None
        if not math.isfinite(value) or not self.minimum <= value <= self.maximum:
            raise ValueError(sentence)
        return value


# Ranges: OpenAI's API reference, chat completions, 2026-08.
SAMPLING_FIELDS = (
    SamplingField("temperature", "Temperature", "0 always takes the likeliest token.", False, 0, 2),
    SamplingField("top_p", "Top p", "Draw from the likeliest tokens that make up this share.", False, 0, 1),
    SamplingField("max_tokens", "Max tokens", "The longest reply to ask for.", True, 1, 1_000_000),
    SamplingField("seed", "Seed", "The same seed draws the same reply, as a rule.", True, 0, 2**31 - 1),
)


def typed(settings: SamplingSettings) -> dict[str, str]:
    """The settings as text to edit, by field name, in the form that `read_sampling` reads."""
    values = {field.name: getattr(settings, field.name) for field in SAMPLING_FIELDS}
    texts = {name: "" if value is None else str(value) for name, value in values.items()}
    return {**texts, "stop": " ".join(stop.replace("\n", "\\n").replace(" ", "\\s") for stop in settings.stop)}


def read_sampling(texts: Mapping[str, str]) -> tuple[SamplingSettings | None, Mapping[str, str]]:
    """Read what was typed into settings.

    Args:
        texts: by field name; `stop` holds up to four texts with blanks between them, ``\\n`` for a newline
            and ``\\s`` for a blank inside one.

    Returns:
        The settings, or None where something is wrong, and a sentence for each field that is wrong.
    """
    values: dict[str, float | None] = {}
    wrong: dict[str, str] = {}
    for field in SAMPLING_FIELDS:
        try:
            values[field.name] = field.parse(texts.get(field.name, ""))
        except ValueError as error:
            wrong[field.name] = str(error)
    stop = tuple(text.replace("\\n", "\n").replace("\\s", " ") for text in texts.get("stop", "").split())
    if len(stop) > MOST_STOPS:
        wrong["stop"] = f"At most {MOST_STOPS} stop texts"
    if wrong:
        return None, wrong
    max_tokens, seed = values["max_tokens"], values["seed"]
    return SamplingSettings(
        temperature=values["temperature"],
        top_p=values["top_p"],
        max_tokens=None if max_tokens is None else int(max_tokens),
        stop=stop,
        seed=None if seed is None else int(seed),
    ), {}
