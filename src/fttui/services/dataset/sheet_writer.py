"""Writes row sheets: gathers the messages of examples, and looks at many of them at once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from fttui.domain.dataset.parsing import found
from fttui.domain.dataset.record import INSTRUCTING, CompletionRecord, Message, Record, turns
from fttui.domain.dataset.refusal import is_refusal
from fttui.domain.dataset.row_sheet import LABEL_LENGTH, RowSheet, Seen, see
from fttui.domain.dataset.scripts import Script
from fttui.domain.dataset.sensitive import find_sensitive
from fttui.domain.dataset.sensitive_findings import sensitive_findings
from fttui.domain.dataset.similarity import compared, normalised
from fttui.domain.dataset.stretch import Stretch
from fttui.services.dataset.folded_text import MESSAGE_END, folded, joined, rows_of, unspaced
from fttui.services.dataset.row_sketches import row_sketches
from fttui.services.dataset.suspects import suspects

_BATCH = 640 * 1024
"""Characters that are looked at together."""
_PROMPTS_KEPT = 1000
_LONG_PROMPT = 20_000
"""Characters from which a system prompt is not kept for the rows that may have it too."""
_MASK = 2**64 - 1


class Gathered(NamedTuple):
    """One example: what stands where, instructions apart, and which message is the answer."""

    line: int
    tokens: int
    system: str
    system_path: str
    roles: Sequence[str]
    paths: Sequence[str]
    texts: Sequence[str]
    answer: int
    """Place of the answer among the texts, or -1."""


def gathered(record: Record, line: int, tokens: int) -> Gathered:
    """What a record says, whatever its format."""
    if isinstance(record, CompletionRecord):
        texts = (record.prompt, record.completion)
        return Gathered(line, tokens, "", "", ("prompt", "completion"), ("prompt", "completion"), texts, 1)
    places = list(zip(_paths(record), turns(record), strict=True))
    told = [(path, message) for path, message in places if message.role not in INSTRUCTING]
    system = [(path, message) for path, message in places if message.role in INSTRUCTING]
    dialogue = len(record.messages)
    answers = [place for place, (_, message) in enumerate(told) if message.role == "assistant"]
    compared = [place for place, (path, _) in enumerate(told) if path.startswith("preferred_output")]
    answer = compared[0] if compared else answers[-1] if answers and dialogue else -1
    return Gathered(
        line=line,
        tokens=tokens,
        system="\n".join(message.text for _, message in system),
        system_path=system[0][0] if system else "",
        roles=[message.role for _, message in told],
        paths=[path for path, _ in told],
        texts=[_words(message) for _, message in told],
        answer=answer,
    )


def gathered_quickly(roles: tuple[str, ...], contents: Sequence[str], line: int, tokens: int) -> Gathered:
    """The same for a plain conversation that ends with the assistant."""
    layout = _layout(roles)
    system = "\n".join([contents[place] for place in layout.instructions])
    begin = layout.begin
    texts = contents[begin:] if begin is not None else [contents[place] for place in layout.told]
    return Gathered(line, tokens, system, layout.system_path, layout.said_by, layout.paths, texts, len(layout.told) - 1)


class _Layout(NamedTuple):
    """Where a plain conversation has what; `begin` is where all that is no instruction begins, if it lies together."""

    instructions: tuple[int, ...]
    told: tuple[int, ...]
    begin: int | None
    system_path: str
    said_by: tuple[str, ...]
    paths: tuple[str, ...]


@lru_cache(4096)
def _layout(roles: tuple[str, ...]) -> _Layout:
    instructions = [place for place, role in enumerate(roles) if role in INSTRUCTING]
    told = [place for place, role in enumerate(roles) if role not in INSTRUCTING]
    begin = len(instructions) if told[:1] == [len(instructions)] else None
    paths = [f"messages[{place}]" for place in range(len(roles))]
    system_path = paths[instructions[0]] if instructions else ""
    said_by, told_at = tuple([roles[place] for place in told]), tuple([paths[place] for place in told])
    return _Layout(tuple(instructions), tuple(told), begin, system_path, said_by, told_at)


def _paths(record: Record) -> Iterator[str]:
    assert not isinstance(record, CompletionRecord)  # noqa: S101 - has no messages
    holder = "input." if hasattr(record, "preferred") else ""
    for place in range(len(record.messages)):
        yield f"{holder}messages[{place}]"
    for name, key in (("preferred", "preferred_output"), ("non_preferred", "non_preferred_output")):
        for place in range(len(getattr(record, name, ()))):
            yield f"{key}[{place}]"


def _words(message: Message) -> str:
    words = [message.text] if message.text else []
    if message.refusal:
        words.append(message.refusal)
    for call in message.tool_calls:
        words += [call.name, call.arguments]
    # A picture is told apart by its address or its data.
    words += [image.url[:200] for image in message.images]
    return "\n".join(words)


class SheetWriter:
    """Writes the sheet of one stretch.

    Args:
        stretch: where findings are noted and the sheet goes.
        systems: system prompts that were judged before; more are added.
    """

    def __init__(self, stretch: Stretch, systems: dict[str, System] | None = None) -> None:
        self._systems = {} if systems is None else systems
        self._stretch = stretch
        self._sheet = stretch.sheet = RowSheet()
        self._rows: list[Gathered] = []
        self._size = 0
        self._told: set[int] = set()
        """Lines of rows that wait with something sensitive in their system prompt."""

    def add(self, row: Gathered) -> None:
        """Add an example."""
        self._rows.append(row)
        self._size += sum(map(len, row.texts))
        if self._size > _BATCH:
            self.flush()

    def add_columns(self, value: Mapping[str, object]) -> None:
        """Look at how the texts of a prompt/completion row begin and end."""
        prompt, completion = value.get("prompt"), value.get("completion")
        if isinstance(prompt, str) and isinstance(completion, str):
            self._sheet.prompt_ends.add(prompt)
            if completion:
                self._sheet.completion_ends.add(completion)

    def flush(self) -> None:
        """Look at all that was added."""
        if self._rows:
            self._look(self._rows)
            self._rows, self._size = [], 0

    def _look(self, rows: list[Gathered]) -> None:
        batch = joined([row.texts for row in rows])
        text = folded(batch)
        dense = unspaced(text)
        sketches = row_sketches(text, dense)
        sheet = self._sheet
        sheet.lines.extend([row.line for row in rows])
        sheet.tokens.extend([row.tokens for row in rows])
        sheet.sketches.frombytes(sketches.pieces.tobytes())
        sheet.sketch_lengths.frombytes(sketches.lengths.astype("u1").tobytes())
        for row, words in zip(rows, rows_of(dense), strict=True):
            self._enter(row, words)
        scripts = sketches.scripts.tolist()
        for script in sorted(set(scripts)):
            first = rows[scripts.index(script)].line
            sheet.scripts.setdefault(Script(script).name, Seen(0, first)).count += scripts.count(script)
        self._find_sensitive(rows, suspects(batch))

    def _enter(self, row: Gathered, words: bytes) -> None:
        """Note the keys of a row.

        Args:
            row: the row.
            words: its messages, folded.
        """
        sheet, place = self._sheet, row.answer
        system = self._system_key(row)
        after = b""
        if place < 0:
            before, answer, place = words, b"", len(row.texts)
        elif place == len(row.texts) - 1:
            before, _, answer = words.rpartition(MESSAGE_END)
        else:
            parts = words.split(MESSAGE_END)
            before, answer, after = MESSAGE_END.join(parts[:place]), parts[place], MESSAGE_END.join(parts[place + 1 :])
        asked = before.strip(MESSAGE_END) and any(role != "assistant" for role in row.roles[:place])
        # Pieces keep their hashes, so each is worked out once.
        said = hash((before, answer, after)) & _MASK or 1
        sheet.said.append(said if words.strip(MESSAGE_END) else 0)
        sheet.prompts.append(hash((system, before)) & _MASK if asked else 0)
        sheet.answers.append(hash(answer) & _MASK or 1 if answer else 0)
        if row.answer >= 0:
            self._judge_answer(row, row.texts[place])

    def _judge_answer(self, row: Gathered, answer: str) -> None:
        if len(answer) <= LABEL_LENGTH and (label := normalised(answer)):
            see(self._sheet.labels, label, row.line)
        if is_refusal(answer):
            see(self._sheet.refusals, "", row.line)
            self._stretch.note(found("refusal", row.line, row.paths[row.answer]))

    def _system_key(self, row: Gathered) -> int:
        system = self._systems.get(row.system)
        if system is None:
            system = _system(row.system)
            if len(self._systems) >= _PROMPTS_KEPT:
                self._systems.clear()
            if len(row.system) < _LONG_PROMPT:
                self._systems[row.system] = system
        see(self._sheet.systems, system.name, row.line)
        if system.is_sensitive:
            self._told.add(row.line)
        return system.key

    def _find_sensitive(self, rows: list[Gathered], wanted: Sequence[int]) -> None:
        """Look into some messages, by their number among all, and into system prompts known to hold something."""
        ends = list(accumulate(max(len(row.texts), 1) for row in rows))
        within: dict[int, list[int]] = {}
        for message in wanted:
            place = bisect_right(ends, message)
            within.setdefault(place, []).append(message - ends[place] + max(len(rows[place].texts), 1))
        told = {place for place, row in enumerate(rows) if row.line in self._told} if self._told else set()
        self._told.clear()
        for place in sorted(told.union(within)):
            row = rows[place]
            pieces = [(row.paths[text], row.texts[text]) for text in within.get(place, ())]
            if place in told:
                pieces.append((row.system_path, row.system))
            for path, text in pieces:
                for finding in sensitive_findings(text, row.line, path):
                    self._stretch.note(finding)


class System(NamedTuple):
    """Key of a system prompt, the same as a word, and whether something sensitive stands in it."""

    key: int
    name: str
    is_sensitive: bool


def _system(text: str) -> System:
    if not text:
        return System(0, "", is_sensitive=False)
    key = hash(compared(normalised(text))) & _MASK
    return System(key, f"{key:016x}", is_sensitive=next(find_sensitive(text), None) is not None)
