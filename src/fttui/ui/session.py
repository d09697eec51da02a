"""One run of the screens, from the words of the command line to an exit code."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from fttui.services.container import Services
from fttui.services.folder import working_folder
from fttui.services.log import close_log, open_log
from fttui.ui.app import FttuiApp, Start
from fttui.ui.driver import stand_down

CLOSING_SECONDS = 3.0


def run_app(*, path: Path | None, profile: str | None, ascii_only: bool, slow: bool) -> int:
    """Open the screens and stay until the person leaves.

    Args:
        path: a file to open.
        profile: the provider to start with; the configured one if absent.
        ascii_only: draw with plain ASCII characters.
        slow: fewer redraws than usual; what Textual reads of the environment is set already.

    Returns:
        The exit code.

    Raises:
        SettingsError: the settings cannot be read, or there is no such profile.
    """
    services = Services.open()
    start = Start(path and working_folder() / path, services.profile(profile).name, ascii_only=ascii_only, slow=slow)
    with _log_to_file(services.paths.logs):
        code = asyncio.run(_run(services, start))
    stand_down()
    return code


def leave(code: int) -> NoReturn:
    """End the process at once, with everything that asked for it put in order.

    The interpreter would look through all that was ever imported, which can take a second, and a thread of a library
    that wakes while it is taken apart can crash it.
    """
    atexit._run_exitfuncs()  # noqa: SLF001 - nothing public does it
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


async def _run(services: Services, start: Start) -> int:
    app = FttuiApp(services, start)
    try:
        await app.run_async()
    finally:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSING_SECONDS):
                await services.close()
    return app.return_code or 0


@contextlib.contextmanager
def _log_to_file(folder: Path) -> Iterator[None]:
    """Send what Python would print over the screens, such as warnings, to the log instead."""
    try:
        handler: logging.Handler = open_log(folder)
    except OSError:
        handler = logging.NullHandler()
    logging.captureWarnings(True)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        close_log(handler)
        logging.captureWarnings(False)
