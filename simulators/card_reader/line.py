"""The serial line: a pseudo-terminal that carries bytes no faster than its baud rate (8N1, ten bits a byte)."""

import contextlib
import os
import select
import termios
import threading
import tty
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SLICE_S = 0.004
RECEIVE_GAP_S = 0.1
"""A request whose bytes stop for this long is given up."""

SPEEDS = {
    115200: termios.B115200,
    57600: termios.B57600,
    38400: termios.B38400,
    19200: termios.B19200,
    9600: termios.B9600,
}


class Pacer:
    """Hands out the slices of a message when they are due.

    ``monotonic`` and ``wait`` are the clock; ``wait`` returns True when the message is to be dropped.
    """

    def __init__(self, monotonic: Callable[[], float], wait: Callable[[float], bool]) -> None:
        self._monotonic = monotonic
        self._wait = wait

    def send(self, data: bytes, baud: int, write: Callable[[bytes], None]) -> None:
        """Calls ``write`` so that after t seconds at most t * baud / 10 bytes have left."""
        start = self._monotonic()
        sent = 0
        while sent < len(data):
            due = min(len(data), int((self._monotonic() - start) * baud / 10))
            if due > sent:
                write(data[sent:due])
                sent = due
            if sent < len(data) and self._wait(min(SLICE_S, (len(data) - sent) * 10 / baud)):
                return


@dataclass(frozen=True, slots=True)
class Reply:
    """``frame`` goes out; after its last byte the reader switches to ``new_baud`` where one is given."""

    frame: bytes
    new_baud: int | None = None


class PtyLine:
    """One plugged-in pseudo-terminal, read in a thread of its own.

    ``receive`` gets what the host sent, or empty bytes when a request stopped midway, and returns the answers.
    A host that set another rate than ``baud`` is heard as noise, that is, not at all.
    """

    def __init__(
        self, receive: Callable[[bytes], list[Reply]], baud: int, monotonic: Callable[[], float] | None
    ) -> None:
        self._receive = receive
        self.baud = baud
        self._monotonic = monotonic
        self._stopping = threading.Event()
        self._wake_read, self._wake_write = os.pipe()
        self._master, self._slave = os.openpty()
        os.set_blocking(self._master, False)
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)
        self._thread = threading.Thread(target=self._serve, name="card-reader-line", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Pulls the plug: the host sees its port vanish."""
        self._stopping.set()
        os.write(self._wake_write, b"x")
        self._thread.join()
        for descriptor in (self._master, self._slave, self._wake_read, self._wake_write):
            os.close(descriptor)

    def _serve(self) -> None:
        while not self._stopping.is_set():
            ready, _, _ = select.select([self._master, self._wake_read], [], [], RECEIVE_GAP_S)
            if self._wake_read in ready:
                return
            data = os.read(self._master, 4096) if ready else b""
            if data and not self._rates_agree():
                continue
            for reply in self._receive(data):
                self._send(reply.frame, len(data))
                self.baud = reply.new_baud or self.baud

    def _rates_agree(self) -> bool:
        return bool(termios.tcgetattr(self._master)[4] == SPEEDS[self.baud])

    def _send(self, answer: bytes, request_bytes: int) -> None:
        if self._monotonic is None:
            self._write(answer)
            return
        self._stopping.wait(request_bytes * 10 / self.baud)
        Pacer(self._monotonic, self._stopping.wait).send(answer, self.baud, self._write)

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view and not self._stopping.is_set():
            select.select([], [self._master], [], RECEIVE_GAP_S)
            with contextlib.suppress(BlockingIOError):
                view = view[os.write(self._master, view) :]


class StableLink:
    """A symbolic link that always names the present pseudo-terminal, as udev does under /dev/serial/by-id."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def point_to(self, device: str) -> None:
        fresh = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        fresh.symlink_to(device)
        fresh.replace(self.path)

    def remove(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            self.path.unlink()
