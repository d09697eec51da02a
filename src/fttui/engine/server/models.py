"""/models: the bases, what jobs made of them, and the checkpoints on the way."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from fttui.engine.base_models import BASE_MODELS
from fttui.engine.json_values import JsonObject
from fttui.engine.server.context import Context, context_of
from fttui.engine.server.failures import ApiError, no_such_model

_BASE_OWNER = "fttui"
_TUNED_OWNER = "org-local"


def routes() -> list[Route]:
    """Return the endpoints; a model's name may hold slashes and colons."""
    return [
        Route("/v1/models", list_models, methods=["GET"]),
        Route("/v1/models/{name:path}", retrieve_model, methods=["GET"]),
        Route("/v1/models/{name:path}", delete_model, methods=["DELETE"]),
    ]


def weights_of(context: Context, name: str) -> Path | None:
    """Return where a model's weights lie, None for a base model.

    Raises:
        ApiError: there is no such model.
    """
    if name in BASE_MODELS:
        return None
    model = context.models.find(name)
    if model is None:
        raise no_such_model(name)
    return context.home.weights(model.weights)


def list_models(request: Request) -> Response:
    """GET /models."""
    bases = [_model_object(name, created, _BASE_OWNER) for name, created in BASE_MODELS.items()]
    tuned = [_model_object(model.name, model.created, _TUNED_OWNER) for model in context_of(request).models.all()]
    return JSONResponse({"object": "list", "data": [*bases, *tuned]})


def retrieve_model(request: Request) -> Response:
    """GET /models/{name}."""
    name = request.path_params["name"]
    if name in BASE_MODELS:
        return JSONResponse(_model_object(name, BASE_MODELS[name], _BASE_OWNER))
    model = context_of(request).models.find(name)
    if model is None:
        raise no_such_model(name)
    return JSONResponse(_model_object(model.name, model.created, _TUNED_OWNER))


def delete_model(request: Request) -> Response:
    """DELETE /models/{name}; jobs that go on from it keep their own hold on its weights."""
    context = context_of(request)
    name = request.path_params["name"]
    weights = weights_of(context, name)
    if weights is None:
        raise ApiError(f"The base model `{name}` cannot be deleted.", status=403, param="model")
    context.models.remove(name)
    context.loaded.forget(name)
    weights.unlink(missing_ok=True)
    return JSONResponse({"id": name, "object": "model", "deleted": True})


def _model_object(name: str, created: int, owner: str) -> JsonObject:
    return {"id": name, "object": "model", "created": created, "owned_by": owner}
