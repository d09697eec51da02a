"""Finds a file whose sending was never confirmed, by its size and its name at the provider, which tells the content."""

from __future__ import annotations

from fttui.domain.errors import ProviderError
from fttui.domain.jobs.transfer import Transfer
from fttui.domain.remote import RemoteFile
from fttui.services.ports import Clock, ProviderApi

LOOK_AGAIN = (0.0, 3.0, 7.0)
"""Seconds before each look."""
_USELESS = frozenset({"error", "deleted"})


async def find_sent(provider: ProviderApi, transfer: Transfer) -> RemoteFile | None:
    """The file that came of a transfer, the newest if there are several.

    Raises:
        ProviderError: the provider could not be asked.
    """
    for file in await provider.list_files():
        same = file.name == transfer.stored_name and file.size == transfer.size
        if same and file.status not in _USELESS:
            return file
    return None


async def look_for_sent(provider: ProviderApi, transfer: Transfer, clock: Clock) -> RemoteFile | None:
    """The file that came of a transfer, looked for several times over ten seconds.

    Raises:
        ProviderError: the provider could not be asked, the last time.
    """
    failed: ProviderError | None = None
    for wait in LOOK_AGAIN:
        await clock.sleep(wait)
        try:
            found = await find_sent(provider, transfer)
        except ProviderError as error:
            failed = error
            continue
        failed = None
        if found is not None:
            return found
    if failed is not None:
        raise failed
    return None
