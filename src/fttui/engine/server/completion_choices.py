"""The continuation of one prompt, while it grows. Loads numpy: import it when a model is at hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from fttui.engine.json_values import JsonObject, JsonValue
from fttui.engine.nano.bpe import TextStream
from fttui.engine.nano.generation import GeneratedToken, TokenChance, generate
from fttui.engine.nano.inference import KeyValueCache
from fttui.engine.nano.model import Model
from fttui.engine.nano.rendering import render_text_prompt
from fttui.engine.server.completion_requests import CompletionRequest
from fttui.engine.server.failures import ApiError
from fttui.engine.server.logprobs import logprob_of, token_text


class Choice:
    """One prompt and what follows it.

    Args:
        index: the place of the prompt in the request.

    Raises:
        ApiError: the prompt holds tokens the model does not know.
    """

    def __init__(self, asked: CompletionRequest, model: Model, index: int) -> None:
        self._asked = asked
        self._model = model
        self._index = index
        prompt = asked.prompts[index]
        tokenizer = model.tokenizer
        if not isinstance(prompt, str):
            if any(token >= tokenizer.vocab_size for token in prompt):
                raise ApiError("Invalid 'prompt': a token id is not in the model's vocabulary.", param="prompt")
            prompt = tokenizer.decode(prompt)
        self._prompt = prompt
        self._tokens = render_text_prompt(prompt, tokenizer, model.config.context)
        self._text = prompt if asked.echo else ""
        self._finish_reason = "length"
        self._logprobs = _Logprobs(model, len(prompt))
        self.completion_tokens = 0

    @property
    def prompt_tokens(self) -> int:
        """The length of the prompt in tokens."""
        return len(self._tokens)

    def make(self) -> Iterator[GeneratedToken]:
        """Continue the prompt; slow, and to be taken in as it comes."""
        if self._asked.echo and self._asked.logprobs is not None:
            self._logprobs = _Logprobs(self._model, self._echoed_offset())
            for token in _scored(self._model, self._tokens, self._asked.logprobs):
                self._logprobs.add(*token)
        yield from generate(self._model, self._tokens, self._asked.settings)

    def take(self, tokens: Sequence[GeneratedToken]) -> str:
        """Add tokens, and return the text they make ready."""
        ready = "".join(token.text for token in tokens)
        self._text += ready
        self.completion_tokens += len(tokens)
        if self._asked.logprobs is not None:
            for token in tokens:
                if not token.ends_turn:
                    self._logprobs.add(token.chosen, token.top)
        self._finish_reason = tokens[-1].finish_reason or self._finish_reason
        return ready

    def whole(self) -> JsonObject:
        """Return the choice in one."""
        return self._object(self._text, last=True)

    def echoed(self) -> JsonObject:
        """Return the first piece of a streamed choice that repeats its prompt."""
        return self._object(self._prompt, last=False)

    def piece(self, text: str, *, last: bool = False) -> JsonObject:
        """Return a piece of a streamed choice, with the log-probabilities since the piece before."""
        return self._object(text, last=last)

    def _object(self, text: str, *, last: bool) -> JsonObject:
        return {
            "index": self._index,
            "text": text,
            "logprobs": self._logprobs.hand_out() if self._asked.logprobs is not None else None,
            "finish_reason": self._finish_reason if last else None,
        }

    def _echoed_offset(self) -> int:
        """Return where in the prompt the first token the model sees begins; long prompts lose their beginning."""
        return len(self._prompt) - len(self._model.tokenizer.decode(self._tokens))


class _Logprobs:
    """The four lists of the protocol's older form."""

    def __init__(self, model: Model, offset: int) -> None:
        self._offset = offset
        self._stream = TextStream(model.tokenizer)
        self._rows: list[tuple[str, float | None, dict[str, float] | None, int]] = []

    def add(self, chosen: TokenChance, top: Sequence[TokenChance] | None) -> None:
        known = top is not None
        alternatives = {token_text(chance): logprob_of(chance) for chance in top or ()}
        logprob = logprob_of(chosen) if known else None
        self._rows.append((token_text(chosen), logprob, alternatives if known else None, self._offset))
        self._offset += len(self._stream.push(chosen.token))

    def hand_out(self) -> JsonObject:
        rows, self._rows = self._rows, []
        columns: dict[str, JsonValue] = {
            "tokens": [row[0] for row in rows],
            "token_logprobs": [row[1] for row in rows],
            "top_logprobs": [row[2] for row in rows],
            "text_offset": [row[3] for row in rows],
        }
        return columns


def _scored(
    model: Model, tokens: Sequence[int], alternatives: int
) -> Iterator[tuple[TokenChance, Sequence[TokenChance] | None]]:
    """Yield each token of a prompt with its log-probability given those before it; the first has none."""
    cache = KeyValueCache(model.weights)
    spell = model.tokenizer.token_bytes
    for place, (before, token) in enumerate(pairwise(tokens)):
        logits = cache.extend([before]).astype(np.float64)
        logprobs = logits - logits.max()
        logprobs -= np.log(np.exp(logprobs).sum())
        best = np.argsort(-logprobs, kind="stable")[:alternatives]
        top = [TokenChance(int(other), spell(int(other)), float(logprobs[other])) for other in best]
        # What the protocol leaves open for the very first token: nothing comes before it but the engine's own mark.
        yield TokenChance(token, spell(token), float(logprobs[token])), None if place == 0 else top
