"""How large the files of a launch are, as far as they lie on this computer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path, PurePath

from fttui.domain.jobs.draft import Draft


async def sizes_of(draft: Draft) -> Mapping[str, int]:
    """Bytes of the local files of a draft, by the name of their field; one that cannot be read is left out.

    What is wrong with such a file is the check's to say.
    """
    sources = {"training_file": draft.training, "validation_file": draft.validation}
    local = {name: source for name, source in sources.items() if isinstance(source, PurePath)}
    return await asyncio.to_thread(_sizes, local)


def _sizes(files: Mapping[str, PurePath]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, file in files.items():
        try:
            found[name] = Path(file).stat().st_size
        except OSError:
            continue
    return found
