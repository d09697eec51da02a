"""Shapes in which a row holds a list of turns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from fttui.domain.dataset.mapping import names
from fttui.domain.dataset.mapping.field_facts import FieldFacts
from fttui.domain.dataset.mapping.field_path import as_text, list_at
from fttui.domain.dataset.mapping.proposal import Proposal, weight
from fttui.domain.dataset.mapping.row_mapping import RowMapping, Turn, TurnList
from fttui.domain.dataset.mapping.settings import pairs_text
from fttui.domain.dataset.mapping.template import field
from fttui.domain.dataset.speakers import role_named, role_spelt

Row = Mapping[str, object]
_PROTOCOL_ROLES = {"system", "developer", "user", "assistant", "tool", "function"}
_MOST_GUESSES = 8
BY_PLACE = (("0", "user"), ("1", "assistant"))


def list_shapes(rows: Sequence[Row], fields: Sequence[FieldFacts]) -> Iterator[Proposal]:
    """Every list that can be turns: of objects with a speaker or with a key for each, of pairs, of texts in turn."""
    for facts in fields:
        # What came before a question is part of another shape.
        if not facts.is_list or names.plain(facts.path) in names.HISTORY | names.TOOLS:
            continue
        if names.plain(facts.path) in names.CHOSEN | names.REJECTED:
            continue
        entries = [entry for row in rows for entry in list_at(row, facts.path) or ()]
        shape = _objects(facts, entries) or _by_place(facts, entries)
        if shape is None:
            continue
        name, label, turns, reason, confidence = shape
        mapping = RowMapping(turns=_system(fields), turn_list=turns, tools=_tools(facts.path, fields))
        if guessed := guessed_roles(rows, mapping):
            mapping = replace(mapping, roles=guessed)
            reason += f", so these are guesses: {pairs_text(guessed)}"
        if facts.path == "messages" and name == "openai-chat" and not mapping.turns:
            reason += "; such rows go through as they are"
        yield Proposal(name, label, mapping, reason, confidence * weight(facts.filled))


def guessed_roles(rows: Sequence[Row], mapping: RowMapping) -> tuple[tuple[str, str], ...]:
    """Names of speakers whose role is not known, each with a guess; none where there are too many to guess.

    A name is taken for the role that is spelt nearly so; else for the assistant where it has the last word in a row.
    """
    source = mapping.turn_list
    if source is None or source.speakers:
        return ()
    known = {name.strip().casefold() for name, _ in mapping.roles}
    unknown: set[str] = set()
    last: set[str] = set()
    for row in rows:
        turns = [entry for entry in list_at(row, source.field) or () if isinstance(entry, dict)]
        said = [as_text(entry.get(source.role)).strip() for entry in turns]
        unknown.update(name for name in said if name and role_named(name) is None and name.casefold() not in known)
        last.update(said[-1:])
    if len(unknown) > _MOST_GUESSES:
        return ()
    return tuple((name, role_spelt(name) or ("assistant" if name in last else "user")) for name in sorted(unknown))


_Shape = tuple[str, str, TurnList, str, float]


def _objects(facts: FieldFacts, entries: Sequence[object]) -> _Shape | None:
    objects = [entry for entry in entries if isinstance(entry, dict)]
    if not objects or len(objects) < len(entries) * 0.9:
        return None
    speaker = next((key for key in facts.entry_keys if names.plain(key) in names.SPEAKER_KEYS), None)
    spoken = next((key for key in facts.entry_keys if key != speaker and names.plain(key) in names.SPOKEN_KEYS), None)
    if speaker is not None and spoken is not None:
        return _named_speakers(facts.path, speaker, spoken, objects)
    return _keyed_speakers(facts, objects)


def _named_speakers(path: str, speaker: str, spoken: str, entries: Sequence[Row]) -> _Shape:
    who = {as_text(entry.get(speaker)).strip() for entry in entries}
    unknown = sorted(name for name in who if role_named(name) is None)
    told = ", ".join(sorted(who - set(unknown))[:6])
    reason = f"each turn in {path} has {speaker}{f' ({told})' if told else ''} and {spoken}"
    if unknown:
        reason += f"; not known who is {', '.join(unknown[:4])}"
    confidence = 0.97 if not unknown else 0.55
    turns = TurnList(path, speaker, spoken)
    if (speaker, spoken) == ("role", "content") and who <= _PROTOCOL_ROLES:
        return "openai-chat", "OpenAI chat", turns, reason, confidence
    if (speaker, spoken) == ("from", "value"):
        return "sharegpt", "ShareGPT", turns, reason, confidence
    return "turns", "Turns with speakers", turns, reason, confidence


def _keyed_speakers(facts: FieldFacts, entries: Sequence[Row]) -> _Shape | None:
    texts = [key for key in facts.entry_keys if any(isinstance(entry.get(key), str) for entry in entries)]
    if len(texts) < 2:
        return None
    asks = [key for key in texts if _means(key, "user") or names.plain(key) in names.QUESTION]
    answers = [key for key in texts if _means(key, "assistant") or names.plain(key) in names.ANSWER]
    known = bool(asks) and bool(answers)
    if not known and len(texts) > 2:
        return None
    ask = asks[0] if asks else next(key for key in texts if key not in answers[:1])
    answer = answers[0] if answers else next(key for key in texts if key != ask)
    confidence = 0.95 if known else 0.9 if asks or answers else 0.5
    reason = f"each turn in {facts.path} has {ask} and {answer}"
    if not known:
        reason += f"; {answer} is taken for the assistant" if not answers else f"; {ask} is taken for the user"
    turns = TurnList(facts.path, speakers=((ask, "user"), (answer, "assistant")))
    return "turn-pairs", "Questions and answers in a list", turns, reason, confidence


def _by_place(facts: FieldFacts, entries: Sequence[object]) -> _Shape | None:
    turns = TurnList(facts.path, speakers=BY_PLACE)
    if entries and all(isinstance(entry, list) and len(entry) == 2 and _texts(entry) for entry in entries):
        reason = f"{facts.path} is a list of pairs, taken for question and answer"
        return "turn-pairs", "Questions and answers in a list", turns, reason, 0.85
    if (
        len(entries) >= 2
        and _texts(entries)
        and facts.path in ("data", "conversation", "conversations", "dialog", "对话")
    ):
        return "texts-in-turn", "Texts in turn", turns, f"{facts.path} is a list of texts, taken for a talk", 0.8
    return None


def _texts(values: Sequence[object]) -> bool:
    return all(isinstance(value, str) for value in values)


def _means(key: str, role: str) -> bool:
    return role_named(key) == role


def _system(fields: Sequence[FieldFacts]) -> tuple[Turn, ...]:
    found = system_field(fields)
    return (Turn("system", field(found)),) if found else ()


def system_field(fields: Sequence[FieldFacts]) -> str | None:
    """The field that holds instructions, if there is one."""
    return next(
        (facts.path for facts in fields if facts.kind == "a string" and names.plain(facts.path) in names.SYSTEM), None
    )


def _tools(beside: str, fields: Sequence[FieldFacts]) -> str:
    folder = beside.rpartition(".")[0]
    return next(
        (
            facts.path
            for facts in fields
            if facts.is_list and names.plain(facts.path) in names.TOOLS and facts.path.rpartition(".")[0] == folder
        ),
        "",
    )
