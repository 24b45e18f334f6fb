"""What carries the bytes of one conversation with a printer, and the channels that are a file descriptor."""

import os
import select
import socket
from typing import Protocol

_READ = 4096


class Channel(Protocol):
    """Open from construction. One thread writes, one reads; both meet ``OSError`` once the printer is gone."""

    def write(self, data: bytes, wait_s: float) -> int:
        """How many of ``data``'s first bytes were taken within ``wait_s``; 0 while the printer takes none."""

    def read(self) -> bytes:
        """What has come, as soon as something has; nothing after ``wake``, or now and then."""

    def wake(self) -> None:
        """Has a running ``read`` return."""

    def close(self, abort: bool) -> None:
        """``abort`` takes back what the system has not delivered yet. The threads have left before."""


class DescriptorChannel:
    """A channel over ``descriptor``, which it does not close itself: the one who opened it does."""

    def __init__(self, descriptor: int) -> None:
        os.set_blocking(descriptor, False)
        self._descriptor = descriptor
        self._waker, self._woken = socket.socketpair()

    def write(self, data: bytes, wait_s: float) -> int:
        _, writable, _ = select.select((), (self._descriptor,), (), wait_s)
        try:
            return os.write(self._descriptor, data) if writable else 0
        except BlockingIOError:
            return 0

    def read(self) -> bytes:
        readable, _, _ = select.select((self._descriptor, self._woken.fileno()), (), ())
        if self._descriptor not in readable:
            return b""
        try:
            data = os.read(self._descriptor, _READ)
        except BlockingIOError:
            return b""
        if not data:
            raise OSError("the other end closed")
        return data

    def wake(self) -> None:
        self._waker.send(b"\0")

    def close_waker(self) -> None:
        self._waker.close()
        self._woken.close()
