"""The receipt printer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from kiosk.domain.paper import Paper
    from kiosk.ports.device_status import DeviceStatus


class PaperLevel(Enum):
    """IPP words: enough, media-low, media-empty."""

    ENOUGH = "enough"
    LOW = "media-low"
    EMPTY = "media-empty"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """``remaining_mm`` is what is left on the roll, ``full_mm`` how long it was; None where nobody has said so."""

    device: DeviceStatus
    paper: PaperLevel
    remaining_mm: int | None = None
    full_mm: int | None = None


class Handover(Enum):
    """What became of a printed paper: a printer without a presenter cannot tell, one with it sees the paper taken, or
    takes it back after a while."""

    NO_PRESENTER = "no-presenter"
    TAKEN = "taken"
    RETRACTED = "retracted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Printed:
    """The printer acknowledged the end of the job."""

    bytes_sent: int


@dataclass(frozen=True, slots=True)
class NotPrinted:
    """Certain that nothing of the job reached paper."""

    reason: str


@dataclass(frozen=True, slots=True)
class PrintUnknown:
    """Some of the job may be on paper; it must not be repeated under the same number by itself."""

    reason: str


PrintVerdict = Printed | NotPrinted | PrintUnknown


class Printer(Protocol):
    def status(self) -> PrinterStatus: ...

    def print(self, paper: Paper, job: str) -> PrintVerdict:
        """Renders and prints ``paper``; blocks until a verdict. ``job`` names it in logs."""

    def hand_over(self, job: str) -> Handover:
        """After ``Printed``: blocks until the paper of ``job`` is out of the printer's mouth, one way or the other."""

    def close(self) -> None: ...
