"""Removing what nobody can reach any more."""

from __future__ import annotations

import asyncio

from fttui.engine.identifiers import unix_now
from fttui.engine.server.context import Context
from fttui.engine.server.uploads import drop_upload
from fttui.engine.store.uploads import UploadStatus

_EVERY_SECONDS = 60.0


async def keep_house(context: Context) -> None:
    """Tidy up now and then, until cancelled."""
    while True:
        await asyncio.to_thread(tidy, context)
        await asyncio.sleep(_EVERY_SECONDS)


def tidy(context: Context) -> None:
    """Remove expired files and uploads whose time is over."""
    now = unix_now()
    for file_id in context.files.expired(now):
        context.files.remove(file_id)
        context.home.file(file_id).unlink(missing_ok=True)
    for upload_id in context.uploads.overdue(now):
        drop_upload(context, upload_id, UploadStatus.EXPIRED)
