"""What providers other than OpenAI answer and refuse, for the server that speaks the protocol from memory."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from fault_server import KEY, FaultServer
from fttui.domain.profiles.profile import Credential, Dialect, Endpoint, KeySource, Profile
from fttui.domain.profiles.secret import Secret
from protocol_memory import Answer, Json, ProtocolMemory, Request, as_json, refused

TOKEN = "eyJhbGciOiJub25lIn0.eyJleHAiOjQxMDAwMDAwMDB9.c2lnbmVk"
"""An Entra token that ends in 2099."""


@dataclass
class AzureMemory(ProtocolMemory):
    """Azure: chats go to deployments, models say until when they train, tunes and checkpoints have its own names."""

    deployment: str = "support-bot"
    api_version: str = ""

    def answer(self, request: Request) -> Answer:
        if request.query.get("api-version", "") != self.api_version:
            return refused(404, "Resource not found", "404")
        if request.path.endswith("/chat/completions"):
            return self._chat(request)
        if request.path == "/models" and request.method == "GET":
            return self._list([self._described(model) for model in self.models.values()])
        return super().answer(request)

    def _chat(self, request: Request) -> Answer:
        path, asked = request.path, request.json
        named = path.split("/")[2] if path.startswith("/deployments/") else asked["model"]
        if bool(self.api_version) != path.startswith("/deployments/") or named != self.deployment:
            return refused(404, "The API deployment for this resource does not exist.", "DeploymentNotFound")
        return Answer(200, self.reply, "text/event-stream")

    def _described(self, model: Json) -> Json:
        return {
            **model,
            "created_at": 1_750_000_000,
            "capabilities": {"fine_tune": True, "inference": False},
            "lifecycle_status": "generally-available",
            "deprecation": {"fine_tune": 1_800_000_000, "inference": 1_830_000_000},
        }

    def start_job(self, body: Json) -> Json:
        if self.api_version and "method" in body:
            raise AssertionError("this api-version knows no method")
        return super().start_job(body)


@dataclass
class NebiusMemory(ProtocolMemory):
    """Nebius: a strict body, a learning rate of its own, jobs that keep no metadata and cannot be paused."""

    keeps_metadata: bool = False

    def answer(self, request: Request) -> Answer:
        if request.path.startswith(("/uploads", "/fine_tuning/alpha")) or request.path.endswith(("/pause", "/resume")):
            return as_json({"detail": "Not Found"}, 404)
        if request.path == "/fine_tuning/jobs" and request.method == "POST":
            wrong = _not_taken(request.json)
            if wrong:
                return as_json(
                    {"detail": [{"loc": ["body", name], "msg": f"{name} is not taken"} for name in wrong]}, 422
                )
        return super().answer(request)


def _not_taken(body: Json) -> list[str]:
    known = {"model", "training_file", "validation_file", "method", "suffix", "seed", "integrations", "hyperparameters"}
    method = body.get("method")
    assert isinstance(method, dict)
    chosen = method["supervised"].get("hyperparameters", {})
    wrong = [name for name in body if name not in known]
    wrong += [name for name in chosen if name in ("learning_rate_multiplier", "beta")]
    return wrong + [name for name in ("lora", "packing") if not isinstance(chosen.get(name, True), bool)]


@dataclass
class ChatOnlyMemory(ProtocolMemory):
    """A server of open models: it lists them and answers, and knows nothing else."""

    def answer(self, request: Request) -> Answer:
        if request.path in ("/models", "/chat/completions"):
            return super().answer(request)
        return Answer(404, json.dumps({"detail": "Not Found"}).encode())


def speak(server: FaultServer, dialect: Dialect, *, api_version: str = "", key: str = KEY) -> Endpoint:
    """Let a server speak as a kind of provider does; return where and how it is talked to."""
    profile = Profile("fault", dialect, server.base_url, api_version=api_version)
    match dialect:
        case Dialect.AZURE:
            older = bool(api_version)
            server.memory = AzureMemory(api_version=api_version)
            server.prefix = "/openai" if older else "/openai/v1"
            if older and key == KEY:
                server.credentials = {"api-key": key}
            else:
                server.credentials = {"authorization": f"Bearer {key}"}
            address = server.base_url.removesuffix("/v1")
            profile = replace(profile, base_url=address, training_tier="GlobalStandard")
        case Dialect.NEBIUS:
            server.memory = NebiusMemory()
        case _:
            server.memory = ProtocolMemory()
    return Endpoint(profile, profile.base_url, Credential(Secret(key), KeySource.SESSION))
