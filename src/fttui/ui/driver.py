"""A terminal driver for hostile ground: stalled and vanished terminals, signals, noise on the input."""

from __future__ import annotations

import asyncio
import codecs
import concurrent.futures
import contextlib
import os
import select
import signal
import termios
import threading
import time
from types import FrameType
from typing import TYPE_CHECKING, Any

from textual import events
from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.message import Message

from fttui.ui.patient_file import PatientFile
from fttui.ui.terminal_guard import TerminalGuard

if TYPE_CHECKING:
    from textual.app import App

LARGEST_SIZE = Size(1000, 500)
MOST_WAITING = 16
"""Texts waiting for the terminal above which frames are dropped; Textual's queue blocks at 30."""
LOOK_AGAIN_SECONDS = 0.25
LAST_WORDS_SECONDS = 1.0
WATCHDOG_SECONDS = 2.0

KEYS_TOGETHER_SECONDS = 0.05
"""Keys closer than this were not pressed one after the other was seen to work."""
KEY_SECONDS = 0.1
KEYS_SECONDS = 0.5
"""The longest that keys wait for the one before, each and all of one piece: noise and large pastes go on unpaced."""
QUIET_TURNS = 12

_END_SYNC = "\x1b[?2026l"
_LAST_WORDS = (
    f"{_END_SYNC}\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"
    "\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"
)


_watchdogs: list[threading.Timer] = []


def stand_down() -> None:
    """Call off the watchdogs of a program that came to its end: none must wake while the interpreter is taken apart."""
    while _watchdogs:
        watchdog = _watchdogs.pop()
        watchdog.cancel()
        watchdog.join()


