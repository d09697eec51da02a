"""A small process that gives the terminal back where this one can no longer do it: killed, or ended for lack of memory.

It waits on a pipe. What a shell is made of does: it costs a millisecond to start, a megabyte while it waits, and it
does not go by the program's name when somebody kills everything that does.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import termios

# The pipe closes when this process ends, however it ends; the last word on it says whose the terminal was.
_SCRIPT = """
while read -r word; do holder=$word; done
[ "$holder" = program ] || exit 0
printf '%b' "$1"
stty "$2" <&1 || stty sane <&1
"""


_FAREWELL_SECONDS = 1.0


class TerminalGuard:
    """Watches over one terminal.

    Args:
        descriptor: the terminal, before anything about it was changed.
        last_words: what a terminal must be sent to be as it was found.
    """

    def __init__(self, descriptor: int, last_words: str) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        # Without a shell, or a terminal to speak of, there is no guard, and nothing else is missing.
        with contextlib.suppress(OSError, termios.error):
            words = (last_words.replace("\x1b", "\\033"), _settings(descriptor))
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", _SCRIPT, "sh", *words],
                stdin=subprocess.PIPE,
                stdout=descriptor,
                stderr=subprocess.DEVNULL,
                env={"PATH": os.defpath},
                cwd="/",
                # What ends a whole group of processes leaves it alone.
                start_new_session=True,
            )

    def tell(self, *, held: bool) -> None:
        """Say whether the program holds the terminal now."""
        if self._process is not None and self._process.stdin is not None:
            with contextlib.suppress(OSError):
                os.write(self._process.stdin.fileno(), b"program\n" if held else b"shell\n")

    def dismiss(self) -> None:
        """Let the guard go, once the terminal is given back."""
        if self._process is None or self._process.stdin is None:
            return
        self.tell(held=False)
        self._process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_FAREWELL_SECONDS)
        self._process = None


def _settings(descriptor: int) -> str:
    """The terminal's settings as `stty` of the GNU core utilities writes and reads them."""
    iflag, oflag, cflag, lflag, _, _, characters = termios.tcgetattr(descriptor)
    codes = [character[0] if isinstance(character, bytes) else character for character in characters]
    return ":".join(f"{number:x}" for number in (iflag, oflag, cflag, lflag, *codes))
