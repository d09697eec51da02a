"""Numbers as people read them: sizes, durations, dates, money, counts."""

from __future__ import annotations

import math
from datetime import UTC, datetime, tzinfo
from pathlib import PurePath

from fttui.domain import counts
from fttui.domain import money as sums

money = sums.money
counted = counts.counted


def count(number: int) -> str:
    """A whole number with its thousands apart."""
    return f"{number:,}"


def short_count(number: int) -> str:
    """A number in at most five characters: 999, 12.3k, 4.56M."""
    for limit, divisor, unit in ((1_000, 1, ""), (1_000_000, 1_000, "k"), (1_000_000_000, 1_000_000, "M")):
        if number < limit:
            return str(number) if divisor == 1 else _three_digits(number / divisor, unit)
    return _three_digits(number / 1_000_000_000, "G")


def size(number_of_bytes: int) -> str:
    """Bytes in the nearest decimal unit."""
    if number_of_bytes < 1000:
        return f"{number_of_bytes} B"
    value = float(number_of_bytes)
    for unit in ("kB", "MB", "GB", "TB"):
        value /= 1000
        if value < 999.5 or unit == "TB":
            return _three_digits(value, f" {unit}")
    raise AssertionError("the last unit takes everything")


def _three_digits(value: float, unit: str) -> str:
    digits = 0 if value >= 99.95 else 1
    return f"{value:.{digits}f}{unit}"


def duration(seconds: float) -> str:
    """A span of time in its two largest units."""
    if not math.isfinite(seconds):
        return "unknown"
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    for limit, unit, below, large, small in _SPANS:
        if whole < limit:
            rest = whole % unit // below
            return f"{whole // unit} {large} {rest} {small}" if rest else f"{whole // unit} {large}"
    raise AssertionError("every span is below infinity")


_SPANS = ((3600, 60, 1, "min", "s"), (86400, 3600, 60, "h", "min"), (math.inf, 86400, 3600, "d", "h"))


def moment(unix_seconds: float, zone: tzinfo | None = None) -> str:
    """Date and time to the minute, in local time unless a zone is given."""
    return _local(unix_seconds, zone).strftime("%Y-%m-%d %H:%M")


def day(unix_seconds: float, zone: tzinfo | None = None) -> str:
    """A date."""
    return _local(unix_seconds, zone).strftime("%Y-%m-%d")


def clock(unix_seconds: float, zone: tzinfo | None = None) -> str:
    """A time of day, to the second."""
    return _local(unix_seconds, zone).strftime("%H:%M:%S")


def _local(unix_seconds: float, zone: tzinfo | None) -> datetime:
    try:
        return datetime.fromtimestamp(unix_seconds, UTC).astimezone(zone)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC).astimezone(zone)


def percent(share: float) -> str:
    """A share of one as whole percent; never 100 before all is done."""
    return f"{min(int(share * 100), 99 if share < 1 else 100)} %"


def loss(value: float) -> str:
    """A loss or a rate in four significant digits."""
    return f"{value:.4g}" if math.isfinite(value) else "not a number"


def place(path: PurePath, home: PurePath) -> str:
    """A path as a person writes it: what lies in the home folder begins with ``~``."""
    return f"~/{path.relative_to(home)}" if path != home and path.is_relative_to(home) else str(path)
