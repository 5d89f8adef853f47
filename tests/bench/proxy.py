"""A socket in front of a database server that lets every byte wait: ``python -m tests.bench.proxy``.

Arguments: the socket to listen on, the server's socket, milliseconds a round trip. Half of them pass in each
direction, without holding up what comes behind, so bandwidth stays what it is. It ends with its stdin.
"""

from __future__ import annotations

import asyncio
import sys
from collections import deque


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float) -> None:
    """Hand on what comes, each piece so much later."""
    loop, waiting = asyncio.get_running_loop(), deque[bytes]()
    while data := await reader.read(1 << 20):
        waiting.append(data)
        loop.call_later(delay, lambda: writer.write(waiting.popleft()))
    loop.call_later(delay, writer.close)


async def serve(here: str, server: str, delay: float) -> None:
    """Listen until stdin ends."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind, before = await asyncio.open_unix_connection(server)
        await asyncio.gather(pass_on(reader, before, delay), pass_on(behind, writer, delay))

    async with await asyncio.start_unix_server(connected, here):
        print("listening", flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], sys.argv[2], float(sys.argv[3]) / 2000))
