"""The former preparation tool for prompts and completions, written anew from what it is known to do (openai 2.30).

Every remedy is accepted, as with its quiet mode. Works on lists of pairs; errors of the tool end in `Refused`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Pair = tuple[str, str]

SEPARATORS = (" ->", "\n\n###\n\n", "\n\n===\n\n", "\n\n---\n\n", "\n\n===>\n\n", "\n\n--->\n\n")
ENDINGS = ("\n", ".", " END", "***", "+++", "&&&", "$$$", "@@@", "%%%")


class Refused(Exception):  # noqa: N818 - the tool's verdict, not an error of ours
    """The tool stops: all prompts, or all completions, are the same."""


def prepared(pairs: Sequence[Pair]) -> list[Pair]:
    """What the tool writes for some pairs."""
    rows = list(pairs)
    for step in STEPS:
        if rows:
            rows = step(rows)
    return rows


def task_type(rows: list[Pair]) -> str:
    if all(not prompt for prompt, _ in rows):
        return "open-ended generation"
    return "classification" if len({completion for _, completion in rows}) < len(rows) / 3 else "conditional generation"


def drop_empty(rows: list[Pair]) -> list[Pair]:
    return [row for row in rows if row[1]]


def drop_duplicates(rows: list[Pair]) -> list[Pair]:
    return list(dict.fromkeys(rows))


def drop_long(rows: list[Pair]) -> list[Pair]:
    if task_type(rows) == "open-ended generation":
        return rows
    return [row for row in rows if len(row[0]) + len(row[1]) <= 10_000]


def lower_prompts(rows: list[Pair]) -> list[Pair]:
    capitals = mostly_capitals([prompt for prompt, _ in rows])
    return [(prompt.lower(), completion) for prompt, completion in rows] if capitals else rows


def lower_completions(rows: list[Pair]) -> list[Pair]:
    capitals = mostly_capitals([completion for _, completion in rows])
    return [(prompt, completion.lower()) for prompt, completion in rows] if capitals else rows


def mostly_capitals(texts: list[str]) -> bool:
    letters = [letter for text in texts for letter in text if letter.isalpha()]
    return sum(map(str.isupper, letters)) * 2 > sum(map(str.islower, letters))


def add_separator(rows: list[Pair]) -> list[Pair]:
    if task_type(rows) == "open-ended generation":
        return rows
    prompts = [prompt for prompt, _ in rows]
    shared = common_end(prompts)
    if all(prompt == shared for prompt in prompts):
        raise Refused("prompts")
    if shared:
        return rows
    multiline = any("\n" in prompt for prompt in prompts)
    free = [
        entry
        for entry in SEPARATORS
        if not any(entry in prompt for prompt in prompts) and not (entry == " ->" and multiline)
    ]
    separator = free[0] if free else "\n\n### =>\n\n"
    return [(prompt + separator, completion) for prompt, completion in rows]


def strip_prompt_start(rows: list[Pair]) -> list[Pair]:
    prompts = [prompt for prompt, _ in rows]
    shared = common_start(prompts)
    if all(prompt == shared for prompt in prompts) or len(shared) <= 12:
        return rows
    return [(prompt[len(shared) :], completion) for prompt, completion in rows]


def strip_completion_start(rows: list[Pair]) -> list[Pair]:
    completions = [completion for _, completion in rows]
    shared = common_start(completions)
    if len(shared) < 5 or all(completion == shared for completion in completions):
        return rows
    space = " " if shared.startswith(" ") else ""
    return [(prompt, space + completion[len(shared) :]) for prompt, completion in rows]


def add_ending(rows: list[Pair]) -> list[Pair]:
    if task_type(rows) != "conditional generation":
        return rows
    completions = [completion for _, completion in rows]
    shared = common_end(completions)
    if all(completion == shared for completion in completions):
        raise Refused("completions")
    if shared:
        return rows
    free = [entry for entry in ENDINGS if not any(entry in completion for completion in completions)]
    ending = free[0] if free else " [END]"
    return [(prompt, completion + ending) for prompt, completion in rows]


def begin_with_space(rows: list[Pair]) -> list[Pair]:
    return [(prompt, completion if completion.startswith(" ") else " " + completion) for prompt, completion in rows]


STEPS: tuple[Callable[[list[Pair]], list[Pair]], ...] = (
    drop_empty,
    drop_duplicates,
    drop_long,
    lower_prompts,
    lower_completions,
    add_separator,
    strip_prompt_start,
    strip_completion_start,
    add_ending,
    begin_with_space,
)


def common_start(texts: list[str]) -> str:
    shortest = min(texts, key=len)
    for end in range(len(shortest), 0, -1):
        if all(text.startswith(shortest[:end]) for text in texts):
            return shortest[:end]
    return ""


def common_end(texts: list[str]) -> str:
    return common_start([text[::-1] for text in texts])[::-1]
