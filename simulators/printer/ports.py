"""Where the host is plugged in: a network port or a serial line. One host at a time; answers go the way data came."""

import contextlib
import os
import select
import socket
import struct
import termios
import threading
import time
import tty
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Protocol

from simulators.rates import SPEEDS
from simulators.stable_link import StableLink

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
_READ = 4096
_SERIAL_READ = 256
_NETWORK_WINDOW = 16384
_BITS_A_BYTE = 10
_SLICE_S = 0.01


class Receiver(Protocol):
    def host_arrived(self) -> None:
        """A new conversation begins."""

    def receive(self, data: bytes) -> int:
        """How many of ``data`` were worked off; the rest is offered again."""


class Port(ABC):
    """Reads in a thread of its own while plugged in. ``pause`` stops reading and swallows answers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._paused = threading.Event()
        self._leaving = threading.Event()
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_read, False)
        self._thread: threading.Thread | None = None
        self._leaver: threading.Thread | None = None
        self._receiver: Receiver | None = None

    @property
    @abstractmethod
    def address(self) -> str:
        """What a driver opens."""

    @property
    def host_obeys_xoff(self) -> bool:
        """What it has not sent when XOFF comes, it keeps."""
        return False

    @property
    def plugged(self) -> bool:
        return self._thread is not None

    def start(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self.plug()

    def plug(self) -> None:
        """Takes hosts again, at the same address."""
        if self._thread is None:
            if self._leaver is not None:
                self._leaver.join()
            self._open()
            self._leaving.clear()
            self._thread = threading.Thread(target=self._serve, name="printer-port", daemon=True)
            self._thread.start()

    def unplug(self, wait: bool = True) -> None:
        """Pulls the cable; ``wait`` until the host must have felt it, unless the port's own thread asks."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._leaver = thread
        self._leaving.set()
        self._wake()
        if wait and thread is not threading.current_thread():
            thread.join()

    def pause(self) -> None:
        self._paused.set()
        self._wake()

    def resume(self) -> None:
        self._paused.clear()
        self._wake()

    def close(self) -> None:
        self.unplug()
        if self._leaver is not None:
            self._leaver.join()
        os.close(self._wake_read)
        os.close(self._wake_write)

    @abstractmethod
    def send(self, data: bytes) -> None:
        """To the host, if there is one that listens."""

    @abstractmethod
    def reset(self) -> None:
        """Breaks the conversation off. Raises ValueError where there is nothing to break."""

    @abstractmethod
    def _open(self) -> None: ...

    @abstractmethod
    def _serve(self) -> None: ...

    def _wake(self) -> None:
        os.write(self._wake_write, b"x")

    def _wait(self, source: int, pending: bytes) -> bool:
        """Until ``source`` can be read, or something else has changed; true when it can."""
        sources = [] if self._paused.is_set() or pending else [source]
        at_once = bool(pending) and not self._paused.is_set()
        ready, _, _ = select.select([self._wake_read, *sources], [], [], 0 if at_once else None)
        if self._wake_read in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(self._wake_read, _READ)
        return source in ready

    def _work_off(self, pending: bytes) -> bytes:
        assert self._receiver is not None
        return pending if self._paused.is_set() else pending[self._receiver.receive(pending) :]


