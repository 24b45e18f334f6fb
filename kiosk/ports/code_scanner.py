"""Reads codes that a citizen shows, on a phone or on paper: in camera pictures, or by a scanner of its own."""

import hashlib
from dataclasses import dataclass, field
from typing import Protocol

from kiosk.domain.picture import Picture
from kiosk.ports.clock import CancelSignal
from kiosk.ports.device_status import DeviceStatus

MAX_CODE_BYTES = 1024
"""No code a terminal takes is longer."""


@dataclass(frozen=True, slots=True)
class CodeSeen:
    """What a code says, byte for byte; never logged, never shown."""

    payload: bytes = field(repr=False)

    @property
    def digest(self) -> str:
        """By this a code is known again without being kept."""
        return hashlib.sha256(self.payload).hexdigest()


@dataclass(frozen=True, slots=True)
class NoCode:
    """No code came in time."""


@dataclass(frozen=True, slots=True)
class ScannerFault:
    """Camera, decoder or scanner do not work."""

    reason: str


CodeReading = CodeSeen | NoCode | ScannerFault


class CodeScanner(Protocol):
    def status(self) -> DeviceStatus: ...

    def codes_in(self, picture: Picture) -> tuple[bytes, ...]:
        """Payloads of every code in ``picture``, at most ``MAX_CODE_BYTES`` each; longer ones are left out."""


class CodeReader(Protocol):
    """A scanner that reads codes by itself and sends their bytes: on a serial port, or as a keyboard."""

    def status(self) -> DeviceStatus: ...

    def read_code(self, timeout_s: float, cancelled: CancelSignal) -> CodeReading:
        """Waits for one code. Armed only while this runs: what was scanned before is dropped unseen, so is what is
        longer than ``MAX_CODE_BYTES``, and so is the code returned last when it comes again within 2 s. The payload
        has no control characters and is UTF-8, or the very bytes where the scanner is set to binary."""

    def close(self) -> None: ...
