"""One TCP connection to a printer: a writer and a reader thread, and everything that happens in one queue."""

import itertools
import queue
import select
import socket
import struct
import threading
import time
from dataclasses import dataclass

from devices.printer.escpos_answers import Answer, AnswerDemultiplexer

_SEND_BUFFER = 8192
_LINGER_NOT = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The system took ``count`` bytes of the ``send`` that returned ``ticket``.

    Fewer than were given only after ``interrupt`` or when the link was lost.
    """

    ticket: int
    count: int


@dataclass(frozen=True, slots=True)
class LinkLost:
    """Nothing more will be sent or received; ``reason`` is a stable word."""

    reason: str


LinkEvent = HandedOver | LinkLost | Answer


class Link:
    """Connected from construction; ``OSError`` when there is nobody to connect to, whatever stands in ``host``.

    The send buffer is kept small, so that bytes wait here, where they can still be taken back, and not in the system.
    """

    def __init__(self, host: str, port: int, connect_seconds: float, send_seconds: float) -> None:
        try:
            self._socket = socket.create_connection((host, port), timeout=connect_seconds)
        except ValueError as problem:  # a name that no resolver can be asked for
            raise OSError("not an address") from problem
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setblocking(False)
        self._send_seconds = send_seconds
        self._closing = threading.Event()
        self._interrupted = threading.Event()
        self._tickets = itertools.count()
        self._outgoing: queue.SimpleQueue[tuple[int, bytes] | None] = queue.SimpleQueue()
        self.events: queue.SimpleQueue[LinkEvent] = queue.SimpleQueue()
        self._wake_reader, self._woken = socket.socketpair()
        self._threads = (
            threading.Thread(target=self._write, name="printer-writer", daemon=True),
            threading.Thread(target=self._read, name="printer-reader", daemon=True),
        )
        for thread in self._threads:
            thread.start()

    def send(self, data: bytes) -> int:
        """Queues ``data`` and returns its ticket; a ``HandedOver`` of that ticket follows while the link lives."""
        self._interrupted.clear()
        ticket = next(self._tickets)
        self._outgoing.put((ticket, data))
        return ticket

    def interrupt(self) -> None:
        """Keeps the rest of the piece being sent from the system. Call it only while one piece is on its way."""
        self._interrupted.set()

    def close(self, abort: bool = False) -> None:
        """Ends both threads. ``abort`` resets the connection, so that nothing still in the system is delivered."""
        self._closing.set()
        self._outgoing.put(None)
        self._wake_reader.send(b"\0")
        for thread in self._threads:
            thread.join()
        if abort:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        for each in (self._socket, self._wake_reader, self._woken):
            each.close()

    def _write(self) -> None:
        while (piece := self._outgoing.get()) is not None:
            ticket, data = piece
            count, problem = self._push(data)
            self.events.put(HandedOver(ticket, count))
            if problem:
                self.events.put(LinkLost(problem))
                return

    def _push(self, data: bytes) -> tuple[int, str | None]:
        deadline = time.monotonic() + self._send_seconds
        count = 0
        while count < len(data) and not self._interrupted.is_set():
            if self._closing.is_set() or time.monotonic() > deadline:
                return count, "send-stalled"
            try:
                _, writable, _ = select.select((), (self._socket,), (), 0.1)
                count += self._socket.send(data[count:]) if writable else 0
            except BlockingIOError:
                continue
            except OSError:
                return count, "link-lost"
        return count, None

    def _read(self) -> None:
        answers = AnswerDemultiplexer()
        while not self._closing.is_set():
            select.select((self._socket, self._woken), (), ())
            try:
                data = self._socket.recv(4096)
            except BlockingIOError:
                continue
            except OSError:
                data = b""
            if not data:
                self.events.put(LinkLost("link-lost"))
                return
            for answer in answers.feed(data):
                self.events.put(answer)
