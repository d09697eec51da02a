"""A provider to talk to: its address, its dialect, where its key comes from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from urllib.parse import urlsplit

from fttui.domain.profiles.secret import Secret


class Dialect(StrEnum):
    """Which kind of server stands behind a profile."""

    ENGINE = "engine"
    OPENAI = "openai"
    AZURE = "azure"
    NEBIUS = "nebius"
    COMPATIBLE = "compatible"


class KeySource(StrEnum):
    """Where a key was found."""

    COMMAND = "key command"
    ENVIRONMENT = "environment"
    KEYRING = "keyring"
    SESSION = "this session only"
    ENGINE = "embedded engine"
    NONE = "no key"


@dataclass(frozen=True, slots=True)
class Profile:
    """A named provider. `base_url` is empty for the embedded engine, whose address is found when needed."""

    name: str
    dialect: Dialect
    base_url: str = ""
    key_command: tuple[str, ...] = ()
    key_variable: str = ""
    """The environment variable that may hold the key for exactly this address."""
    key_optional: bool = False
    """Whether the server also answers without a key."""
    api_version: str = ""
    """Azure's older style: the version every request names; empty for the style under ``/openai/v1``."""
    training_tier: str = ""
    """Azure: where and at what price jobs run; empty for the service's own choice."""
    deployments: tuple[tuple[str, str], ...] = ()
    """Azure: models, each with the name of the deployment that serves it."""

    limits: tuple[tuple[str, int], ...] = ()
    """Limits that a person knows better than the table that ships, each by its name there."""

    def own_limit(self, name: str) -> int | None:
        """The limit of a name where a person knows it better."""
        return dict(self.limits).get(name)

    def deployment_of(self, model: str) -> str | None:
        """The deployment that serves a model, where it was told."""
        return next((deployment for name, deployment in self.deployments if name == model), None)

    def with_deployment(self, model: str, deployment: str) -> Profile:
        """The profile, told which deployment serves a model."""
        others = tuple(pair for pair in self.deployments if pair[0] != model)
        return replace(self, deployments=(*others, (model, deployment)))

    @property
    def host(self) -> str:
        """Host and port, as keys are filed under."""
        return urlsplit(self.base_url).netloc


@dataclass(frozen=True, slots=True)
class Credential:
    """A key and where it came from; `key` is None where none was found."""

    key: Secret | None
    source: KeySource
    note: str = ""
    """What else to know, such as a stored key that the environment hides."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What a client needs to talk to a profile: the resolved address and key."""

    profile: Profile
    base_url: str
    credential: Credential = field(default_factory=lambda: Credential(None, KeySource.NONE))


LOCAL = Profile("local", Dialect.ENGINE)
OPENAI_BASE_URL = "https://api.openai.com/v1"
OPENAI = Profile("openai", Dialect.OPENAI, OPENAI_BASE_URL, key_variable="OPENAI_API_KEY")
BUILT_IN: tuple[Profile, ...] = (LOCAL, OPENAI)
