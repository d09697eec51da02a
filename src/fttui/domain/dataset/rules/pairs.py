"""Rules about pairs of rows: what is found, in words."""

from __future__ import annotations

from fttui.domain.dataset.finding import Finding
from fttui.domain.dataset.parsing import found


def normalised_duplicate(line: int, first: int, *, same_instructions: bool = True) -> Finding:
    """No row says the same as another but for case and spaces; instructions do not count."""
    apart = "case and spaces" if same_instructions else "case, spaces and system prompt"
    return found("normalised-duplicate", line, "", f"The same as line {first} but for {apart}; keep one")


def near_duplicate(line: int, first: int, share: float) -> Finding:
    """No row says nearly the same as another."""
    return found("near-duplicate", line, "", f"{_alike(share)} the same as line {first}; keep one of them")


def conflicting_answers(line: int, first: int) -> Finding:
    """A prompt has one answer."""
    return found(
        "conflicting-answers", line, "", f"Line {first} has the same prompt and another answer; decide for one"
    )


def normalised_leak(line: int, other: int) -> Finding:
    """No row of the validation file is in the training file but for case and spaces."""
    sentence = f"Line {other} of the validation file is the same but for case and spaces; remove one of them"
    return found("normalised-leak", line, "", sentence)


def near_leak(line: int, other: int, share: float) -> Finding:
    """No row of the validation file is nearly in the training file."""
    sentence = f"{_alike(share)} the same as line {other} of the validation file; remove one of them"
    return found("near-leak", line, "", sentence)


def near_search_left_out(rows: int, most: int) -> Finding:
    """The search for near duplicates was done."""
    sentence = f"{rows:,} rows; near duplicates are looked for up to {most:,}, exact and normalised ones everywhere"
    return found("near-search-left-out", 0, "", sentence)


def _alike(share: float) -> str:
    return f"About {100 * share:.0f} %"
