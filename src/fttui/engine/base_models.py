"""The names of the models training can start from, for code that must not load numpy to know them."""

from __future__ import annotations

BASE_MODELS = {
    "local-nano": 1_795_132_800,
    "local-nano-scratch": 1_795_132_800,
}
"""When each was first offered, in unix seconds."""
