"""The receive buffer, and the real-time commands that are obeyed the moment they arrive, wherever they stand."""

import threading
from collections.abc import Iterator

CLEAR = bytes((0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08))


class ReceiveBuffer:
    """At most ``capacity`` bytes wait in it; ``put`` blocks while it is full, as a printer's busy line does."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._data = bytearray()
        self._condition = threading.Condition()
        self._cancelled = False
        self._ended = False

    def put(self, data: bytes) -> None:
        for start in range(0, len(data), self._capacity):
            self._put_piece(data[start : start + self._capacity])

    def _put_piece(self, piece: bytes) -> None:
        with self._condition:
            self._condition.wait_for(lambda: self._ended or len(self._data) + len(piece) <= self._capacity)
            self._data += piece
            self._condition.notify_all()

    def take(self, count: int) -> bytes | None:
        taken = bytearray()
        while len(taken) < count:
            with self._condition:
                self._condition.wait_for(lambda: self._data or self._cancelled or self._ended)
                if self._cancelled or (self._ended and not self._data):
                    return None
                piece = self._data[: count - len(taken)]
                del self._data[: len(piece)]
                taken += piece
                self._condition.notify_all()
        return bytes(taken)

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


class RealTimeScanner:
    """Finds ``DLE EOT n`` and ``DLE DC4 8 ...`` in the stream, also inside raster data, in any pieces."""

    def __init__(self) -> None:
        self._tail = b""

    def scan(self, data: bytes) -> Iterator[tuple[bytes, int]]:
        """(command, index in ``data`` after its last byte), in order."""
        stream = self._tail + data
        offset = len(self._tail)
        for end in range(offset + 1, len(stream) + 1):
            if stream.endswith(CLEAR, 0, end):
                yield CLEAR, end - offset
            elif end >= 3 and stream[end - 3 : end - 1] == b"\x10\x04" and stream[end - 1] in range(1, 5):
                yield stream[end - 3 : end], end - offset
        self._tail = stream[-(len(CLEAR) - 1) :]
