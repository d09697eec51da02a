"""Memory and stalls of the event loop while a large file is sent in parts, and while it is interrupted and taken up.

Run with ``PYTHONPATH=tests:tests/support python tests/benchmarks/bench_upload.py [MEGABYTES] [INTERRUPTIONS]``,
default 512 and 20. The server is one of our own in another process, and forgets what it is sent as it comes. The
second part kills the sending process with SIGKILL, as often as told, and counts the bytes on the line.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from fault_server import KEY, running_fault_server
from fttui.domain.jobs.spec import JobSpec
from fttui.domain.jobs.transfer import MIB, Cutting
from fttui.domain.profiles.profile import Credential, Dialect, Endpoint, KeySource, Profile
from fttui.domain.profiles.secret import Secret
from fttui.services.clock import SystemClock
from fttui.services.jobs.file_delivery import FileDelivery
from fttui.services.jobs.journal import Journal
from fttui.services.jobs.launch_plan import LaunchPlan, LaunchProgress
from fttui.services.openai_api.provider import OpenAiProvider
from killable import killable
from slow_line import slow_line

SINK = """
import asyncio, json, time
number = 0
async def swallow(reader, writer):
    global number
    try:
        while head := (await reader.readuntil(b"\\r\\n\\r\\n")).lower():
            left = int(head.split(b"content-length: ")[1].split(b"\\r\\n")[0]) if b"content-length" in head else 0
            while left:
                left -= len(await reader.read(min(left, 1 << 20)))
            number += 1
            file = {"id": "file-1", "filename": "x", "bytes": 1, "purpose": "fine-tune", "status": "processed"}
            body = json.dumps({"id": f"id-{number}", "file": file, "data": []}).encode()
            writer.write(b"HTTP/1.1 200 OK\\r\\ncontent-length: %d\\r\\n\\r\\n%s" % (len(body), body))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()
async def main():
    server = await asyncio.start_server(swallow, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


async def stalls(pauses: list[float]) -> None:
    """Note how much later than asked for the loop comes round."""
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.005)
        pauses.append(time.perf_counter() - began - 0.005)


async def measure(port: int, file: Path, folder: Path) -> None:
    """Send the file and print what it took."""
    base_url = f"http://127.0.0.1:{port}/v1"
    endpoint = Endpoint(
        Profile("p", Dialect.COMPATIBLE, base_url), base_url, Credential(Secret(KEY), KeySource.SESSION)
    )
    provider = OpenAiProvider(endpoint)
    await provider.list_files()
    told: list[LaunchProgress] = []
    journal = Journal(folder / "one" / "journal.db")
    delivery = FileDelivery(provider, journal, "p", LaunchPlan(JobSpec("base", ""), file), told.append, SystemClock())
    pauses: list[float] = []
    watching = asyncio.create_task(stalls(pauses))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    await delivery.prepare(file)
    seconds = time.perf_counter() - began
    watching.cancel()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    pauses.sort()
    megabytes = told[-1].total / 1e6
    late, latest = 1000 * pauses[len(pauses) * 95 // 100], 1000 * pauses[-1]
    print(f"one sending    {seconds:6.1f} s, {megabytes / seconds:.0f} MB/s in all; told {len(told)} times")
    print(f"memory         {peak / 1024:6.0f} MB at most, {(peak - before) / 1024:.0f} MB more than before")
    print(f"loop           {late:6.1f} ms late at the 95th, {latest:.0f} ms at most")
    journal.close()
    await provider.close()


def interrupt(file: Path, folder: Path, times: int) -> None:
    """Kill the sending again and again, and print how many bytes it took."""
    size = file.stat().st_size
    cutting = Cutting()
    sizes = (cutting.parts_from, cutting.smallest, cutting.largest, cutting.first, cutting.least)
    chosen = random.Random(5)
    began = time.perf_counter()
    with running_fault_server() as server, slow_line(server.port, rate=100e6) as line:
        server.memory.now = int(time.time())
        with killable(line.base_url, folder / "many" / "journal.db") as program:
            for number in range(times):
                program.start(file, sizes)
                line.wait_for(max((number + 1) * size // (times + 2), line.passed + 1_000_000), 300)
                time.sleep(chosen.uniform(0, 0.1))
                program.kill()
                program.ended()
            program.start(file, sizes)
            status = program.ended()
        whole = [hashlib.sha256(content).hexdigest() for content in server.memory.contents.values()]
        passed = line.passed
    same = whole == [hashlib.sha256(file.read_bytes()).hexdigest()]
    seconds = time.perf_counter() - began
    print(f"killed         {times:6} times: ended with {status}, the same content: {same}, uploads: {len(whole)}")
    print(f"bytes          {passed / size:6.3f} times the file, in {seconds:.0f} s")


def main(megabytes: int, times: int) -> None:
    """Measure both."""
    with tempfile.TemporaryDirectory() as name:
        folder, file = Path(name), Path(name) / "rows.jsonl"
        with file.open("wb") as rows:
            for number in range(megabytes):
                rows.write(random.Random(number).randbytes(MIB))
        sink = subprocess.Popen([sys.executable, "-c", SINK], stdout=subprocess.PIPE)
        assert sink.stdout is not None
        asyncio.run(measure(int(sink.stdout.readline()), file, folder))
        sink.kill()
        sink.communicate()
        interrupt(file, folder, times)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 512, int(sys.argv[2]) if len(sys.argv) > 2 else 20)
