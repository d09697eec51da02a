"""Talks to the key store of the operating system in a process of its own; nothing else imports keyring.

Reads one JSON request on standard input, prints one JSON answer:

    {"operation": "state" | "get" | "set" | "delete" | "unlock", "username", "key", "allow_pass"}
    {"backend", "available", "locked", "reason", "key", "done"}

It never prompts, except for `unlock`. The caller kills it when it takes too long.
"""

from __future__ import annotations

import json
import sys
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

Reply = dict[str, str | bool | None]

SERVICE = "fttui"
TRUSTED = {
    "keyring.backends.SecretService": "Secret Service",
    "keyring.backends.libsecret": "libsecret",
    "keyring.backends.kwallet": "KWallet",
    "keyring.backends.macOS": "macOS Keychain",
    "keyring.backends.Windows": "Windows Credential Manager",
}
THROUGH_PASS = "keyring_pass"  # noqa: S105 - the name of a module
_ON_SECRET_SERVICE = ("keyring.backends.SecretService", "keyring.backends.libsecret")


class Unavailable(Exception):  # noqa: N818 - a state, told to the parent in words
    """No store that keys may be given to."""

    def __init__(self, backend: str, reason: str) -> None:
        super().__init__(reason)
        self.backend = backend
        self.reason = reason


def main() -> None:
    """Answer one request."""
    request = json.loads(sys.stdin.buffer.read())
    try:
        reply = _answer(request)
    except Unavailable as found:
        reply = {"backend": found.backend, "available": False, "locked": False, "reason": found.reason}
    sys.stdout.write(json.dumps(reply))


def _answer(request: dict[str, str | bool]) -> Reply:
    from keyring.errors import KeyringError

    backend = _choose(allow_pass=bool(request.get("allow_pass")))
    reply: Reply = {"backend": _name(backend), "available": True, "locked": False, "reason": ""}
    operation = str(request["operation"])
    if _locked(backend):
        if operation != "unlock":
            return reply | {"locked": True, "reason": "the key store is locked"}
        _unlock()
        still = _locked(backend)
        return reply | {"locked": still, "reason": "the key store stayed locked" if still else "", "done": not still}
    try:
        return reply | _carry_out(backend, operation, str(request.get("username", "")), str(request.get("key", "")))
    except (KeyringError, OSError) as error:
        # The kind of the error says enough; its text could hold anything.
        return reply | {"available": False, "reason": f"the key store refused ({type(error).__name__})"}


def _carry_out(backend: KeyringBackend, operation: str, username: str, key: str) -> Reply:
    from keyring.errors import PasswordDeleteError

    match operation:
        case "get":
            return {"key": backend.get_password(SERVICE, username)}
        case "set":
            backend.set_password(SERVICE, username, key)
            if backend.get_password(SERVICE, username) == key:
                return {"done": True}
            return {"done": False, "reason": "the key store did not keep the key"}
        case "delete":
            try:
                backend.delete_password(SERVICE, username)
            except PasswordDeleteError:
                return {"done": False}
            return {"done": True}
        case _:
            return {"done": True}


def _choose(*, allow_pass: bool) -> KeyringBackend:
    import keyring
    from keyring.backends.chainer import ChainerBackend
    from keyring.backends.fail import Keyring as NoKeyring
    from keyring.core import load_keyring

    try:
        found = load_keyring(f"{THROUGH_PASS}.PasswordStoreBackend") if allow_pass else keyring.get_keyring()
    except (ImportError, AttributeError, ValueError, RuntimeError):
        if allow_pass:
            raise Unavailable("pass", "the keyring-pass package and the pass program are not both there") from None
        raise Unavailable("none", "the keyring configuration names something that cannot be loaded") from None
    candidates = list(found.backends) if isinstance(found, ChainerBackend) else [found]
    for backend in candidates:
        module = type(backend).__module__
        if module in TRUSTED or (allow_pass and module == THROUGH_PASS):
            return backend
    if not candidates or isinstance(found, NoKeyring):
        raise Unavailable("none", "there is no key store on this system")
    place = type(candidates[0]).__module__
    raise Unavailable(place, f"{place} does not keep keys safely")


def _name(backend: KeyringBackend) -> str:
    return TRUSTED.get(type(backend).__module__, "pass")


def _uses_secret_service(backend: KeyringBackend) -> bool:
    return type(backend).__module__ in _ON_SECRET_SERVICE


def _locked(backend: KeyringBackend) -> bool:
    """Ask without a prompt; stores that cannot be asked count as open and are left to the time limit."""
    if not _uses_secret_service(backend):
        return False
    import secretstorage
    from secretstorage.exceptions import ItemNotFoundException

    with closing(secretstorage.dbus_init()) as bus:
        try:
            return bool(secretstorage.Collection(bus).is_locked())
        except ItemNotFoundException:
            # Without a collection the first write asks a person for a password.
            return True


def _unlock() -> None:
    import secretstorage
    from secretstorage.exceptions import SecretStorageException

    with closing(secretstorage.dbus_init()) as bus:
        try:
            collection = secretstorage.get_default_collection(bus)
            if collection.is_locked():
                collection.unlock()
        except SecretStorageException:
            # Dismissed: the caller asks again whether it is locked.
            return


if __name__ == "__main__":
    main()
