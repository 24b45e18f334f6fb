"""Reads codes that a citizen shows: on a phone or on paper, held before the camera."""

from dataclasses import dataclass, field
from typing import Protocol

from kiosk.domain.picture import Picture
from kiosk.ports.device_status import DeviceStatus

MAX_CODE_BYTES = 1024
"""No code a terminal takes is longer."""


@dataclass(frozen=True, slots=True)
class CodeSeen:
    """What a code says, byte for byte; never logged, never shown."""

    payload: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class NoCode:
    """No code came before the camera in time."""


@dataclass(frozen=True, slots=True)
class ScannerFault:
    """Camera or decoder do not work."""

    reason: str


CodeReading = CodeSeen | NoCode | ScannerFault


class CodeScanner(Protocol):
    def status(self) -> DeviceStatus: ...

    def codes_in(self, picture: Picture) -> tuple[bytes, ...]:
        """Payloads of every code in ``picture``, at most ``MAX_CODE_BYTES`` each; longer ones are left out."""
