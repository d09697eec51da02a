"""Keeps freed memory for the next training step."""

from __future__ import annotations

import ctypes

# Parameter numbers of mallopt(3) in glibc's malloc.h.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_KEPT_BYTES = 256 << 20
# The largest value that every version of glibc accepts; no array of a step is larger.
_LARGEST_ARRAY = 32 << 20


def keep_freed_memory() -> None:
    """Tell the C library not to hand freed arrays back to the system, where it is one that can be told.

    Each step frees some 20 MB and asks for the same again; fetching those pages anew costs a quarter of the step.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)
        mallopt(_MMAP_THRESHOLD, _LARGEST_ARRAY)
