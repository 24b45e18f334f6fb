"""What a reader can be plugged into: a pseudo-terminal, or one TCP port as behind a serial-to-network bridge."""

import contextlib
import os
import select
import socket
import termios
import tty
from collections.abc import Callable
from typing import Protocol

from simulators.rates import SPEEDS

_TRY_AGAIN_S = 0.1
_CHUNK = 4096


class Wire(Protocol):
    @property
    def address(self) -> str:
        """What a driver opens."""

    def arrived(self, wake: int, timeout_s: float) -> bytes | None:
        """What the host sent; empty when nothing came in time, None once the descriptor ``wake`` can be read."""

    def write(self, data: bytes, stopped: Callable[[], bool]) -> None:
        """All of ``data``, or none once ``stopped``; what no host takes is lost."""

    def carries(self, baud: int) -> bool:
        """Whether host and reader hear each other when the reader is set to ``baud``."""

    def close(self) -> None: ...


class PtyWire:
    """A pseudo-terminal. A host that set another rate is heard as noise, that is, not at all."""

    def __init__(self) -> None:
        self._master, self._slave = os.openpty()
        os.set_blocking(self._master, False)
        tty.setraw(self._slave)
        self._path = os.ttyname(self._slave)

    @property
    def address(self) -> str:
        return self._path

    def arrived(self, wake: int, timeout_s: float) -> bytes | None:
        ready, _, _ = select.select([self._master, wake], [], [], timeout_s)
        if wake in ready:
            return None
        return os.read(self._master, _CHUNK) if ready else b""

    def write(self, data: bytes, stopped: Callable[[], bool]) -> None:
        view = memoryview(data)
        while view and not stopped():
            select.select([], [self._master], [], _TRY_AGAIN_S)
            with contextlib.suppress(BlockingIOError):
                view = view[os.write(self._master, view) :]

    def carries(self, baud: int) -> bool:
        return bool(termios.tcgetattr(self._master)[4] == SPEEDS[baud])

    def close(self) -> None:
        os.close(self._master)
        os.close(self._slave)


class TcpWire:
    """A listening port on 127.0.0.1 (0 picks a free one) for one host at a time; a second one is turned away.

    The bridge follows the reader's rate.
    """

    def __init__(self, port: int) -> None:
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port: int = self._listener.getsockname()[1]
        self._host: socket.socket | None = None

    @property
    def address(self) -> str:
        return f"tcp:127.0.0.1:{self.port}"

    def arrived(self, wake: int, timeout_s: float) -> bytes | None:
        while True:
            host = (self._host,) if self._host is not None else ()
            ready, _, _ = select.select([wake, self._listener, *host], [], [], timeout_s)
            if wake in ready:
                return None
            if self._listener not in ready or self._host in ready:
                return self._read() if ready else b""
            self._take_in()

    def write(self, data: bytes, stopped: Callable[[], bool]) -> None:
        view = memoryview(data)
        while view and self._host is not None and not stopped():
            select.select([], [self._host], [], _TRY_AGAIN_S)
            try:
                view = view[self._host.send(view) :]
            except BlockingIOError:
                continue
            except OSError:
                self._drop()

    def carries(self, baud: int) -> bool:
        return baud in SPEEDS

    def close(self) -> None:
        self._drop()
        self._listener.close()

    def _take_in(self) -> None:
        host, _ = self._listener.accept()
        if self._host is not None:
            host.close()
            return
        host.setblocking(False)
        host.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._host = host

    def _read(self) -> bytes:
        """Empty as well when the host has hung up."""
        assert self._host is not None
        try:
            data = self._host.recv(_CHUNK)
        except OSError:
            data = b""
        if not data:
            self._drop()
        return data

    def _drop(self) -> None:
        host, self._host = self._host, None
        if host is not None:
            host.close()
