"""Starts the program: the screens, or a command."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fttui.cli.program import AppOptions


def _open_app(options: AppOptions) -> int:
    from fttui.ui.terminal import prepare_environment, refuse_without_terminal

    refuse_without_terminal()
    prepare_environment(slow=options.slow)
    from fttui.ui.session import run_app

    return run_app(path=options.path, profile=options.profile, ascii_only=options.ascii_only, slow=options.slow)


def main() -> None:
    """Run fttui with the words of the command line."""
    if sys.argv[1:] == ["--version"]:
        from fttui import __version__

        sys.stdout.write(f"fttui, version {__version__}\n")
        return
    from fttui.services.crash import harden

    harden()
    from fttui.cli.program import main as run_program

    sys.exit(run_program(sys.argv[1:], _open_app))


if __name__ == "__main__":
    main()
