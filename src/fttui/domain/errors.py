"""The errors a person may see, as one tree; what a module has of its own hangs on one of these.

The command line exits with 3 for errors of the provider and of the engine, and with 2 for all others.

FttuiError
├── UsageError                 wrong use, or something unreadable
│   ├── UnreadableFileError    a file that cannot be opened, or is not what it should be
│   ├── SettingsError          settings that do not hold together
│   ├── MappingError           a mapping of fields to messages that does not hold together
│   └── RefusedLaunchError     a launch stopped on this side: findings, cost above the cap, no consent
├── ProviderError              the provider refused or could not be reached
│   ├── UnreachableError       no answer: connection, name, TLS, time-out
│   ├── MalformedAnswerError   an answer that is not what the protocol promises
│   ├── UnconfirmedLaunchError a job was asked for, and whether there is one is not known
│   └── RefusedError           a clear refusal, with status and code
│       ├── KeyRefusedError    401: the key is missing or not accepted
│       ├── ForbiddenError     403: the key may not do this
│       │   └── TrainingClosedError  the provider takes no more jobs from this organisation
│       ├── NotFoundError      404: no such job, file or model
│       └── RateLimitedError   429: too many requests, or no quota left
├── KeyStoreError              the store for API keys is absent, locked, silent or unsafe
├── JournalError               the local record of jobs cannot be read or written
└── EngineError                the embedded engine could not be started or stopped answering
"""

from __future__ import annotations

from typing import ClassVar


class FttuiError(Exception):
    """Something a person should be told in plain words.

    Args:
        message: what happened, naming the thing.
        hint: what to do about it; empty when there is nothing to say.
    """

    title: ClassVar[str] = "Something went wrong"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(FttuiError):
    """Wrong use of the program."""

    title = "That cannot be done"


class UnreadableFileError(UsageError):
    """A file that cannot be opened, or is not what it should be."""

    title = "File cannot be read"


class SettingsError(UsageError):
    """Settings that do not hold together."""

    title = "Settings are wrong"


class MappingError(UsageError):
    """A mapping of fields to messages that does not hold together."""

    title = "Mapping is wrong"


class RefusedLaunchError(UsageError):
    """A launch that was stopped on this side, before a job was asked for."""

    title = "Not launched"


class ProviderError(FttuiError):
    """The provider refused, or could not be reached."""

    title = "The provider did not do it"


class UnreachableError(ProviderError):
    """No answer came: connection, name resolution, TLS or time-out."""

    title = "Cannot reach the provider"


class MalformedAnswerError(ProviderError):
    """An answer came that is not what the protocol promises."""

    title = "The answer makes no sense"


class UnconfirmedLaunchError(ProviderError):
    """A job was asked for once, the answer was lost, and no such job was found since."""

    title = "Launch not confirmed"


class RefusedError(ProviderError):
    """The provider said no.

    Args:
        message: the provider's own words, already safe to show.
        status: the HTTP status.
        code: the provider's error code, if it gave one.
        param: the parameter it complained about, if it named one.
        request_id: what to quote to the provider's support, if it gave one.
        hint: what to do about it.
    """

    title = "The provider refused"

    def __init__(
        self,
        message: str,
        *,
        status: int,
        code: str | None = None,
        param: str | None = None,
        request_id: str | None = None,
        hint: str = "",
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.code = code
        self.param = param
        self.request_id = request_id

    @property
    def may_be_done(self) -> bool:
        """Whether what was asked for may have been done all the same: the conflict may be with an earlier asking."""
        return self.status == 409


class KeyRefusedError(RefusedError):
    """The key is missing, or not accepted (401)."""

    title = "The key was not accepted"


class ForbiddenError(RefusedError):
    """The key may not do this (403); `code` tells a closed training service apart."""

    title = "Not allowed"


class TrainingClosedError(ForbiddenError):
    """The provider takes no more jobs from this organisation; what was trained can still be used."""

    title = "Training is closed here"


class NotFoundError(RefusedError):
    """No such job, file or model (404)."""

    title = "Not found"


class RateLimitedError(RefusedError):
    """Too many requests, or no quota left (429)."""

    title = "Too many requests"

    retry_after: float | None = None
    """Seconds the provider asks to wait, if it said."""


class KeyStoreError(FttuiError):
    """The store for API keys is absent, locked, silent or unsafe."""

    title = "Key store"


class JournalError(FttuiError):
    """The local record of jobs cannot be read or written."""

    title = "Journal"


class EngineError(FttuiError):
    """The embedded engine could not be started, or stopped answering."""

    title = "Embedded engine"
