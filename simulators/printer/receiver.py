"""The receive buffer, and the real-time commands that are obeyed the moment they arrive, wherever they stand."""

import re
import threading
from collections.abc import Callable, Iterator

CLEAR = bytes((0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08))
POWER_OFF = bytes((0x10, 0x14, 0x02, 0x01, 0x08))
FULL_STATUS = b"\x10\x04\x14"
_REAL_TIME = re.compile(
    rb"\x10(?:\x04[\x01-\x04\x14]|\x05[\x01\x02]|\x14(?:\x01[\x00\x01][\x01-\x08]|\x02\x01\x08|\x08\x01\x03\x14\x01\x06\x02\x08))"
)
_XOFF_ABOVE = 0.9
_XON_BELOW = 0.5


class ReceiveBuffer:
    """At most ``capacity`` bytes wait in it. ``ran_dry`` is called when the taker had to wait for bytes, ``taken``
    after every take."""

    def __init__(self, capacity: int, ran_dry: Callable[[], None], taken: Callable[[], None]) -> None:
        self._capacity = capacity
        self._ran_dry = ran_dry
        self._taken = taken
        self._data = bytearray()
        self._condition = threading.Condition()
        self._cancelled = False
        self._ended = False
        self._released = 0
        self._stopping_host = False

    def put(self, data: bytes) -> None:
        """Blocks while there is no room, as a busy line does; ``release`` lets the rest fall."""
        with self._condition:
            turn = self._released
            for start in range(0, len(data), self._capacity):
                piece = data[start : start + self._capacity]
                if not self._wait_for_room(len(piece), turn):
                    return
                self._data += piece
                self._condition.notify_all()

    def squeeze(self, data: bytes) -> int:
        """Takes what there is room for and loses the rest, as a line without handshake does. Returns bytes lost."""
        with self._condition:
            kept = data[: self._capacity - len(self._data)]
            self._data += kept
            self._condition.notify_all()
            return len(data) - len(kept)

    def take(self, count: int) -> bytes | None:
        """Blocks for exactly ``count`` bytes; None when the data in hand was cancelled."""
        taken = bytearray()
        while len(taken) < count:
            with self._condition:
                waited = not self._data
                self._condition.wait_for(lambda: self._data or self._cancelled or self._ended)
                if self._cancelled or (self._ended and not self._data):
                    return None
                piece = self._data[: count - len(taken)]
                del self._data[: len(piece)]
                taken += piece
                self._condition.notify_all()
            self._taken()
            if waited:
                self._ran_dry()
        return bytes(taken)

    def flow(self) -> bool | None:
        """True when the host is to stop now (XOFF), False when it may go on again (XON), None for no change."""
        with self._condition:
            level = len(self._data) / self._capacity
            stop = level > (_XON_BELOW if self._stopping_host else _XOFF_ABOVE)
            changed, self._stopping_host = stop is not self._stopping_host, stop
            return stop if changed else None

    def release(self) -> None:
        """Frees a blocked ``put``; what it still held is lost."""
        with self._condition:
            self._released += 1
            self._condition.notify_all()

    def clear(self) -> None:
        """Drops what waits and cancels the taker until ``accept``."""
        with self._condition:
            self._data.clear()
            self._cancelled = True
            self._condition.notify_all()

    def accept(self) -> None:
        with self._condition:
            self._cancelled = False

    def end(self) -> None:
        """No more data will come; what is there is still worked off."""
        with self._condition:
            self._ended = True
            self._condition.notify_all()

    def _wait_for_room(self, count: int, turn: int) -> bool:
        """False when the buffer was released meanwhile."""
        self._condition.wait_for(
            lambda: self._ended or self._released != turn or len(self._data) + count <= self._capacity
        )
        return self._released == turn


class RealTimeScanner:
    """Finds ``DLE EOT``, ``DLE ENQ`` and ``DLE DC4`` in the stream, also inside raster data, in any pieces."""

    def __init__(self) -> None:
        self._tail = b""

    def scan(self, data: bytes) -> Iterator[tuple[bytes, int]]:
        """(command, index in ``data`` after its last byte), in order."""
        stream = self._tail + data
        offset = len(self._tail)
        for match in _REAL_TIME.finditer(stream):
            if match.end() > offset:
                yield match.group(), match.end() - offset
        self._tail = stream[-(len(CLEAR) - 1) :]
