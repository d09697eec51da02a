"""What every endpoint works with."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from fttui.engine.home import EngineHome
from fttui.engine.server.inference import ModelCache
from fttui.engine.server.scheduler import Scheduler
from fttui.engine.store.database import Database
from fttui.engine.store.files import FileShelf
from fttui.engine.store.jobs import JobShelf
from fttui.engine.store.models import ModelShelf
from fttui.engine.store.uploads import UploadShelf


@dataclass(frozen=True, slots=True)
class Context:
    """The parts of one running server."""

    home: EngineHome
    database: Database
    files: FileShelf
    uploads: UploadShelf
    jobs: JobShelf
    models: ModelShelf
    scheduler: Scheduler
    loaded: ModelCache


def context_of(request: Request) -> Context:
    """Return the parts of the server that answers a request."""
    context = request.app.state.context
    if not isinstance(context, Context):
        raise TypeError("the application was put together without its parts")
    return context
