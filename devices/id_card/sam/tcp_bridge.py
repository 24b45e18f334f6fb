"""Frames through a serial device server: a TCP connection that carries the line's bytes as they are."""

import contextlib
import select
import socket

_WRITE_TIMEOUT_S = 0.5
_MOST_BYTES = 4096


class TcpBridge:
    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self._socket: socket.socket | None = None

    def open(self, wait_s: float, /) -> None:
        self._socket = socket.create_connection(self._address, timeout=max(0.001, wait_s))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self) -> None:
        connection, self._socket = self._socket, None
        if connection is not None:
            connection.close()

    def gone(self) -> bool:
        """The bridge has closed the connection, or it is broken."""
        connection = self._socket
        if connection is None or (descriptor := connection.fileno()) < 0:
            return False
        looking = select.poll()
        looking.register(descriptor, select.POLLRDHUP)
        return bool(looking.poll(0))

    def drain(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while True:
                self._receive(0)

    def write(self, data: bytes, /) -> None:
        connection = self._opened()
        connection.settimeout(_WRITE_TIMEOUT_S)
        connection.sendall(data)

    def read(self, wait_s: float, /) -> bytes:
        try:
            return self._receive(max(0.0, wait_s))
        except (TimeoutError, BlockingIOError):
            return b""

    def _receive(self, wait_s: float) -> bytes:
        connection = self._opened()
        connection.settimeout(wait_s)
        data = connection.recv(_MOST_BYTES)
        if not data:
            raise ConnectionResetError("the bridge closed the connection")
        return data

    def _opened(self) -> socket.socket:
        assert self._socket is not None
        return self._socket
