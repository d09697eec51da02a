"""Counts of a training file from which the estimate of any model can be made, without going through the file again.

Rows are grouped by what models treat alike: how long they are in each encoding, which pictures they have, and which
instructions they begin with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from fttui.domain.dataset.encodings import OwnTokens, encoding_for, example_limit
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.tokens import REPLY_TOKENS
from fttui.domain.jobs.row_count import Instruction, RowCount

INSTRUCTIONS_KEPT = 256
"""Different system prompts, and different sets of tools, that are told apart; there are never many that are shared."""
VARIOUS = Instruction("*", "")
"""All that are not told apart."""

SHARED_FROM = 0.1
"""The share of the rows in which instructions must stand to be called shared."""


@dataclass(slots=True)
class InstructionCount:
    """How often instructions occur, what they are known by, and their tokens by encoding."""

    words: str
    rows: int = 0
    tokens: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowKind:
    """What rows have in common that cost the same with every model."""

    texts: tuple[int, ...]
    """Tokens in each encoding."""
    images: tuple[int, ...]
    """Tokens of the pictures with each model; empty for none."""
    system: str
    tools: str


@dataclass(slots=True)
class TokenSurvey:
    """A survey in the making, or of a whole file. `encodings` and `models` say what the numbers stand for, in order."""

    encodings: tuple[str, ...]
    models: tuple[str, ...] = ()
    """Models that differ in what a picture costs."""
    format: DataFormat | None = None
    examples: int = 0
    """Rows that are there, usable or not."""
    usable: int = 0
    """Rows in which no error was found; all that follows is counted over these."""
    answered: int = 0
    """Rows that hold an answer."""
    kinds: Counter[RowKind] = field(default_factory=Counter)
    prompts: list[int] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    estimated: list[int] = field(default_factory=list)
    """Sums over the rows, in each encoding; without pictures."""
    systems: dict[str, InstructionCount] = field(default_factory=dict)
    tools: dict[str, InstructionCount] = field(default_factory=dict)
    changed: bool = False
    """Whether the file became another one while it was counted."""

    def __post_init__(self) -> None:
        for sums in (self.prompts, self.answers, self.estimated):
            sums.extend([0] * (len(self.encodings) - len(sums)))

    def add(
        self, counts: tuple[RowCount, ...], images: tuple[int, ...], system: Instruction, tools: Instruction
    ) -> None:
        """Count a usable row; its instructions have been noted before."""
        self.usable += 1
        self.answered += counts[0].answer is not None
        for place, count in enumerate(counts):
            self.prompts[place] += count.prompt
            self.answers[place] += count.answer or 0
            self.estimated[place] += count.estimated
        texts = tuple(count.text for count in counts)
        self.kinds[RowKind(texts, images, system.id, tools.id)] += 1

    def join(self, other: TokenSurvey) -> None:
        """Add the survey of another part of the same file."""
        self.examples += other.examples
        self.usable += other.usable
        self.answered += other.answered
        self.kinds.update(other.kinds)
        for mine, theirs in (
            (self.prompts, other.prompts),
            (self.answers, other.answers),
            (self.estimated, other.estimated),
        ):
            mine[:] = [left + right for left, right in zip(mine, theirs, strict=True)]
        for known, found in ((self.systems, other.systems), (self.tools, other.tools)):
            for key, count in found.items():
                known.setdefault(key, InstructionCount(count.words, 0, count.tokens)).rows += count.rows

    def shared(self) -> Shared:
        """The instructions that more rows begin with than any others."""
        system, tools = self._commonest(self.systems), self._commonest(self.tools)
        return Shared(self.systems.get(system), self.tools.get(tools), system, tools)

    def _commonest(self, counts: Mapping[str, InstructionCount]) -> str:
        known = {key: count.rows for key, count in counts.items() if key != VARIOUS.id}
        commonest = max(known, key=lambda key: known[key], default="")
        return commonest if known.get(commonest, 0) >= max(2, SHARED_FROM * self.usable) else ""


@dataclass(frozen=True, slots=True)
class Shared:
    """Instructions that are repeated from row to row; None where there are none."""

    system: InstructionCount | None = None
    tools: InstructionCount | None = None
    system_id: str = ""
    tools_id: str = ""

    def __bool__(self) -> bool:
        return self.system is not None or self.tools is not None

    def tokens(self, encoding: str) -> int:
        """Tokens of them all."""
        return sum(part.tokens.get(encoding, 0) for part in (self.system, self.tools) if part is not None)

    def share(self, rows: int) -> float:
        """The share of the rows that begin with them; of the rarer ones where there are both kinds."""
        seen = [part.rows for part in (self.system, self.tools) if part is not None]
        return min(seen) / rows if seen and rows else 0.0

    def tokens_in(self, kind: RowKind, encoding: str) -> int:
        """Tokens of those that a kind of rows begins with."""
        own = ((self.system, self.system_id, kind.system), (self.tools, self.tools_id, kind.tools))
        return sum(part.tokens.get(encoding, 0) for part, shared, key in own if part is not None and shared == key)


@dataclass(frozen=True, slots=True)
class ModelCount:
    """A file as one model reads it; tokens of one epoch.

    `uncertain` is how many more there may turn out to be, `cut_tokens` what of the total is beyond the limit.
    `prompt` and `answer` are means of a row, None where rows hold no answer.
    """

    encoding: str
    exact: bool
    limit: int | None
    total: int
    billable: int
    uncertain: int
    cut_rows: int
    cut_tokens: int
    prompt: float | None
    answer: float | None


def count_for(survey: TokenSurvey, model: str, without: Shared | None = None, own: OwnTokens = ()) -> ModelCount:
    """What a model makes of a surveyed file.

    Args:
        survey: of the file, made for this model among others.
        model: a base, or a tuned model to go on from.
        without: instructions to leave out of every row that begins with them.
        own: a person's own limits of tokens.
    """
    encoding, limit = encoding_for(model), example_limit(model, own)
    place = survey.encodings.index(encoding.name)
    left_out = images = total = billable = cut_rows = 0
    for length, seen, image, less in _lengths(survey, model, place, without):
        left_out += less * seen
        images += image * seen
        total += length * seen
        billable += min(length, limit or length) * seen
        cut_rows += seen if limit is not None and length > limit else 0
    tools = without.tools if without is not None else None
    guessed = survey.estimated[place] + images - (tools.rows * tools.tokens.get(encoding.name, 0) if tools else 0)
    rows = survey.usable
    uncertain = REPLY_TOKENS * rows + guessed
    return ModelCount(
        encoding=encoding.name,
        exact=encoding.exact and not guessed,
        limit=limit,
        total=total,
        billable=billable,
        uncertain=uncertain if limit is None else min(uncertain, limit * rows - billable),
        cut_rows=cut_rows,
        cut_tokens=total - billable,
        prompt=(survey.prompts[place] + images - left_out) / rows if rows else None,
        answer=survey.answers[place] / survey.answered if survey.answered else None,
    )


def example_lengths(survey: TokenSurvey, model: str) -> Counter[int]:
    """How many rows have how many tokens with a model, pictures included."""
    place = survey.encodings.index(encoding_for(model).name)
    lengths: Counter[int] = Counter()
    for length, seen, _, _ in _lengths(survey, model, place, None):
        lengths[length] += seen
    return lengths


def _lengths(
    survey: TokenSurvey, model: str, place: int, without: Shared | None
) -> Iterator[tuple[int, int, int, int]]:
    """Length, number, pictures and what is left out of each kind of rows."""
    encoding = survey.encodings[place]
    for kind, seen in survey.kinds.items():
        image = kind.images[survey.models.index(model)] if kind.images else 0
        less = without.tokens_in(kind, encoding) if without is not None else 0
        yield kind.texts[place] + image - less, seen, image, less
