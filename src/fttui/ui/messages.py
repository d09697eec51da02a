"""Messages that cross screens."""

from __future__ import annotations
