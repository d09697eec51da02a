"""Starts the program: the screens, or a command."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fttui.domain.errors import FttuiError

if TYPE_CHECKING:
    from fttui.cli.program import AppOptions


def _open_screens(path: Path | None, profile: str | None, *, ascii_only: bool, slow: bool) -> int:
    from fttui.ui.terminal import prepare_environment, refuse_without_terminal

    refuse_without_terminal()
    prepare_environment(slow=slow)
    from fttui.ui.session import leave, run_app

    leave(run_app(path=path, profile=profile, ascii_only=ascii_only, slow=slow))


def _open_app(options: AppOptions) -> int:
    return _open_screens(options.path, options.profile, ascii_only=options.ascii_only, slow=options.slow)


def _open_alone() -> int:
    """Open the screens where no words were given: without the command line's packages the first frame comes sooner."""
    try:
        return _open_screens(None, None, ascii_only=False, slow=False)
    except FttuiError as error:
        from fttui.cli.frame import exit_code_for, tell_failure

        tell_failure(error)
        return exit_code_for(error)


def _run(words: list[str]) -> int:
    if not words:
        return _open_alone()
    from fttui.cli.program import main as run_program

    return run_program(words, _open_app)


def main() -> None:
    """Run fttui with the words of the command line."""
    if sys.argv[1:] == ["--version"]:
        from fttui import __version__

        sys.stdout.write(f"fttui, version {__version__}\n")
        return
    from fttui.cli.head_start import end_unused, start_early
    from fttui.services.crash import harden

    harden()
    try:
        start_early(sys.argv[1:])
        code = _run(sys.argv[1:])
    finally:
        end_unused()
    # All memory goes with the process; to look through it for cycles first would take longer than many a command.
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    main()