class SteadyDriver(LinuxDriver):
    """Textual's driver, made to last.

    - A terminal that stops reading costs frames, not the event loop; when it reads again everything is drawn anew.
    - SIGTERM and SIGHUP, and an end of input, leave the terminal as it was found; so does being killed.
    - What comes in may be broken UTF-8, endless key codes or absurd sizes.
    """

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        if self._file is None:
            raise RuntimeError("the screens write to standard error, and it is closed")
        self._patient = PatientFile(self._file)
        # The thread that writes uses no more than write, flush and fileno of it.
        self._file = self._patient  # type: ignore[assignment]
        self._handed_in = 0
        self._is_behind = False
        self._is_leaving = False
        self._guard: TerminalGuard | None = None
        self._last_key_at = self._key_patience = 0.0

    # Output

    def write(self, data: str) -> None:
        """Hand a text to the writing thread, or drop it where the terminal does not keep up."""
        thread = self._writer_thread
        if thread is None or not thread.is_alive():
            return
        waiting = self._handed_in - self._patient.written
        if waiting >= MOST_WAITING and not self._is_leaving:
            if not self._is_behind:
                self._is_behind = True
                self._loop.call_soon_threadsafe(self._look_again)
            return
        self._handed_in += 1
        thread.write(data)

    def _look_again(self) -> None:
        if self._is_leaving:
            return
        if self._handed_in > self._patient.written:
            self._loop.call_later(LOOK_AGAIN_SECONDS, self._look_again)
            return
        self._is_behind = False
        self.write(_END_SYNC)
        self._app.refresh(layout=True)

    # Life

    def start_application_mode(self) -> None:
        """Take the terminal over, and be ready to give it back."""
        self._is_leaving = self._is_behind = False
        self._handed_in = self._patient.written
        self._patient.start()
        if self._guard is None:
            self._guard = TerminalGuard(self.fileno, _LAST_WORDS)
        self._guard.tell(held=True)
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual left it so
        for number, code in ((signal.SIGTERM, 143), (signal.SIGHUP, 129)):
            signal.signal(number, self._handler(code))

    def stop_application_mode(self) -> None:
        """Give the terminal back."""
        self._is_leaving = True
        self._patient.finish_within(LAST_WORDS_SECONDS)
        super().stop_application_mode()
        if self._guard is not None:
            self._guard.tell(held=False)

    def close(self) -> None:
        """Let go of everything but the terminal."""
        super().close()
        if self._guard is not None:
            self._guard.dismiss()

    def _handler(self, code: int) -> Any:
        def end(_number: int, _frame: FrameType | None) -> None:
            self._end(code)

        return end

    def _end(self, code: int) -> None:
        """End the program from any thread or signal handler; by force if the event loop does not answer."""
        watchdog = threading.Timer(WATCHDOG_SECONDS, self._end_by_force, (code,))
        watchdog.daemon = True
        watchdog.start()
        _watchdogs.append(watchdog)
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._app.exit, None, code)

    def _end_by_force(self, code: int) -> None:
        self._patient.write_now(_LAST_WORDS)
        if self.attrs_before is not None:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
        os._exit(code)

    # Input

    def _get_terminal_size(self) -> tuple[int, int]:
        try:
            width, height = os.get_terminal_size(self.fileno)
        except OSError:
            width, height = super()._get_terminal_size()
        return min(width or 80, LARGEST_SIZE.width), min(height or 24, LARGEST_SIZE.height)

    def process_message(self, message: Message) -> None:
        """Pass a message on, absurd sizes made sane."""
        if isinstance(message, events.Resize) and not _is_sane(message.size):
            width = min(max(message.size.width, 1), LARGEST_SIZE.width)
            height = min(max(message.size.height, 1), LARGEST_SIZE.height)
            message = events.Resize.from_dimensions((width, height), None)
        if isinstance(message, events.Key):
            self._let_the_last_key_work()
        super().process_message(message)

    def _let_the_last_key_work(self) -> None:
        """Keys that came in one piece go one by one: the one before may open a dialog that is to take the next."""
        now = time.monotonic()
        before, self._last_key_at = self._last_key_at, now
        if now - before < KEYS_TOGETHER_SECONDS and self._key_patience > 0 and not self.exit_event.is_set():
            settled = asyncio.run_coroutine_threadsafe(_settled(self._app), self._loop)
            with contextlib.suppress(TimeoutError, concurrent.futures.CancelledError):
                settled.result(KEY_SECONDS)
            settled.cancel()
            self._last_key_at = time.monotonic()
            self._key_patience -= self._last_key_at - now

    def run_input_thread(self) -> None:
        """Read keys until the end; noise is skipped, an end of input is a hang-up."""
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        parser = XTermParser()
        while not self.exit_event.is_set():
            readable, _, _ = select.select([self.fileno], [], [], 0.1)
            if readable:
                try:
                    data = os.read(self.fileno, 4096)
                except BlockingIOError:
                    continue
                except OSError:
                    data = b""
                if not data:
                    self._end(129)
                    return
                self._key_patience = KEYS_SECONDS
                parser = self._feed(parser, decode(data))
            parser = self._feed(parser, None)

    def _feed(self, parser: XTermParser, text: str | None) -> XTermParser:
        """Parse what was read, or let time pass for None; a parser that broke on noise is replaced."""
        try:
            for message in parser.tick() if text is None else parser.feed(text):
                self.process_message(message)
        except (ParseError, ValueError, OverflowError, IndexError, StopIteration, RuntimeError):
            return XTermParser()
        return parser


async def _settled(app: App[Any]) -> None:
    """Wait until nobody who may have to do with a key has messages left, for several turns of the loop."""
    quiet = 0
    while quiet < QUIET_TURNS:
        await asyncio.sleep(0)
        busy = [app, *app.screen_stack, app.focused] if app.screen_stack else [app]
        quiet = 0 if any(pump is not None and pump.message_queue_size for pump in busy) else quiet + 1


def _is_sane(size: Size) -> bool:
    return 1 <= size.width <= LARGEST_SIZE.width and 1 <= size.height <= LARGEST_SIZE.height
