"""One conversation's way to a printer: a writer and a reader thread, and everything that happens in one queue."""

import itertools
import queue
import threading
import time
from dataclasses import dataclass

from devices.printer.escpos.channel import Channel
from devices.printer.escpos_answers import Answer, AnswerDemultiplexer

_LOOK_UP_S = 0.1


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The system took ``count`` bytes of the ``send`` that returned ``ticket``. Every ``send`` gets one.

    Fewer than were given only after ``interrupt`` or when the link was lost.
    """

    ticket: int
    count: int


@dataclass(frozen=True, slots=True)
class LinkLost:
    """Nothing more will be sent or received; ``reason`` is a stable word. The reader may say so while the writer still
    counts what the system took."""

    reason: str


LinkEvent = HandedOver | LinkLost | Answer


class Link:
    """Takes the open ``channel`` as its own. A piece of which nothing is taken for ``send_seconds`` loses the link: a
    slow line needs its time, a dead one none."""

    def __init__(self, channel: Channel, send_seconds: float) -> None:
        self._channel = channel
        self._send_seconds = send_seconds
        self._excused_until = 0.0
        self._closing = threading.Event()
        self._interrupted = threading.Event()
        self._tickets = itertools.count()
        self._outgoing: queue.SimpleQueue[tuple[int, bytes] | None] = queue.SimpleQueue()
        self.events: queue.SimpleQueue[LinkEvent] = queue.SimpleQueue()
        self._threads = (
            threading.Thread(target=self._write, name="printer-writer", daemon=True),
            threading.Thread(target=self._read, name="printer-reader", daemon=True),
        )
        for thread in self._threads:
            thread.start()

    def send(self, data: bytes) -> int:
        """Queues ``data`` and returns its ticket; a ``HandedOver`` of that ticket follows in any case."""
        self._interrupted.clear()
        ticket = next(self._tickets)
        self._outgoing.put((ticket, data))
        return ticket

    def interrupt(self) -> None:
        """Keeps the rest of the piece being sent from the system. Call it only while one piece is on its way."""
        self._interrupted.set()

    def be_patient(self, seconds: float) -> None:
        """A standstill counts only after ``seconds`` from now: the printer pauses by itself and will go on."""
        self._excused_until = time.monotonic() + seconds

    def close(self, abort: bool = False) -> None:
        """Ends both threads. With ``abort`` nothing still in the system is delivered."""
        self._closing.set()
        self._outgoing.put(None)
        self._channel.wake()
        for thread in self._threads:
            thread.join()
        self._channel.close(abort)

    def _write(self) -> None:
        lost = False
        while (piece := self._outgoing.get()) is not None:
            ticket, data = piece
            count, problem = (0, None) if lost else self._push(data)
            self.events.put(HandedOver(ticket, count))
            if problem:
                self.events.put(LinkLost(problem))
                lost = True

    def _push(self, data: bytes) -> tuple[int, str | None]:
        moved = time.monotonic()
        count = 0
        while count < len(data) and not self._interrupted.is_set():
            if self._closing.is_set() or time.monotonic() - max(moved, self._excused_until) > self._send_seconds:
                return count, "send-stalled"
            try:
                taken = self._channel.write(data[count:], _LOOK_UP_S)
            except OSError:
                return count, "link-lost"
            count += taken
            moved = time.monotonic() if taken else moved
        return count, None

    def _read(self) -> None:
        answers = AnswerDemultiplexer()
        while not self._closing.is_set():
            try:
                data = self._channel.read()
            except OSError:
                self.events.put(LinkLost("link-lost"))
                return
            for answer in answers.feed(data):
                self.events.put(answer)
