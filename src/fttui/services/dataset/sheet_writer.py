"""Writes row sheets: gathers the messages of examples, and looks at many of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from fttui.domain.dataset.parsing import found
from fttui.domain.dataset.record import CompletionRecord, Message, Record, turns
from fttui.domain.dataset.refusal import is_refusal
from fttui.domain.dataset.row_sheet import LABEL_LENGTH, RowSheet, see
from fttui.domain.dataset.scripts import main_script
from fttui.domain.dataset.sensitive import find_sensitive
from fttui.domain.dataset.sensitive_findings import sensitive_findings
from fttui.domain.dataset.similarity import normalised
from fttui.domain.dataset.stretch import Stretch
from fttui.services.dataset.word_table import WordTable, message_keys, row_scripts, row_sketches, suspects, word_table

_BATCH = 192 * 1024
"""Characters that are looked at together."""
_PROMPTS_KEPT = 1000
_INSTRUCTIONS = ("system", "developer")


@dataclass(frozen=True, slots=True)
class Gathered:
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
    told = [(path, message) for path, message in places if message.role not in _INSTRUCTIONS]
    system = [(path, message) for path, message in places if message.role in _INSTRUCTIONS]
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


def gathered_quickly(roles: Sequence[str], contents: Sequence[str], line: int, tokens: int) -> Gathered:
    """The same for a plain conversation that ends with the assistant."""
    if roles[0] in _INSTRUCTIONS and not any(role in _INSTRUCTIONS for role in roles[1:]):
        begin, system = 1, contents[0]
    elif any(role in _INSTRUCTIONS for role in roles):
        told = [place for place, role in enumerate(roles) if role not in _INSTRUCTIONS]
        words = [contents[place] for place, role in enumerate(roles) if role in _INSTRUCTIONS]
        first = next(place for place, role in enumerate(roles) if role in _INSTRUCTIONS)
        paths = [_path(place) for place in told]
        texts = [contents[place] for place in told]
        said_by = [roles[place] for place in told]
        return Gathered(line, tokens, "\n".join(words), _path(first), said_by, paths, texts, len(told) - 1)
    else:
        begin, system = 0, ""
    paths = [_path(place) for place in range(begin, len(roles))]
    return Gathered(line, tokens, system, _path(0), roles[begin:], paths, contents[begin:], len(paths) - 1)


@lru_cache(1024)
def _path(place: int) -> str:
    return f"messages[{place}]"


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
    """

    def __init__(self, stretch: Stretch) -> None:
        self._stretch = stretch
        self._sheet = stretch.sheet = RowSheet()
        self._rows: list[Gathered] = []
        self._size = 0
        self._systems: dict[str, tuple[int, bool]] = {}
        """Key of a system prompt, and whether something sensitive stands in it."""

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
        import numpy as np

        texts = _lowered([text for row in rows for text in row.texts])
        owner = np.repeat(np.arange(len(rows)), [len(row.texts) for row in rows])
        table = word_table(texts)
        keys = message_keys(table).tolist()
        pieces, lengths = row_sketches(table, owner, len(rows))
        scripts = row_scripts(table, owner, len(rows)).tolist()
        sheet = self._sheet
        sheet.sketches.frombytes(pieces.tobytes())
        sheet.sketch_lengths.frombytes(lengths.astype(np.uint8).tobytes())
        begin = 0
        for row, counts in zip(rows, scripts, strict=True):
            end = begin + len(row.texts)
            self._enter(row, keys[begin:end], texts[begin:end])
            see(sheet.scripts, main_script(counts).name, row.line)
            begin = end
        self._find_sensitive(rows, table)

    def _enter(self, row: Gathered, keys: list[int], texts: list[str]) -> None:
        sheet, answer = self._sheet, row.answer
        keys = [key or _key(text) for key, text in zip(keys, texts, strict=True)]
        system = self._system_key(row)
        before = keys[: answer if answer >= 0 else len(keys)]
        asked = any(before) and any(role != "assistant" for role in row.roles[: len(before)])
        sheet.lines.append(row.line)
        sheet.tokens.append(row.tokens)
        sheet.said.append(hash(tuple(keys)) & _MASK)
        sheet.prompts.append(hash((system, *before)) & _MASK if asked else 0)
        sheet.answers.append(keys[answer] if answer >= 0 else 0)
        if answer >= 0:
            self._judge_answer(row, texts[answer])

    def _judge_answer(self, row: Gathered, answer: str) -> None:
        if 0 < len(answer) <= LABEL_LENGTH and (label := normalised(answer)):
            see(self._sheet.labels, label, row.line)
        if is_refusal(answer):
            self._stretch.note(found("refusal", row.line, row.paths[row.answer]))

    def _system_key(self, row: Gathered) -> int:
        if not row.system:
            see(self._sheet.systems, "", row.line)
            return 0
        known = self._systems
        if row.system not in known:
            if len(known) > _PROMPTS_KEPT:
                known.clear()
            sensitive = next(find_sensitive(row.system), None) is not None
            known[row.system] = (hash(normalised(row.system)) & _MASK, sensitive)
        key = known[row.system][0]
        see(self._sheet.systems, f"{key:016x}", row.line)
        return key

    def _find_sensitive(self, rows: list[Gathered], table: WordTable) -> None:
        wanted = suspects(table)
        place = 0
        for row in rows:
            for path, text in zip(row.paths, row.texts, strict=True):
                if wanted[place]:
                    for finding in sensitive_findings(text, row.line, path):
                        self._stretch.note(finding)
                place += 1
            if row.system and self._systems[row.system][1]:
                for finding in sensitive_findings(row.system, row.line, row.system_path):
                    self._stretch.note(finding)


_MASK = 2**64 - 1


def _key(text: str) -> int:
    """The key of a message without any word; 0 for an empty one."""
    plain = text.strip()
    return hash(plain) & _MASK if plain else 0


def _lowered(texts: list[str]) -> list[str]:
    lowered = [text.lower() for text in texts]
    if any("\0" in text for text in lowered):
        return [text.replace("\0", "\x01") for text in lowered]
    return lowered