class TcpPort(Port):
    """Listens on ``loopback``:``number`` (0 picks one), an address of 127.0.0.0/8. A second host waits until the first
    has gone."""

    def __init__(self, number: int = 0, loopback: str = "127.0.0.1") -> None:
        super().__init__()
        self._loopback = loopback
        self._listener = _listen(loopback, number)
        self._number: int = self._listener.getsockname()[1]
        self._host: socket.socket | None = None
        self._resetting = threading.Event()

    @property
    def address(self) -> str:
        return f"{self._loopback}:{self._number}"

    def send(self, data: bytes) -> None:
        with self._lock:
            if self._host is not None and not self._paused.is_set():
                with contextlib.suppress(OSError):
                    self._host.sendall(data)

    def reset(self) -> None:
        if self._host is not None:
            self._resetting.set()
            self._wake()

    def close(self) -> None:
        super().close()
        self._listener.close()

    def _open(self) -> None:
        if self._listener.fileno() < 0:
            self._listener = _listen(self._loopback, self._number)

    def _serve(self) -> None:
        listener = self._listener
        while not self._leaving.is_set():
            if not self._wait(listener.fileno(), b""):
                continue
            host, _ = listener.accept()
            self._begin(host)
            try:
                self._converse(host)
            except OSError:
                pass
            finally:
                self._end(host)
        listener.close()

    def _begin(self, host: socket.socket) -> None:
        assert self._receiver is not None
        host.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._resetting.clear()
        self._receiver.host_arrived()
        with self._lock:
            self._host = host

    def _converse(self, host: socket.socket) -> None:
        pending = b""
        while not self._over():
            if self._wait(host.fileno(), pending):
                pending = host.recv(_READ)
                if not pending:
                    return
            if pending and not self._over():
                pending = self._work_off(pending)
        host.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)

    def _over(self) -> bool:
        return self._leaving.is_set() or self._resetting.is_set()

    def _end(self, host: socket.socket) -> None:
        with self._lock:
            self._host = None
            host.close()
        self._resetting.clear()


def _listen(loopback: str, number: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _NETWORK_WINDOW)
    listener.bind((loopback, number))
    listener.listen()
    return listener


class SerialPort(Port):
    """A pseudo-terminal read no faster than 8N1 at ``baud`` carries (``paced``); a host at another rate is heard as
    noise. ``link`` is kept pointing at the present one."""

    def __init__(self, baud: int, link: Path | None = None, paced: bool = True) -> None:
        super().__init__()
        self._baud = baud
        self._paced = paced
        self._link = StableLink(link) if link is not None else None
        self._master = self._slave = -1
        self._path = ""
        self._open()

    @property
    def address(self) -> str:
        return str(self._link.path) if self._link is not None else self._path

    def send(self, data: bytes) -> None:
        with self._lock:
            if self.plugged and not self._paused.is_set():
                with contextlib.suppress(OSError):
                    os.write(self._master, self._as_heard(data))

    @property
    def host_obeys_xoff(self) -> bool:
        """The kernel holds a pseudo-terminal's bytes where a UART would have kept them."""
        return bool(termios.tcgetattr(self._master)[0] & termios.IXON)

    def reset(self) -> None:
        raise ValueError("a serial line has no connection to reset")

    def close(self) -> None:
        started = self._thread is not None
        super().close()
        if not started:
            self._hang_up()

    def _open(self) -> None:
        if self._master >= 0:
            return
        self._master, self._slave = os.openpty()
        os.set_blocking(self._master, False)
        tty.setraw(self._slave)
        self._path = os.ttyname(self._slave)
        if self._link is not None:
            self._link.point_to(self._path)

    def _serve(self) -> None:
        assert self._receiver is not None
        self._receiver.host_arrived()
        pending = b""
        free_at = time.monotonic()
        while not self._leaving.is_set():
            if self._wait(self._master, pending):
                pending = self._as_heard(os.read(self._master, self._most()))
                free_at = self._carry(len(pending), free_at)
            if pending and not self._leaving.is_set():
                pending = self._work_off(pending)
        self._hang_up()

    def _most(self) -> int:
        return max(1, int(self._baud * _SLICE_S / _BITS_A_BYTE)) if self._paced else _SERIAL_READ

    def _carry(self, count: int, free_at: float) -> float:
        """Waits until the line has carried ``count`` more bytes; returns when that was."""
        if not self._paced:
            return free_at
        now = time.monotonic()
        ends = max(free_at, now - _SLICE_S) + count * _BITS_A_BYTE / self._baud
        self._leaving.wait(max(0.0, ends - now))
        return ends

    def _as_heard(self, data: bytes) -> bytes:
        if termios.tcgetattr(self._master)[4] == SPEEDS[self._baud]:
            return data
        return bytes(0x80 | byte >> 1 for byte in data)

    def _hang_up(self) -> None:
        with self._lock:
            os.close(self._master)
            os.close(self._slave)
            self._master = self._slave = -1
        if self._link is not None:
            self._link.remove()
