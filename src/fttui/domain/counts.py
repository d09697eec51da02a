"""Numbers of things as people read them."""

from __future__ import annotations


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """``1 example``, ``1,234 examples``; the plural ends in s unless it is given."""
    return f"1 {noun}" if number == 1 else f"{number:,} {plural or f'{noun}s'}"
