"""The last days of a base on the command line: in a line for people, and as an object."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from fttui.cli.frame import talk
from fttui.cli.paint import paint
from fttui.domain.jobs.lifecycle import Lifecycle
from fttui.domain.text import safe_line

if TYPE_CHECKING:
    from fttui.services.container import Services


def today_at(seconds: float | None = None) -> date:
    """The day in UTC at a moment, now if absent.

    Args:
        seconds: unix seconds.
    """
    return (datetime.now(UTC) if seconds is None else datetime.fromtimestamp(seconds, UTC)).date()


def lifecycle_object(lifecycle: Lifecycle | None, today: date) -> dict[str, object] | None:
    """The last days of a base as ``--json`` promises them."""
    if lifecycle is None:
        return None
    return {
        "training_ends": lifecycle.training_ends.isoformat() if lifecycle.training_ends else None,
        "shuts_down": lifecycle.shuts_down.isoformat() if lifecycle.shuts_down != date.max else None,
        "days_left": (lifecycle.shuts_down - today).days if lifecycle.shuts_down != date.max else None,
        "trainable": lifecycle.can_train(today),
        "source": lifecycle.source,
    }


def ending_line(model: str, lifecycle: Lifecycle | None, today: date) -> str:
    """When a base and its tunes end, in a painted line; empty where nothing is announced."""
    if lifecycle is None:
        return ""
    colour = "red" if not lifecycle.can_train(today) else "yellow" if lifecycle.ends_soon(today) else ""
    words = f"{model} {ending_words(lifecycle, today)} ({lifecycle.source})"
    return paint(f"Base     {words}", colour) if colour else f"Base     {paint(words)}"


def ending_words(lifecycle: Lifecycle | None, today: date) -> str:
    """How long a model is there and takes jobs, in words; empty where nothing is announced."""
    parts = (lifecycle.words(today), lifecycle.training_words(today)) if lifecycle is not None else ()
    return "; ".join(part for part in parts if part)


def tell_end(services: Services, profile: str | None, model: str) -> None:
    """Say before a talk that the model ends within weeks, or has; on standard error."""
    today, lifecycle = today_at(services.clock.now()), services.ending_of(model, profile)
    if lifecycle is not None and lifecycle.ends_soon(today):
        talk(f"{safe_line(model)} {lifecycle.words(today)} ({lifecycle.source}).")


def closed_words(model: str, lifecycle: Lifecycle | None, today: date) -> str:
    """Why no job can be started on a base, in a sentence; empty where one can, or where nothing is announced."""
    if lifecycle is None or lifecycle.can_train(today):
        return ""
    return f"{model} {lifecycle.training_words(today)}"
