"""Shapes in which a row holds a question and an answer, or two answers, in fields of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace

from fttui.domain.dataset.mapping import names
from fttui.domain.dataset.mapping.field_facts import FieldFacts
from fttui.domain.dataset.mapping.field_path import as_text, value_at
from fttui.domain.dataset.mapping.list_shapes import BY_PLACE, system_field
from fttui.domain.dataset.mapping.proposal import Proposal, weight
from fttui.domain.dataset.mapping.row_mapping import RowMapping, Target, Turn, TurnList
from fttui.domain.dataset.mapping.template import field
from fttui.domain.dataset.preparation.columns import ENDINGS, LAST_ENDING, LAST_SEPARATOR, SEPARATORS

Row = Mapping[str, object]
_SEPARATOR_LENGTH = 12
"""Characters of the longest ending of prompts that is taken for a separator."""
_ENDS_OF_SENTENCES = frozenset("。？！?!.…”\"')）")
_KNOWN_ENDINGS = tuple(
    ending for ending in (*SEPARATORS, LAST_SEPARATOR, *ENDINGS, LAST_ENDING, "\nEND") if ending.strip(" \n.")
)
"""What the former preparation tool of the base models of old put at the ends of prompts and completions."""


def column_shapes(rows: Sequence[Row], fields: Sequence[FieldFacts]) -> Iterator[Proposal]:
    """Preference pairs, prompt and completion, instruction and output, question and answer, text alone."""
    texts = [facts for facts in fields if facts.kind in ("a string", "mixed", "a number") and facts.filled]
    system = system_field(fields)
    turns = (Turn("system", field(system)),) if system else ()
    preference = list(_preference(fields, texts, turns))
    yield from preference
    if preference:
        return
    completion = list(_prompt_completion(rows, texts))
    yield from completion
    alpaca = () if completion else tuple(_alpaca(fields, texts, turns))
    yield from alpaca
    if not completion and not alpaca:
        yield from _question_answer(fields, texts, turns, system)
    yield from _text_alone([facts for facts in texts if facts.path != system])


def _preference(
    fields: Sequence[FieldFacts], texts: Sequence[FieldFacts], turns: tuple[Turn, ...]
) -> Iterator[Proposal]:
    better = _named(fields, names.CHOSEN)
    worse = _named(fields, names.REJECTED)
    if not better or not worse:
        return
    answers = RowMapping(Target.PREFERENCE, preferred=field(better[0].path), non_preferred=field(worse[0].path))
    filled = min(better[0].filled, worse[0].filled)
    whole = next((facts for facts in fields if facts.path == "input.messages" and facts.is_list), None)
    if whole is not None:
        tools = "input.tools" if any(facts.path == "input.tools" for facts in fields) else ""
        mapping = replace(answers, turn_list=TurnList("input.messages"), tools=tools)
        reason = "input, preferred and non-preferred output; such rows go through as they are"
        yield Proposal("preference", "Preference pairs", mapping, reason, 0.97)
        return
    asked = [facts for facts in _named(texts, names.QUESTION) if facts.path not in (better[0].path, worse[0].path)]
    said = f"{better[0].path} and {worse[0].path}"
    if asked:
        mapping = replace(answers, turns=(*turns, Turn("user", field(asked[0].path))))
        yield Proposal("preference", "Preference pairs", mapping, f"{asked[0].path} with {said}", 0.95 * weight(filled))
    else:
        mapping = replace(answers, turns=turns)
        talks = better[0].is_list or "\n\nAssistant:" in "".join(better[0].samples)
        reason = f"{said} {'hold whole talks' if talks else 'with no question beside them'}"
        yield Proposal("preference", "Preference pairs", mapping, reason, (0.9 if talks else 0.5) * weight(filled))


def _prompt_completion(rows: Sequence[Row], texts: Sequence[FieldFacts]) -> Iterator[Proposal]:
    by_name = {names.plain(facts.path): facts for facts in texts}
    prompt, completion = by_name.get("prompt"), by_name.get("completion")
    if prompt is None or completion is None:
        return
    separator = _shared_ending([as_text(value_at(row, prompt.path)) for row in rows])
    stop = _shared_ending([as_text(value_at(row, completion.path)) for row in rows])
    asked = field(prompt.path, *_without(separator), "trim")
    answer = field(completion.path, *_without(stop), "trim")
    reason = "prompt and completion, made into a question and an answer"
    taken = [repr(ending) for ending in (separator, stop) if ending]
    reason += f"; the ending {' and '.join(taken)} is taken off" if taken else ""
    mapping = RowMapping(turns=(Turn("user", asked), Turn("assistant", answer)))
    yield Proposal("prompt-completion", "Prompt and completion", mapping, reason, 0.95 * weight(completion.filled))
    kept = RowMapping(Target.COMPLETION, prompt=field(prompt.path), completion=field(completion.path))
    yield Proposal("prompt-completion-kept", "Prompt and completion, kept", kept, "prompt and completion stay", 0.6)


def _alpaca(fields: Sequence[FieldFacts], texts: Sequence[FieldFacts], turns: tuple[Turn, ...]) -> Iterator[Proposal]:
    instruction, output = _named(texts, names.INSTRUCTION), _named(texts, names.OUTPUT)
    if not instruction or not output:
        return
    # The second part of a question is often empty, perhaps in all rows that were looked at.
    given = [facts for facts in fields if names.plain(facts.path) in names.INPUT and not facts.is_list]
    user = field(instruction[0].path) + (f"[[\\n\\n{field(given[0].path)}]]" if given else "")
    history = next((facts for facts in fields if names.plain(facts.path) in names.HISTORY and facts.is_list), None)
    turn_list = TurnList(history.path, speakers=BY_PLACE) if history is not None else None
    mapping = RowMapping(
        turns=(*turns, Turn("user", user), Turn("assistant", field(output[0].path))), turn_list=turn_list
    )
    used = [*instruction[:1], *given[:1], *output[:1], *([history] if history else [])]
    reason = f"the columns {', '.join(facts.path for facts in used)}"
    yield Proposal("alpaca", "Alpaca", mapping, reason, 0.96 * weight(output[0].filled))


def _question_answer(
    fields: Sequence[FieldFacts], texts: Sequence[FieldFacts], turns: tuple[Turn, ...], system: str | None
) -> Iterator[Proposal]:
    asked, answers = _named(texts, names.QUESTION), _named(texts, names.ANSWER)
    lists = [facts for facts in fields if facts.is_list and _answers_inside(facts)]
    answer_paths = [facts.path for facts in answers] or [f"{facts.path}[0]" for facts in lists]
    filled = {facts.path: facts.filled for facts in fields}
    if asked and answer_paths:
        context = [facts.path for facts in _named(texts, names.INPUT) if facts.path != asked[0].path]
        before = f"[[{field(context[0])}\\n\\n]]" if context and context[0] not in answer_paths else ""
        several = len(asked) > 1 or len(answer_paths) > 1
        for question in asked[:3]:
            for answer in answer_paths[:3]:
                if question.path == answer:
                    continue
                share = min(question.filled, filled.get(answer, filled.get(answer.removesuffix("[0]"), 1.0)))
                said = (Turn("user", before + field(question.path)), Turn("assistant", field(answer)))
                reason = f"{question.path} asks, {answer} answers"
                mapping = RowMapping(turns=(*turns, *said))
                confidence = (0.6 if several else 0.93) * weight(share)
                yield Proposal("question-answer", "Questions and answers", mapping, reason, confidence)
        return
    free = [facts for facts in texts if facts.path != system and facts.kind == "a string"]
    if len(free) == 2:
        question, reply = free
        mapping = RowMapping(turns=(*turns, Turn("user", field(question.path)), Turn("assistant", field(reply.path))))
        reason = f"two columns of text: {question.path} might ask, {reply.path} might answer"
        yield Proposal("two-columns", "Two columns of text", mapping, reason, 0.45)


def _answers_inside(facts: FieldFacts) -> bool:
    named = any(names.plain(part) in names.ANSWER for part in facts.path.split("."))
    return named and bool(facts.samples) and facts.samples[0].startswith('["')


def _text_alone(texts: Sequence[FieldFacts]) -> Iterator[Proposal]:
    named = _named(texts, names.TEXT)
    alone = len(texts) == 1
    if not alone and not named:
        return
    text = texts[0] if alone else named[0]
    reason = f"{text.path} is the only text" if alone else f"{text.path} holds text"
    mapping = RowMapping(Target.COMPLETION, completion=field(text.path))
    known = bool(named) or text.path in ("text", "文本")
    yield Proposal(
        "text", "Text alone", mapping, f"{reason}: to be continued from nothing", 0.8 if alone and known else 0.5
    )


def _named(fields: Sequence[FieldFacts], wanted: Set[str]) -> list[FieldFacts]:
    return [facts for facts in fields if names.plain(facts.path) in wanted and facts.filled]


def _shared_ending(texts: Sequence[str]) -> str:
    """What all texts end with, if it is short and without a letter or digit that would be part of the text."""
    filled = [text for text in texts if text.strip()]
    if len(filled) < 3 or len(set(filled)) < 2:
        return ""
    ending = filled[0]
    for text in filled:
        while not text.endswith(ending):
            ending = ending[1:]
    known = [entry for entry in _KNOWN_ENDINGS if ending.endswith(entry)]
    if known:
        return max(known, key=len)
    # What ends a sentence, or is a word of it, belongs to the text.
    while ending and (ending[0].isalnum() or ending[0] in _ENDS_OF_SENTENCES):
        ending = ending[1:]
    plain = ending.strip()
    return ending if plain and len(ending) <= _SEPARATOR_LENGTH and not plain.isalpha() else ""


def _without(ending: str) -> tuple[str, ...]:
    if not ending:
        return ()
    shown = "".join({"\n": "\\n", "\t": "\\t"}.get(sign, f"\\{sign}" if sign in "{}[]|\\" else sign) for sign in ending)
    return (f"without {shown}",)
