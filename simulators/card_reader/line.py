"""The serial line between reader and host: carries bytes on the time line of its baud rate (8N1, ten bits a byte)."""

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from simulators.card_reader.wire import Wire

SLICE_S = 0.004
RECEIVE_GAP_S = 0.1
"""A request whose bytes stop for this long is given up."""

BITS_A_BYTE = 10

_OVERSLEPT_S = 0.0001
_SHORTEST_S = 0.00001
"""A sleeping thread wakes about a tenth of a millisecond late: the last stretch is slept in short steps."""

_ROUNDING = 0.001
"""Of a byte: what the clock's fractions may be off."""


@dataclass(frozen=True, slots=True)
class Reply:
    """``frame`` goes out. ``pauses`` are (byte index, seconds) in rising order: so long the line is still before that
    byte. After the last one the reader is set to ``new_baud``, or its cable is pulled."""

    frame: bytes
    pauses: tuple[tuple[int, float], ...] = ()
    new_baud: int | None = None
    unplugs: bool = False

    def pieces(self) -> list[tuple[float, bytes]]:
        """Each stretch of bytes behind the seconds it waits for."""
        first = () if self.pauses and self.pauses[0][0] == 0 else ((0, 0.0),)
        starts = (*first, *self.pauses, (len(self.frame), 0.0))
        return [(pause, self.frame[start:end]) for (start, pause), (end, _) in pairwise(starts)]


class Pacer:
    """Hands out the slices of a message when they are due.

    ``monotonic`` and ``wait`` are the clock; ``wait`` returns True when the message is to be dropped.
    """

    def __init__(self, monotonic: Callable[[], float], wait: Callable[[float], bool]) -> None:
        self._monotonic = monotonic
        self._wait = wait
        self._free_at = 0.0

    def heard(self, count: int, baud: int) -> None:
        """``count`` bytes of the host have begun to come in now: nothing leaves before the last of them is here."""
        self._free_at = max(self._free_at, self._monotonic()) + count * BITS_A_BYTE / baud

    def send(self, reply: Reply, baud: int, write: Callable[[bytes], None]) -> None:
        """Writes so that every byte leaves when a line of ``baud`` has carried it whole, and not before."""
        start = max(self._free_at, self._monotonic())
        for pause, data in reply.pieces():
            self._free_at = start + pause + len(data) * BITS_A_BYTE / baud
            if not self._send_by(self._free_at, data, baud, write):
                return
            start = self._free_at

    def _send_by(self, end: float, data: bytes, baud: int, write: Callable[[bytes], None]) -> bool:
        """The last byte of ``data`` leaves at ``end``, the others before it at the line's rate. False when dropped."""
        rate = baud / BITS_A_BYTE
        sent = 0
        while sent < len(data):
            left = end - self._monotonic()
            due = len(data) - max(0, ceil(left * rate - _ROUNDING))
            if due > sent:
                write(data[sent:due])
                sent = due
            elif self._wait(_sleep_s(left, len(data) - sent, rate)):
                return False
        return True


def _sleep_s(left: float, unsent: int, rate: float) -> float:
    """Until the next slice is due, ``left`` seconds before the last of ``unsent`` bytes."""
    silence = max(0.0, left - unsent / rate)
    return max(_SHORTEST_S, min(left, silence + SLICE_S) - _OVERSLEPT_S)


class Line:
    """A plugged-in ``wire``, served in a thread of its own until it is closed or a reply unplugs it.

    ``receive`` gets what the host sent, or empty bytes when a request stopped midway, and returns the answers.
    Without ``monotonic`` bytes go out at once. ``unplugged`` is called when a reply has pulled the cable.
    """

    def __init__(
        self,
        wire: Wire,
        receive: Callable[[bytes], list[Reply]],
        baud: int,
        monotonic: Callable[[], float] | None,
        unplugged: Callable[[], None],
    ) -> None:
        self._wire = wire
        self._receive = receive
        self.baud = baud
        self._unplugged = unplugged
        self._stopping = threading.Event()
        self._ended = threading.Event()
        self._pacer = Pacer(monotonic, self._stopping.wait) if monotonic is not None else None
        self._wake_read, self._wake_write = os.pipe()
        self._thread = threading.Thread(target=self._serve, name="card-reader-line", daemon=True)

    @property
    def plugged(self) -> bool:
        return not self._ended.is_set()

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Pulls the plug: the host sees its port vanish."""
        self._stopping.set()
        os.write(self._wake_write, b"x")
        self._thread.join()
        os.close(self._wake_read)
        os.close(self._wake_write)

    def _serve(self) -> None:
        try:
            pulled = self._answer_until_pulled()
        finally:
            self._ended.set()
            self._wire.close()
        if pulled:
            self._unplugged()

    def _answer_until_pulled(self) -> bool:
        """True when a reply pulled the cable, False when the line was closed."""
        while (data := self._wire.arrived(self._wake_read, RECEIVE_GAP_S)) is not None:
            if data and not self._wire.carries(self.baud):
                continue
            if self._pacer is not None:
                self._pacer.heard(len(data), self.baud)
            for reply in self._receive(data):
                self._send(reply)
                if reply.unplugs:
                    return True
                self.baud = reply.new_baud or self.baud
        return False

    def _send(self, reply: Reply) -> None:
        if self._pacer is not None:
            self._pacer.send(reply, self.baud, self._write)
            return
        for pause, data in reply.pieces():
            self._stopping.wait(pause)
            self._write(data)

    def _write(self, data: bytes) -> None:
        self._wire.write(data, self._stopping.is_set)
