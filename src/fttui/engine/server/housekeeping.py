"""Removing what nobody can reach any more: what has expired, and what a killed server left half done."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from pathlib import Path

from fttui.engine.identifiers import unix_now
from fttui.engine.room import SpareRoom
from fttui.engine.server.context import Context
from fttui.engine.server.uploads import drop_upload
from fttui.engine.store.uploads import UploadStatus

_log = logging.getLogger("fttui.engine")

_EVERY_SECONDS = 60.0
_ABANDONED_SECONDS = 2 * 3600


async def keep_house(context: Context) -> None:
    """Tidy up now and then, until cancelled."""
    while True:
        try:
            await asyncio.to_thread(tidy, context)
        except (OSError, sqlite3.Error):
            _log.exception("the engine's folder could not be tidied")
        await asyncio.sleep(_EVERY_SECONDS)


def tidy(context: Context) -> None:
    """Remove expired files, uploads whose time is over, and content that nothing refers to; keep some room spare."""
    now = unix_now()
    for file_id in context.files.expired(now):
        context.files.remove(file_id)
        context.home.file(file_id).unlink(missing_ok=True)
    for upload_id in context.uploads.overdue(now):
        drop_upload(context, upload_id, UploadStatus.EXPIRED)
    _remove_abandoned(context.home.files, context.files.ids())
    _remove_abandoned(context.home.parts, context.uploads.part_ids())
    _remove_abandoned(context.home.models, context.models.weights())
    SpareRoom(context.home.spare).keep()


def _remove_abandoned(folder: Path, known: set[str]) -> None:
    """Remove content whose record was never written; what is young may still get one."""
    oldest = time.time() - _ABANDONED_SECONDS
    for path in folder.iterdir():
        if path.name not in known and path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
