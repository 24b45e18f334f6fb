"""A card in its slot, on the wire of vpcd: two bytes of length, then a control byte or a command.

vpcd takes one connection for one inserted card, and looks for it every 0.4 s.
"""

import contextlib
import os
import socket
import struct
import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path

POWER_OFF, POWER_ON, RESET, GET_ATR = 0x00, 0x01, 0x02, 0x04
CONNECT_S = 5

_numbers = count()


class Slot:
    """An inserted card: answers until ``close`` takes it out.

    ``atr`` and ``answer`` are asked in a thread of its own; ``answer`` returns None for silence and raises
    ``ConnectionError`` when the card leaves. ``power`` is called when the card is powered, unpowered or reset.
    """

    def __init__(
        self, place: Path, atr: Callable[[], bytes], answer: Callable[[bytes], bytes | None], power: Callable[[], None]
    ) -> None:
        self._atr = atr
        self._answer = answer
        self._power = power
        self._socket = _connect(place)
        self._thread = threading.Thread(target=self._serve, name="smart-card-slot", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._hang_up()
        self._thread.join()
        self._socket.close()

    def _hang_up(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def _serve(self) -> None:
        try:
            while message := self._receive():
                answer = self._reply(message)
                if answer is not None:
                    self._socket.sendall(len(answer).to_bytes(2, "big") + answer)
        except OSError:
            return
        finally:
            self._hang_up()

    def _reply(self, message: bytes) -> bytes | None:
        if len(message) > 1:
            return self._answer(message)
        if message[0] == GET_ATR:
            return self._atr()
        self._power()
        return None

    def _receive(self) -> bytes:
        """One message; empty when vpcd has gone."""
        length = self._exactly(2)
        return self._exactly(int.from_bytes(length, "big")) if length else b""

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            part = self._socket.recv(size - len(data))
            if not part:
                return b""
            data += part
        return data


def _connect(place: Path) -> socket.socket:
    """To a stream socket of libsocket-wrapper, which wants its peers named like its own: T, interface, port. While
    vpcd has not yet looked for the card before, this one waits, as only a blocking connection to a file does."""
    own = place.with_name(f"T01{0xC000 + next(_numbers) % 0x1000:04X}")
    own.unlink(missing_ok=True)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.bind(os.fspath(own))
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", CONNECT_S, 0))
        connection.connect(os.fspath(place))
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", 0, 0))
    except OSError:
        connection.close()
        raise
    return connection
