"""The application: every endpoint, behind one door, with one way to refuse."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp

from fttui.engine.server import chat, completions, files, jobs, models, uploads
from fttui.engine.server.access import Doorkeeper
from fttui.engine.server.context import Context
from fttui.engine.server.failures import (
    ApiError,
    on_api_error,
    on_bug,
    on_client_gone,
    on_http_error,
    on_system_error,
    on_unknown_cursor,
)
from fttui.engine.server.housekeeping import keep_house
from fttui.engine.server.streams import ClientGoneError
from fttui.engine.store.paging import UnknownCursorError


def build_app(context: Context, token: str) -> ASGIApp:
    """Put the application together.

    Args:
        context: the parts of the server.
        token: the bearer token it asks for.
    """

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:  # noqa: ARG001 (starlette's signature)
        tasks = [asyncio.create_task(context.scheduler.run()), asyncio.create_task(keep_house(context))]
        yield
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await context.scheduler.stop()

    app = Starlette(
        routes=[
            *files.routes(),
            *uploads.routes(),
            *jobs.routes(),
            *models.routes(),
            *chat.routes(),
            *completions.routes(),
        ],
        exception_handlers={
            ApiError: on_api_error,
            UnknownCursorError: on_unknown_cursor,
            HTTPException: on_http_error,
            OSError: on_system_error,
            sqlite3.Error: on_system_error,
            ClientGoneError: on_client_gone,
            ClientDisconnect: on_client_gone,
            Exception: on_bug,
        },
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.context = context
    # Outside everything else, so that even the answer to a mistake of this server carries the headers.
    return Doorkeeper(app, token)
