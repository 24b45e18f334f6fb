"""Frames on a serial port: 8N1, no flow control, opened for this program alone."""

import select
import termios
from pathlib import Path

import serial

_WRITE_TIMEOUT_S = 0.5
_MOST_BYTES = 4096


class SerialLine:
    """``path`` is the port, ``baud`` the rate it opens at."""

    def __init__(self, path: str, baud: int) -> None:
        self._path = path
        self._baud = baud
        self._port: serial.Serial | None = None

    def open(self, _wait_s: float, /) -> None:
        self._port = serial.Serial(self._path, self._baud, timeout=0, write_timeout=_WRITE_TIMEOUT_S, exclusive=True)

    def close(self) -> None:
        port, self._port = self._port, None
        if port is not None:
            port.close()

    def gone(self) -> bool:
        """The port has vanished, or what was opened has been hung up since."""
        port = self._port
        if not Path(self._path).exists():
            return True
        try:
            return port is not None and _hung_up(port.fileno())
        except OSError:
            return False

    def drain(self) -> None:
        try:
            self._opened().reset_input_buffer()
        except termios.error as trouble:
            raise OSError(*trouble.args) from trouble

    def write(self, data: bytes, /) -> None:
        self._opened().write(data)

    def read(self, wait_s: float, /) -> bytes:
        port = self._opened()
        if not select.select([port.fileno()], [], [], max(0.0, wait_s))[0]:
            return b""
        return port.read(_MOST_BYTES)

    def set_rate(self, baud: int, /) -> None:
        self._opened().baudrate = baud

    def _opened(self) -> serial.Serial:
        assert self._port is not None
        return self._port


def _hung_up(descriptor: int) -> bool:
    looking = select.poll()
    looking.register(descriptor, 0)
    return any(seen & (select.POLLHUP | select.POLLERR) for _, seen in looking.poll(0))
