"""A program that launches and uploads when told to, each time in a process of its own that can be killed.

Everything is imported once. A line of standard input begins a process, whose id is printed; the next line asks for
its exit status.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import openai  # noqa: F401 - imported before the processes are begun

from fault_server import KEY
from fttui.domain.errors import FttuiError
from fttui.domain.jobs.spec import JobSpec
from fttui.domain.jobs.transfer import Cutting
from fttui.domain.profiles.profile import Credential, Dialect, Endpoint, KeySource, Profile
from fttui.domain.profiles.secret import Secret
from fttui.services.clock import SystemClock
from fttui.services.jobs.file_delivery import FileDelivery
from fttui.services.jobs.journal import Journal
from fttui.services.jobs.launch import launch
from fttui.services.jobs.launch_plan import LaunchPlan, LaunchProgress
from fttui.services.openai_api.provider import OpenAiProvider


def quiet(_progress: LaunchProgress) -> None:
    """Hear nothing."""


async def act(base_url: str, journal: Path, order: dict[str, object]) -> None:
    """Launch, or only send the file where a cutting is given."""
    profile = Profile("p", Dialect.COMPATIBLE, base_url)
    provider = OpenAiProvider(Endpoint(profile, base_url, Credential(Secret(KEY), KeySource.SESSION)))
    plan = LaunchPlan(JobSpec("base", ""), Path(str(order["file"])))
    cutting = order.get("cutting")
    if isinstance(cutting, list):
        opened, clock = Journal(journal), SystemClock()
        delivery = FileDelivery(provider, opened, "p", plan, quiet, clock, Cutting(*cutting))
        await delivery.prepare(Path(str(order["file"])))
    else:
        await launch(provider, Journal(journal), "p", plan)


def tell(number: int) -> None:
    """Print a number at once."""
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def main() -> None:
    """Begin a process for each line that is read."""
    base_url, journal = sys.argv[1], Path(sys.argv[2])
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            status = 0
            try:
                asyncio.run(act(base_url, journal, json.loads(line)))
            except FttuiError:
                status = 1
            os._exit(status)
        tell(child)
        # Not before it is asked for: until then its id stays its own.
        sys.stdin.readline()
        tell(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


if __name__ == "__main__":
    main()
