"""Counts the tokens of the rows of a stretch, many rows at a time, and gathers what rows are compared by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from fttui.domain.dataset.parsing import found
from fttui.domain.dataset.record import INSTRUCTING, Record, turns
from fttui.domain.dataset.stretch import Stretch
from fttui.domain.dataset.tokens import (
    CALL_TOKENS,
    MESSAGE_TOKENS,
    KnownCounts,
    example_tokens,
    texts_of,
    tool_tokens,
)
from fttui.domain.dataset.training_view import training_view
from fttui.services.dataset.quick_rows import QuickRow
from fttui.services.dataset.sheet_writer import SheetWriter, System, gathered, gathered_quickly

if TYPE_CHECKING:
    from fttui.services.dataset.quick_tools import Definitions, ToolUse
    from fttui.services.ports import TokenCounter

_KEPT = 1000
_BATCH = 512 * 1024
"""Bytes of lines whose texts are counted together."""


class SlowRow(NamedTuple):
    """A row that took the long way: what it says, and its object where columns are compared."""

    record: Record
    columns: Mapping[str, object] | None


class RowCounter:
    """Counts rows in the order in which they are added; one per process.

    Args:
        counter: counts tokens.
    """

    def __init__(self, counter: TokenCounter) -> None:
        self._counter = counter
        self._repeated: dict[str, int] = {}
        self._definitions: dict[Definitions, int] = {}
        self._systems: dict[str, System] = {}
        self._waiting: list[tuple[int, QuickRow | SlowRow]] = []
        self._waiting_bytes = 0
        self._stretch = Stretch()
        self._model: str | None = None
        self._limit: int | None = None
        self._sheet: SheetWriter | None = None

    def begin(self, stretch: Stretch, model: str | None, limit: int | None, *, whole: bool) -> None:
        """Begin a stretch, whatever became of the one before.

        Args:
            stretch: where tokens go, and findings about them.
            model: to be trained; it sets what an image costs.
            limit: the most tokens of an example.
            whole: whether to gather what rows are compared by.
        """
        self._waiting, self._waiting_bytes = [], 0
        self._stretch, self._model, self._limit = stretch, model, limit
        self._sheet = SheetWriter(stretch, self._systems) if whole else None

    def add(self, number: int, row: QuickRow | SlowRow, size: int) -> None:
        """Have a row counted, sooner or later; `size` is the bytes of its line."""
        self._waiting.append((number, row))
        self._waiting_bytes += size
        if self._waiting_bytes > _BATCH:
            self._count_waiting()

    def end(self) -> None:
        """Count what still waits."""
        self._count_waiting()
        if self._sheet is not None:
            self._sheet.flush()

    def _count_waiting(self) -> None:
        waiting, self._waiting, self._waiting_bytes = self._waiting, [], 0
        texts: list[str] = []
        ends: list[int] = []
        for _, row in waiting:
            if isinstance(row, SlowRow):
                texts += texts_of(row.record)
            else:
                # System prompts are mostly the same from row to row.
                texts += row.contents[1:] if row.roles[0] in INSTRUCTING else row.contents
                if row.tools is not None:
                    texts += [arguments for _, _, arguments in row.tools.calls]
            ends.append(len(texts))
        counts = self._counter.count_each(texts)
        begin = 0
        for (number, row), end in zip(waiting, ends, strict=True):
            if isinstance(row, SlowRow):
                known = KnownCounts(dict(zip(texts[begin:end], counts[begin:end], strict=True)), self._counter)
                self._add_slow(number, row, known)
            else:
                self._add_quick(number, row, counts[begin:end])
            begin = end

    def _add_quick(self, number: int, row: QuickRow, counts: Sequence[int]) -> None:
        roles, _, learnt, _, tools = row
        stretch, limit = self._stretch, self._limit
        said = [self._known(row.contents[0]), *counts] if roles[0] in INSTRUCTING else counts
        arguments: Sequence[int] = ()
        if tools is not None:
            said, arguments = said[: len(roles)], said[len(roles) :]
        total = MESSAGE_TOKENS * len(said) + sum(said)
        stretch.trained += sum(map(said.__getitem__, learnt))
        if roles.count("assistant") > len(learnt):
            stretch.masked += sum(map(said.__getitem__, row.masked))
        if tools is not None:
            total += self._count_tools(row, tools, arguments)
        self._add_total(number, total)
        if limit is not None and total > limit:
            self._take_off_what_is_cut(row, said, arguments, total - limit)
        if self._sheet is not None:
            self._sheet.add(gathered_quickly(roles, _words(row), number, total))

    def _count_tools(self, row: QuickRow, tools: ToolUse, arguments: Sequence[int]) -> int:
        """Tokens of definitions and calls, which are estimates; what is learnt of them is noted."""
        stretch = self._stretch
        tokens = self._definitions.get(tools.definitions)
        if tokens is None:
            if len(self._definitions) >= _KEPT:
                self._definitions.clear()
            tokens = self._definitions[tools.definitions] = tool_tokens(tools.definitions.tools, self._counter)
        learnt = set(row.learnt)
        for (place, name, _), count in zip(tools.calls, arguments, strict=True):
            call = CALL_TOKENS + self._known(name) + count
            tokens += call
            if place in learnt:
                stretch.trained += call
            else:
                stretch.masked += call
        stretch.estimated += tokens
        return tokens

    def _take_off_what_is_cut(self, row: QuickRow, said: Sequence[int], arguments: Sequence[int], cut: int) -> None:
        """What lies beyond the limit is not learnt; definitions of tools come before all messages."""
        stretch, spoken = self._stretch, list(said)
        calls = row.tools.calls if row.tools is not None else []
        for (place, name, _), count in zip(calls, arguments, strict=True):
            spoken[place] += CALL_TOKENS + self._known(name) + count
        learnt, masked = set(row.learnt), set(row.masked)
        for place in reversed(range(len(spoken))):
            beyond = min(cut, spoken[place])
            stretch.trained -= beyond if place in learnt else 0
            stretch.masked -= beyond if place in masked else 0
            cut -= spoken[place] + MESSAGE_TOKENS
            if cut <= 0:
                return

    def _known(self, text: str) -> int:
        """Tokens of a text that comes again and again."""
        known = self._repeated
        if text not in known:
            if len(known) >= _KEPT:
                known.clear()
            known[text] = self._counter.count(text)
        return known[text]

    def _add_slow(self, number: int, row: SlowRow, known: KnownCounts) -> None:
        stretch, record, limit = self._stretch, row.record, self._limit
        counted = example_tokens(record, known, self._model)
        stretch.trained += counted.trained
        if (limit is not None and counted.total > limit) or any(message.weight == 0 for message in turns(record)):
            view = training_view(record, known, self._model, limit)
            stretch.trained += view.trained - counted.trained
            stretch.masked += view.masked
        stretch.estimated += counted.estimated
        self._add_total(number, counted.total)
        if self._sheet is not None:
            self._sheet.add(gathered(record, number, counted.total))
            if row.columns is not None:
                self._sheet.add_columns(row.columns)

    def _add_total(self, number: int, tokens: int) -> None:
        self._stretch.tokens.append(tokens)
        limit = self._limit
        if limit is not None and tokens > limit:
            sentence = (
                f"{tokens:,} tokens, {self._model} takes {limit:,}; "
                f"the last {tokens - limit:,} would be cut off in silence"
            )
            self._stretch.note(found("long-example", number, "", sentence))


def _words(row: QuickRow) -> Sequence[str]:
    """What each message says, with the names and arguments of its calls."""
    if row.tools is None:
        return row.contents
    words = [[content] if content else [] for content in row.contents]
    for place, name, arguments in row.tools.calls:
        words[place] += [name, arguments]
    return ["\n".join(entry) for entry in words]
