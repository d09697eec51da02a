"""A distribution as upright bars in rows of text."""

from __future__ import annotations

from collections.abc import Sequence

from fttui.ui import present

BLOCKS = " ▁▂▃▄▅▆▇█"
PLAIN_BLOCKS = " .:|#"
WIDEST_BAR = 8


def merged(counts: Sequence[int], bars: int) -> list[int]:
    """Counts of neighbouring bins added up so that at most so many bars remain."""
    together = -(-len(counts) // max(bars, 1)) or 1
    return [sum(counts[start : start + together]) for start in range(0, len(counts), together)]


def bar_rows(counts: Sequence[int], width: int, height: int, *, ascii: bool = False) -> list[str]:
    """Rows from the top, each at most `width` cells; the highest bar fills them all, no count but 0 is invisible."""
    blocks = PLAIN_BLOCKS if ascii else BLOCKS
    steps = len(blocks) - 1
    shown = merged(counts, width)
    most = max(shown, default=0)
    if most == 0 or height <= 0:
        return [""] * max(height, 0)
    cells = min(max(width // len(shown), 1), WIDEST_BAR)
    gap = 1 if cells > 2 else 0
    levels = [max(round(count / most * height * steps), 1) if count else 0 for count in shown]
    rows = []
    for row in range(height - 1, -1, -1):
        bars = (blocks[min(max(level - row * steps, 0), steps)] * (cells - gap) + " " * gap for level in levels)
        rows.append("".join(bars))
    return rows


def axis_row(first: int, last: int, bars: int, width: int) -> str:
    """The values under the bars: each where every bar is one value and there is room, else the ends and the middle."""
    cells = width // max(bars, 1)  # the bars take all of the width they are given here
    longest = len(present.count(last))
    if bars == last - first + 1 and cells > longest:
        shift = max((cells - 1 - longest) // 2, 0)
        return "".join((" " * shift + present.count(value)).ljust(cells) for value in range(first, last + 1)).rstrip()
    left, right = present.count(first), present.count(last)
    middle = present.count((first + last) // 2)
    room = width - len(left) - len(right)
    if room < 1:
        return left[:width]
    if room < len(middle) + 4 or last - first < 2:
        return left + " " * room + right
    before = max((width - len(middle)) // 2 - len(left), 1)
    return left + " " * before + middle + " " * (room - before - len(middle)) + right
