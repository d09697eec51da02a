"""Answers, token by token."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from fttui.engine.nano.arrays import Floats
from fttui.engine.nano.bpe import TextStream, Tokenizer
from fttui.engine.nano.inference import KeyValueCache
from fttui.engine.nano.model import Model

MAX_TOP_LOGPROBS = 20

FinishReason = Literal["stop", "length"]


@dataclass(frozen=True, slots=True)
class GenerationSettings:
    """How to sample.

    Args:
        temperature: 0 takes the most likely token every time.
        top_p: sample from the smallest set of tokens that holds this share of the probability.
        stop: the answer ends before any of these strings.
        seed: the same seed gives the same answer; None draws a new one.
        max_tokens: at most so many; None for as many as the context holds.
        top_logprobs: how many alternatives to report per token, up to 20.
    """

    temperature: float = 1.0
    top_p: float = 1.0
    stop: tuple[str, ...] = ()
    seed: int | None = None
    max_tokens: int | None = None
    top_logprobs: int = 0


@dataclass(frozen=True, slots=True)
class TokenChance:
    """A token, its bytes and its natural log-probability under the model, before temperature."""

    token: int
    bytes: bytes
    logprob: float


@dataclass(frozen=True, slots=True)
class GeneratedToken:
    """One step of an answer.

    Args:
        chosen: the token.
        text: the text that is ready to be shown now; whole characters only, empty while a character or a possible
            stop string is unfinished, and possibly more than this token's own.
        top: the most likely tokens at this place, best first.
        ends_turn: the token is the end-of-turn mark, which belongs to no text and no log-probabilities.
        finish_reason: set on the last step: `stop` at the end of the turn or a stop string, `length` otherwise.
    """

    chosen: TokenChance
    text: str
    top: tuple[TokenChance, ...] = ()
    ends_turn: bool = False
    finish_reason: FinishReason | None = None


def generate(model: Model, prompt_tokens: Sequence[int], settings: GenerationSettings) -> Iterator[GeneratedToken]:
    """Continue a prompt until the model ends its turn, a stop string appears or the room is used up.

    Closing the iterator stops the work. The last item carries the finish reason; a prompt that fills the context
    gives no item at all.

    Args:
        model: weights that nobody changes meanwhile.
        prompt_tokens: at least one, at most the context.
        settings: how to sample.

    Raises:
        ValueError: the prompt is empty or longer than the context.
    """
    if not prompt_tokens:
        raise ValueError("a prompt has at least one token")
    cache = KeyValueCache(model.weights)
    logits = cache.extend(prompt_tokens)
    room = model.config.context - len(prompt_tokens)
    limit = room if settings.max_tokens is None else min(room, settings.max_tokens)
    sampler = _Sampler(model.tokenizer, settings)
    text = _StoppedText(model.tokenizer, settings.stop)
    for count in range(1, limit + 1):
        chosen, top = sampler.pick(logits)
        if chosen.token == model.tokenizer.eot:
            yield GeneratedToken(chosen, text.close(), top, ends_turn=True, finish_reason="stop")
            return
        ready = text.push(chosen.token)
        if text.stopped:
            yield GeneratedToken(chosen, ready, top, finish_reason="stop")
            return
        if count == limit:
            yield GeneratedToken(chosen, ready + text.close(), top, finish_reason="length")
            return
        yield GeneratedToken(chosen, ready, top)
        logits = cache.extend([chosen.token])


class _Sampler:
    def __init__(self, tokenizer: Tokenizer, settings: GenerationSettings) -> None:
        self._tokenizer = tokenizer
        self._settings = settings
        self._random = np.random.default_rng(settings.seed)
        # Marks other than the end of the turn are never part of an answer.
        self._barred = sorted(tokenizer.special_ids - {tokenizer.eot})

    def pick(self, logits: Floats) -> tuple[TokenChance, tuple[TokenChance, ...]]:
        logits[self._barred] = -np.inf
        logprobs = logits - logits.max()
        logprobs -= np.log(np.exp(logprobs).sum())
        token = self._sample(logprobs)
        top: tuple[TokenChance, ...] = ()
        if self._settings.top_logprobs:
            best = np.argsort(-logprobs, kind="stable")[: min(self._settings.top_logprobs, MAX_TOP_LOGPROBS)]
            top = tuple(self._chance(int(place), logprobs) for place in best)
        return self._chance(token, logprobs), top

    def _chance(self, token: int, logprobs: Floats) -> TokenChance:
        return TokenChance(token, self._tokenizer.token_bytes(token), float(logprobs[token]))

    def _sample(self, logprobs: Floats) -> int:
        if self._settings.temperature <= 0 or self._settings.top_p <= 0:
            return int(logprobs.argmax())
        chances = np.exp((logprobs - logprobs.max()).astype(np.float64) / self._settings.temperature)
        chances /= chances.sum()
        order = np.argsort(-chances, kind="stable")
        shares = np.cumsum(chances[order])
        kept = int(np.searchsorted(shares, min(self._settings.top_p, shares[-1]))) + 1
        draw = self._random.random() * shares[min(kept, len(shares)) - 1]
        return int(order[np.searchsorted(shares, draw, side="right").clip(max=kept - 1)])


class _StoppedText:
    """Text on its way out, held back while it may be the beginning of a stop string."""

    def __init__(self, tokenizer: Tokenizer, stops: Sequence[str]) -> None:
        self.stopped = False
        self._stream = TextStream(tokenizer)
        self._stops = [stop for stop in stops if stop]
        self._held = ""

    def push(self, token: int) -> str:
        return self._release(self._stream.push(token))

    def close(self) -> str:
        """All that was held back, up to a stop string."""
        ready = self._release(self._stream.close())
        if self.stopped:
            return ready
        held, self._held = self._held, ""
        return ready + held

    def _release(self, text: str) -> str:
        self._held += text
        places = [place for stop in self._stops if (place := self._held.find(stop)) >= 0]
        if places:
            self.stopped = True
            ready, self._held = self._held[: min(places)], ""
            return ready
        keep = max((_overlap(self._held, stop) for stop in self._stops), default=0)
        ready, self._held = self._held[: len(self._held) - keep], self._held[len(self._held) - keep :]
        return ready


def _overlap(text: str, stop: str) -> int:
    """Length of the longest end of text that begins `stop`."""
    for size in range(min(len(text), len(stop) - 1), 0, -1):
        if text.endswith(stop[:size]):
            return size
    return 0
