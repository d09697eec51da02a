"""Processes that look at stretches of files, forked from one that has loaded the vocabulary for all of them.

Run as ``python -P -m fttui.services.dataset.worker ENCODING SOCKET…``, each socket an inherited descriptor over which
one worker gets orders and answers them. A worker whose memory has grown too much is replaced by a fresh copy, which
costs next to nothing, takes the same socket and goes on with the next order. All end when the sockets do.
"""

from __future__ import annotations

import gc
import os
import resource
import signal
import socket
import sys
from pathlib import Path

from fttui.services.dataset.examiner import Examiner
from fttui.services.dataset.fast_counter import bulk_counter
from fttui.services.dataset.wire import ORDER_LENGTH, pack_stretch, unpack_order

_GROWTH = 128 * 1024 * 1024
"""Bytes that a worker may grow by, mostly the cache of a fast counter."""
_REPLACE_ME = 75


def main(encoding: str, descriptors: list[int]) -> None:
    """Keep a worker at each socket until the other sides close.

    Args:
        encoding: what to count tokens in, by tiktoken's name.
        descriptors: the sockets.
    """
    examiner = Examiner(bulk_counter(encoding, exact=True))
    # What is there now stays shared between all copies as long as nobody writes to it. Rows hold no cycles.
    gc.collect()
    gc.freeze()
    gc.disable()
    workers = {_fork(examiner, descriptor, descriptors): descriptor for descriptor in descriptors}
    while workers:
        process, status = os.wait()
        descriptor = workers.pop(process)
        code = os.waitstatus_to_exitcode(status)
        if code == _REPLACE_ME:
            workers[_fork(examiner, descriptor, descriptors)] = descriptor
        elif code:
            for other in workers:
                os.kill(other, signal.SIGKILL)
            raise SystemExit(f"ended by signal {-code}" if code < 0 else f"ended with exit code {code}")


def _fork(examiner: Examiner, descriptor: int, descriptors: list[int]) -> int:
    process = os.fork()
    if process:
        return process
    code = 1
    try:
        for other in descriptors:
            if other != descriptor:
                os.close(other)
        code = _serve(examiner, socket.socket(fileno=descriptor))
    finally:
        # The copy must not unwind into the frames of the original.
        kind, error, trace = sys.exc_info()
        if kind is not None and error is not None:
            sys.excepthook(kind, error, trace)
        sys.stderr.flush()
        os._exit(code)


def _serve(examiner: Examiner, line: socket.socket) -> int:
    """Answer orders; return the exit code. Nothing is read ahead, so that a successor misses nothing."""
    allowed = _memory() + _GROWTH
    while head := line.recv(ORDER_LENGTH.size, socket.MSG_WAITALL):
        (length,) = ORDER_LENGTH.unpack(head)
        if not length:
            return _REPLACE_ME
        order = unpack_order(line.recv(length, socket.MSG_WAITALL))
        line.sendall(pack_stretch(examiner.examine(order.path, order.begin, order.end, order.task)))
        if _memory() > allowed:
            return _REPLACE_ME
    return 0


def _memory() -> int:
    """Resident bytes of this process; where they cannot be read, the most there ever were."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024
    return pages * resource.getpagesize()


if __name__ == "__main__":
    main(sys.argv[1], [int(word) for word in sys.argv[2:]])
