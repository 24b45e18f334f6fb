"""Sends prepared envelopes to a gateway over kept connections, as fast as it answers: light, in a process of its own.

``python -m benchmarks.hall_load HOST PORT PATH FILE CONNECTIONS``; FILE holds envelopes, each behind its length in four
bytes. Prints one JSON line: ``seconds``, ``statuses`` and ``latencies_ms``, sorted.
"""

import asyncio
import json
import struct
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

_HEAD = (
    "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/octet-stream\r\nContent-Length: {length}\r\n\r\n"
)


def pack(envelopes: Iterator[bytes]) -> Iterator[bytes]:
    for envelope in envelopes:
        yield struct.pack(">I", len(envelope)) + envelope


def _unpack(data: bytes) -> list[bytes]:
    found, at = [], 0
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        found.append(data[at + 4 : at + 4 + length])
        at += 4 + length
    return found


async def _connection(
    host: str, port: int, requests: Iterator[bytes], latencies: list[float], statuses: Counter[int]
) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    for request in requests:
        began = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(length)
        latencies.append((time.perf_counter() - began) * 1000)
        statuses[int(head[9:12])] += 1
    writer.close()
    await writer.wait_closed()


async def _load(host: str, port: int, path: str, envelopes: list[bytes], connections: int) -> None:
    requests = iter([_HEAD.format(path=path, host=host, length=len(each)).encode() + each for each in envelopes])
    latencies: list[float] = []
    statuses: Counter[int] = Counter()
    began = time.perf_counter()
    await asyncio.gather(*(_connection(host, port, requests, latencies, statuses) for _ in range(connections)))
    took = time.perf_counter() - began
    print(json.dumps({"seconds": took, "statuses": statuses, "latencies_ms": sorted(latencies)}))


if __name__ == "__main__":
    target, port_text, address, file, count = sys.argv[1:]
    asyncio.run(_load(target, int(port_text), address, _unpack(Path(file).read_bytes()), int(count)))
