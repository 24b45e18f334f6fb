"""A scanner that sends codes by itself (``kiosk.ports.code_scanner.CodeReader``), whatever line it sends them on."""

import errno
import termios
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from devices.code_scanner.intake import GAP_S, Assembler, Charset, Debounce, Framing, cleaned
from kiosk.ports.clock import CancelSignal, Clock
from kiosk.ports.code_scanner import CodeReading, CodeSeen, NoCode, ScannerFault
from kiosk.ports.device_status import DeviceStatus, Ready, Unavailable

_SLICE_S = 0.02
"""Longest wait between two looks at the cancel signal; short against the silence that ends a code."""

_WORDS = {errno.EACCES: "denied", errno.EPERM: "denied", errno.EBUSY: "busy", errno.EAGAIN: "busy"}
_REMEDIES = {
    "gone": "Plug the scanner in; if it is, check its address in the settings",
    "denied": "Let the terminal's user open the scanner (group dialout for a port, input for an event node)",
    "busy": "End the program that holds the scanner",
}


class Source(Protocol):
    """A scanner's open line. Any method may raise OSError: the line is gone then."""

    def receive(self, wait_s: float) -> bytes:
        """What has come, else what comes within ``wait_s``; empty when nothing does."""

    def close(self) -> None: ...


class ListeningScanner:
    """Opens its line when first needed and again after it was gone. ``line`` ("port", "node") begins the reason of a
    fault: port-gone, port-busy, port-denied. Calls from several threads take turns."""

    def __init__(
        self, line: str, open_source: Callable[[], Source], framing: Framing, charset: Charset, clock: Clock
    ) -> None:
        self._line = line
        self._open_source = open_source
        self._framing = framing
        self._assembler = Assembler(framing)
        self._charset = charset
        self._clock = clock
        self._debounce = Debounce()
        self._source: Source | None = None
        self._turn = threading.Lock()

    def status(self) -> DeviceStatus:
        """Never waits for ``read_code``: while that runs, the line is open and heard."""
        if not self._turn.acquire(blocking=False):
            return Ready()
        try:
            self._hear(self._opened(), 0.0)
        except (OSError, termios.error) as trouble:
            self._drop_source()
            word = _word(trouble)
            return Unavailable(f"{self._line}-{word}", _REMEDIES[word])
        finally:
            self._turn.release()
        return Ready()

    def read_code(self, timeout_s: float, cancelled: CancelSignal) -> CodeReading:
        deadline = self._clock.monotonic() + timeout_s
        with self._turn:
            try:
                return self._listen(self._opened(), deadline, cancelled)
            except (OSError, termios.error) as trouble:
                self._drop_source()
                return ScannerFault(f"{self._line}-{_word(trouble)}")

    def close(self) -> None:
        with self._turn:
            self._drop_source()

    def _opened(self) -> Source:
        if self._source is None:
            self._source = self._open_source()
            self._assembler = Assembler(self._framing)
        return self._source

    def _drop_source(self) -> None:
        source, self._source = self._source, None
        if source is not None:
            with suppress(OSError):
                source.close()

    def _listen(self, source: Source, deadline: float, cancelled: CancelSignal) -> CodeReading:
        self._drop_unasked(source, deadline, cancelled)
        while not cancelled.is_set() and self._clock.monotonic() < deadline:
            _, codes = self._hear(source, _SLICE_S)
            for raw in codes:
                code = cleaned(raw, self._charset)
                if isinstance(code, CodeSeen) and self._debounce.takes(code, self._clock.monotonic()):
                    return code
        return NoCode()

    def _drop_unasked(self, source: Source, deadline: float, cancelled: CancelSignal) -> None:
        """Drops what came before anybody waited for a code, with all that follows without a gap (a line that was full
        sends the rest once there is room) and with the end of a code that is under way."""
        came, _ = self._hear(source, 0.0)
        now = self._clock.monotonic()
        quiet_at = now + GAP_S if came else now
        while now < min(quiet_at, deadline) and not cancelled.is_set():
            came, _ = self._hear(source, _SLICE_S)
            now = self._clock.monotonic()
            quiet_at = now + GAP_S if came else quiet_at
        self._assembler.spoil()

    def _hear(self, source: Source, wait_s: float) -> tuple[bool, list[bytes]]:
        """Whether anything came, and the codes that ended."""
        data = source.receive(wait_s)
        return bool(data), self._assembler.hear(data, self._clock.monotonic())


def _word(trouble: Exception) -> str:
    code = trouble.errno if isinstance(trouble, OSError) else None
    return _WORDS.get(code or 0, "gone")
