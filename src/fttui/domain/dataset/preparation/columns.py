"""Prompts and completions looked at as columns: what the former preparation tool found in them, and its remedies.

Thresholds, candidates and their order are those of ``openai tools fine_tunes.prepare_data``, openai 2.30.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from fttui.domain.dataset.identity import key
from fttui.domain.dataset.preparation.fix import JsonObject

FEW_EXAMPLES = 100
LONG_TEXT = 10_000
LONG_PREFIX, LONG_COMPLETION_PREFIX, LONG_SUFFIX = 12, 5, 10
SEPARATORS = (" ->", "\n\n###\n\n", "\n\n===\n\n", "\n\n---\n\n", "\n\n===>\n\n", "\n\n--->\n\n")
LAST_SEPARATOR = "\n\n### =>\n\n"
ENDINGS = ("\n", ".", " END", "***", "+++", "&&&", "$$$", "@@@", "%%%")
LAST_ENDING = " [END]"


class TaskType(StrEnum):
    """What the former tool takes a data set for."""

    OPEN_ENDED = "open-ended generation"
    CLASSIFICATION = "classification"
    CONDITIONAL = "conditional generation"


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """One change to every row, by the code of its fix; `text` is what is added or taken away."""

    code: str
    text: str = ""

    def apply(self, value: JsonObject) -> JsonObject:
        """The row after the change; the same object if there is nothing to change."""
        name = "prompt" if "prompt" in self.code else "completion"
        before = value.get(name)
        if not isinstance(before, str):
            return value
        after = self._changed(before)
        return value if after == before else {**value, name: after}

    def _changed(self, text: str) -> str:
        match self.code:
            case "lower-case-prompts" | "lower-case-completions":
                return text.lower()
            case "add-prompt-separator" | "add-completion-ending":
                return text if text.endswith(self.text) else text + self.text
            case "strip-prompt-prefix":
                return text.removeprefix(self.text)
            case "strip-completion-prefix":
                space = " " if self.text.startswith(" ") else ""
                return space + text.removeprefix(self.text) if text.startswith(self.text) else text
            case _:
                return text if text.startswith(" ") else " " + text


@dataclass(slots=True)
class Column:
    """What all texts of one column have in common."""

    candidates: tuple[str, ...]
    rows: int = 0
    prefix: str = ""
    suffix: str = ""
    shortest: int = 0
    longest: int = 0
    upper: int = 0
    lower: int = 0
    lowerable: int = 0
    """Texts that lower case would change."""
    unspaced: int = 0
    """Texts that do not begin with a space."""
    empty: int = 0
    has_line_break: bool = False
    used: set[str] = field(default_factory=set)
    known_suffix: str = ""
    """A shared ending that was seen in an earlier pass."""
    repeated: int = 0
    """Texts in which that ending stands somewhere else as well."""

    def add(self, text: str) -> None:
        """Count a text."""
        if self.rows:
            self.prefix = _common_start(self.prefix, text)
            self.suffix = _common_start(self.suffix[::-1], text[::-1])[::-1]
            self.shortest = min(self.shortest, len(text))
        else:
            self.prefix = self.suffix = text
            self.shortest = len(text)
        self.longest = max(self.longest, len(text))
        self.rows += 1
        self.upper += sum(map(str.isupper, text))
        self.lower += sum(map(str.islower, text))
        self.lowerable += text.lower() != text
        self.unspaced += not text.startswith(" ")
        self.empty += not text
        self.has_line_break = self.has_line_break or "\n" in text
        self.used.update(entry for entry in self.candidates if entry in text)
        if self.known_suffix:
            self.repeated += self.known_suffix in text[: -len(self.known_suffix)]

    @property
    def all_same(self) -> bool:
        """Whether every text is the same."""
        return self.rows > 0 and len(self.prefix) == self.longest

    def mostly_capitals(self) -> bool:
        """Whether more than a third of the letters are capitals, an ending that the former tool adds left out."""
        added = next((entry for entry in self.candidates if entry and self.suffix.endswith(entry)), "")
        upper = self.upper - self.rows * sum(map(str.isupper, added))
        lower = self.lower - self.rows * sum(map(str.islower, added))
        return self.lowerable > 0 and upper * 2 > lower

    def removable_prefix(self) -> str:
        """The shared start, without what belongs to a shared ending."""
        return self.prefix[: max(self.shortest - len(self.suffix), 0)] if self.suffix else self.prefix


@dataclass(slots=True)
class Columns:
    """What all rows of a prompt/completion file have in common, gathered row by row."""

    prompts: Column = field(default_factory=lambda: Column(SEPARATORS))
    completions: Column = field(default_factory=lambda: Column((*ENDINGS, LAST_ENDING)))
    distinct: set[int] = field(default_factory=set)
    long: int = 0

    @classmethod
    def after(cls, before: Columns) -> Columns:
        """Begin another pass, with the shared endings of the one before."""
        columns = cls()
        columns.prompts.known_suffix = before.prompts.suffix
        columns.completions.known_suffix = before.completions.suffix
        return columns

    @property
    def wants_another_look(self) -> bool:
        """Whether there is a shared ending that was not looked for inside the texts."""
        return any(column.suffix != column.known_suffix for column in (self.prompts, self.completions))

    def affected(self, change: ColumnChange) -> int:
        """How many rows a change is for."""
        column = self.prompts if "prompt" in change.code else self.completions
        match change.code:
            case "lower-case-prompts" | "lower-case-completions":
                return column.lowerable
            case "add-leading-space":
                return column.unspaced
            case _:
                return column.rows

    def add(self, value: JsonObject) -> None:
        """Count a row; the former tool dropped those without a completion before it looked at anything else."""
        prompt, completion = value.get("prompt"), value.get("completion")
        if isinstance(prompt, str) and isinstance(completion, str) and completion:
            self.prompts.add(prompt)
            self.completions.add(completion)
            self.distinct.add(key(completion))
            self.long += is_long(value)

    @property
    def task(self) -> TaskType:
        """What the data set is for."""
        if self.prompts.empty == self.prompts.rows:
            return TaskType.OPEN_ENDED
        few = len(self.distinct) < self.prompts.rows / 3
        return TaskType.CLASSIFICATION if few else TaskType.CONDITIONAL

    def changes(self) -> Iterator[ColumnChange]:
        """Every change that is called for, in order; each is decided on the rows as they are now."""
        prompts, completions = self.prompts, self.completions
        if not prompts.rows:
            return
        if self.long and self.task is not TaskType.OPEN_ENDED:
            yield ColumnChange("drop-long-texts")
        if prompts.mostly_capitals():
            yield ColumnChange("lower-case-prompts")
        if completions.mostly_capitals():
            yield ColumnChange("lower-case-completions")
        if self.task is not TaskType.OPEN_ENDED and not prompts.suffix:
            yield ColumnChange("add-prompt-separator", self._free_separator())
        if not prompts.all_same and len(start := prompts.removable_prefix()) > LONG_PREFIX:
            yield ColumnChange("strip-prompt-prefix", start)
        if not completions.all_same and len(start := completions.removable_prefix()) >= LONG_COMPLETION_PREFIX:
            yield ColumnChange("strip-completion-prefix", start)
        if self.task is TaskType.CONDITIONAL and not completions.suffix:
            free = (ending for ending in ENDINGS if ending not in completions.used)
            yield ColumnChange("add-completion-ending", next(free, LAST_ENDING))
        if completions.unspaced:
            yield ColumnChange("add-leading-space")

    def _free_separator(self) -> str:
        for separator in SEPARATORS:
            if separator not in self.prompts.used and not (separator == " ->" and self.prompts.has_line_break):
                return separator
        return LAST_SEPARATOR


def is_long(value: JsonObject) -> bool:
    """Whether prompt and completion together have more characters than the former tool thinks fit."""
    return (
        sum(len(text) for text in (value.get("prompt"), value.get("completion")) if isinstance(text, str)) > LONG_TEXT
    )


def _common_start(first: str, second: str) -> str:
    if second.startswith(first):
        return first
    low, high = 0, min(len(first), len(second))
    while low < high:
        middle = (low + high + 1) // 2
        if first[:middle] == second[:middle]:
            low = middle
        else:
            high = middle - 1
    return first[:low]
