"""Frames on a serial port: 8N1, no flow control, opened for this program alone."""

import select
import termios

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
