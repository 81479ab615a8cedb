"""What one request costs the client with 8 to 128 of them in flight, and what it costs through one httpx client.

    python benchmarks/in_flight.py [--requests 512] [--kilobytes 300] [--repeats 5]

A plain server in a process of its own answers every POST after 200 ms. CPU milliseconds of this process a
request, the body being bytes at hand: the exchange alone, as `docextract.model` makes it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import time

import anyio
import httpx
from measure import about

from docextract.model.connect import Connections
from docextract.model.exchange import Post, exchange

LATENCY_S = 0.2
ANSWER = json.dumps({"choices": [{"message": {"content": "{}"}, "finish_reason": "stop"}], "usage": {}}).encode()


async def serve() -> None:
    """Read a request, wait, answer; print the port first."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                size = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
                await reader.readexactly(size)
                await asyncio.sleep(LATENCY_S)
                top = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(ANSWER)
                writer.write(top + ANSWER)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, limit=1 << 20)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


async def ours(post: Post, count: int, at_once: int) -> float:
    """CPU seconds of all requests through `Connections`, warm."""
    connections = Connections(limit=at_once, tls=False)

    async def one() -> None:
        async with connections.take() as client:
            await exchange(client, post)

    took = await measured(one, count, at_once)
    await connections.aclose()
    return took


async def shared(post: Post, count: int, at_once: int) -> float:
    """The same through one httpx client."""
    limits = httpx.Limits(max_connections=at_once, max_keepalive_connections=at_once)
    async with httpx.AsyncClient(limits=limits, timeout=60, trust_env=False) as client:

        async def one() -> None:
            (await client.post(post.url, content=post.body, headers=post.headers)).json()

        return await measured(one, count, at_once)


async def measured(one, count: int, at_once: int) -> float:  # type: ignore[no-untyped-def] # noqa: ANN001 - a coroutine
    async def run(number: int) -> None:
        todo = iter(range(number))

        async def take() -> None:
            for _ in todo:
                await one()

        async with anyio.create_task_group() as group:
            for _ in range(at_once):
                group.start_soon(take)

    await run(at_once)  # the connections stand
    begun = time.process_time()
    await run(count)
    return time.process_time() - begun


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--requests", type=int, default=512)
    options.add_argument("--kilobytes", type=int, default=300)
    options.add_argument("--repeats", type=int, default=5)
    options.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.serve:
        asyncio.run(serve())
        return
    words = [sys.executable, __file__, "--serve"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None  # noqa: S101 - a pipe, as asked for
        url = f"http://127.0.0.1:{int(server.stdout.readline())}/v1/chat/completions"
        body = b"x" * (chosen.kilobytes * 1000)
        post = Post(
            url=url, headers={"Content-Type": "application/json"}, body=body, stall_s=60, total_s=60, cap=1 << 20
        )
        print(
            about("httpx"), f"{chosen.requests} requests of {chosen.kilobytes} kB, {LATENCY_S * 1000:.0f} ms", sep="\n"
        )
        levels = (8, 32, 64, 128)
        found: dict[tuple[str, int], list[float]] = {}
        for _ in range(chosen.repeats):
            for at_once in levels:
                for name, way in (("docextract", ours), ("one httpx client", shared)):
                    took = asyncio.run(way(post, chosen.requests, at_once))
                    found.setdefault((name, at_once), []).append(took / chosen.requests * 1000)
        for (name, at_once), each in sorted(found.items()):
            span = f"{min(each):.2f} to {max(each):.2f}, n={len(each)}"
            print(f"{name:18} {at_once:4} in flight  {statistics.median(each):6.2f} ms  ({span})")
        server.communicate()


if __name__ == "__main__":
    main()
