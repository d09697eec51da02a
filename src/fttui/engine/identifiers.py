"""New ids in the protocol's style: a prefix and random letters and digits."""

from __future__ import annotations

import secrets
import string
import time

_ALPHABET = string.ascii_letters + string.digits


def new_id(prefix: str, length: int = 24) -> str:
    """Return `prefix` followed by `length` random characters."""
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(length))


def unix_now() -> int:
    """Return the time as the protocol counts it, in whole seconds."""
    return int(time.time())
