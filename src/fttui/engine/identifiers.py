"""New ids in the protocol's style: a prefix and random letters and digits."""

from __future__ import annotations

import re
import secrets
import string
import time
import unicodedata

_ALPHABET = string.ascii_letters + string.digits


def new_id(prefix: str, length: int = 24) -> str:
    """Return `prefix` followed by `length` random characters."""
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(length))


def name_part(text: str) -> str:
    """Return a text as a part of a model's name: letters, digits, `-` and `_`; what is between becomes one dash.

    A colon above all would make another part of it.
    """
    return re.sub(r"[^\w-]+", "-", unicodedata.normalize("NFC", text)).strip("-")


def unix_now() -> int:
    """Return the time as the protocol counts it, in whole seconds."""
    return int(time.time())
