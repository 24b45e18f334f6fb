"""Sends prepared envelopes to a gateway over kept connections, as fast as it answers: light, in a process of its own.

``python -m benchmarks.hall_load HOST PORT PATH FILE CONNECTIONS``; FILE holds envelopes, each behind its length in four
bytes. A connection has one request under way at a time. Prints one JSON line: ``seconds``, ``processor_s`` of this
process meanwhile, ``answers`` (how many there were of each status and declared answer) and ``latencies_ms``, sorted.
"""

import json
import re
import select
import socket
import struct
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

_HEAD = (
    "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/octet-stream\r\nContent-Length: {length}\r\n\r\n"
)
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_WORDS = re.compile(rb'"(?:answer|outcome|reason)":"([\w-]+)"')
_MOST_READ = 65536


def pack(envelopes: Iterable[bytes]) -> Iterator[bytes]:
    for envelope in envelopes:
        yield struct.pack(">I", len(envelope)) + envelope


def _unpack(data: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        yield data[at + 4 : at + 4 + length]
        at += 4 + length


@dataclass(slots=True)
class _Connection:
    """``came`` is what has come of the answer to the request that was sent at ``since``."""

    socket: socket.socket
    since: float = 0.0
    came: bytes = b""

    def send(self, request: bytes) -> None:
        self.since = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> bytes | None:
        """The whole answer, None while something of it is to come. Raises ConnectionError when the gateway left."""
        more = self.socket.recv(_MOST_READ)
        if not more:
            raise ConnectionError("the gateway closed a connection")
        self.came += more
        head = self.came.find(b"\r\n\r\n")
        length = _LENGTH.search(self.came, 0, head) if head >= 0 else None
        if length is None or len(self.came) < head + 4 + int(length[1]):
            return None
        answer, self.came = self.came, b""
        return answer


@dataclass(slots=True)
class _Load:
    requests: Iterator[bytes]
    latencies: list[float] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)

    def run(self, connections: list[_Connection]) -> None:
        poll = select.epoll()
        under_way = {}
        for each in connections:
            under_way[each.socket.fileno()] = each
            poll.register(each.socket, select.EPOLLIN)
            each.send(next(self.requests))
        while under_way:
            for number, _ in poll.poll():
                if self._answered(under_way[number]):
                    poll.unregister(number)
                    del under_way[number]

    def _answered(self, connection: _Connection) -> bool:
        """Whether the connection has nothing to do any more."""
        answer = connection.receive()
        if answer is None:
            return False
        self.latencies.append((time.perf_counter() - connection.since) * 1000)
        self.answers.append(answer)
        request = next(self.requests, None)
        if request is not None:
            connection.send(request)
        return request is None


def main(host: str, port: int, path: str, file: Path, count: int) -> None:
    prepared = [
        _HEAD.format(path=path, host=host, length=len(each)).encode() + each for each in _unpack(file.read_bytes())
    ]
    connections = [_Connection(socket.create_connection((host, port))) for _ in range(count)]
    for each in connections:
        each.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    load = _Load(iter(prepared))
    began, used = time.perf_counter(), time.process_time()
    load.run(connections)
    took, spent = time.perf_counter() - began, time.process_time() - used
    told = Counter(_what(answer) for answer in load.answers)
    print(json.dumps({"seconds": took, "processor_s": spent, "answers": told, "latencies_ms": sorted(load.latencies)}))


def _what(answer: bytes) -> str:
    """As ``200 decision PASSED``."""
    return " ".join((answer[9:12].decode(), *(word.decode() for word in _WORDS.findall(answer))))


if __name__ == "__main__":
    target, port_text, address, name, connections_text = sys.argv[1:]
    main(target, int(port_text), address, Path(name), int(connections_text))
