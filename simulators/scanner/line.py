"""The scanner's serial line: a pseudo-terminal that the scanner only ever sends on, no faster than its rate."""

import contextlib
import os
import termios
import threading
import time
import tty

from simulators.rates import SPEEDS

_BITS_A_BYTE = 10
_SLICE_S = 0.004


class SendingLine:
    """One plugged-in pseudo-terminal. ``paced`` sends 8N1 at ``baud``, otherwise at once.

    A host at another rate hears noise, and bytes that find the host's buffer full are lost, as on a line without flow
    control.
    """

    def __init__(self, baud: int, paced: bool) -> None:
        self._baud = baud
        self._paced = paced
        self._unplugged = threading.Event()
        self._sending = threading.Lock()
        self._master, self._slave = os.openpty()
        os.set_blocking(self._master, False)
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)

    def send(self, data: bytes) -> None:
        """Returns when the last byte has left, or the plug was pulled."""
        with self._sending:
            slice_bytes = max(1, int(self._baud * _SLICE_S / _BITS_A_BYTE)) if self._paced else len(data)
            start = time.monotonic()
            for at in range(0, len(data), slice_bytes or 1):
                piece = data[at : at + slice_bytes]
                due = start + (at + len(piece)) * _BITS_A_BYTE / self._baud if self._paced else start
                if self._unplugged.wait(max(0.0, due - time.monotonic())):
                    return
                self._write(piece)

    def pause(self, seconds: float) -> None:
        self._unplugged.wait(seconds)

    def close(self) -> None:
        """Pulls the plug: the host sees its port vanish."""
        self._unplugged.set()
        with self._sending:
            os.close(self._master)
            os.close(self._slave)

    def _write(self, piece: bytes) -> None:
        if termios.tcgetattr(self._master)[4] != SPEEDS[self._baud]:
            piece = bytes(0x80 | byte >> 1 for byte in piece)
        with contextlib.suppress(BlockingIOError):
            os.write(self._master, piece)
