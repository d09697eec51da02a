"""`python -m fttui.engine serve` runs the server; `python -m fttui.engine work JOB` is how it starts a worker."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from fttui.engine.home import EngineHome
from fttui.engine.nano.threads import limit_threads


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return the exit status."""
    # Everything the engine writes belongs to this user alone.
    os.umask(0o077)
    limit_threads()
    options = _parser().parse_args(arguments)
    home = EngineHome(options.home or _default_home())
    if options.command == "work":
        from fttui.engine.worker.process import work

        return work(home, options.job, only_validate=options.only_validate)
    from fttui.engine.server.serve import ServeOptions, serve

    return serve(home, ServeOptions(options.port, options.slots, options.exit_with_parent))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m fttui.engine", description="The embedded fine-tuning engine.")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve the API on loopback, or name the server that already does")
    serve.add_argument("--port", type=int, default=0, help="the port; 0 lets the system choose")
    serve.add_argument("--exit-with-parent", action="store_true", help="stop when the starting process ends")
    serve.add_argument("--slots", type=int, default=1, help="how many jobs train at a time")
    work = commands.add_parser("work", help="carry out one job; the server starts this")
    work.add_argument("job", help="the job's id")
    work.add_argument("--only-validate", action="store_true", help="leave once the files are found good")
    for command in (serve, work):
        command.add_argument("--home", type=Path, help="the engine's folder")
    return parser


def _default_home() -> Path:
    from platformdirs import user_data_path

    return user_data_path("fttui") / "engine"


if __name__ == "__main__":
    sys.exit(main())
