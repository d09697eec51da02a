"""How long to wait before asking again."""

from __future__ import annotations


def full_jitter(failures: int, chance: float, *, base: float = 1.0, longest: float = 60.0) -> float:
    """Seconds to wait after some failures in a row: anything up to a limit that doubles with each.

    Args:
        failures: how many there were, from 1.
        chance: a random share, 0 to 1, so that many clients do not come back at once.
        base: the limit after the first failure, seconds.
        longest: the limit that is never passed, seconds.
    """
    doublings = min(max(failures - 1, 0), 32)
    return min(base * float(2**doublings), longest) * min(max(chance, 0.0), 1.0)
