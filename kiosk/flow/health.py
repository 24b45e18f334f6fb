"""What the terminal can do right now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.ports.device_status import CLOCK_DRIFT, Ready, Unavailable
from kiosk.ports.outbox import OFFLINE_LIMITS
from kiosk.ports.printer import PaperLevel, PrinterStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kiosk.ports.device_status import DeviceStatus
    from kiosk.ports.supervision import DeviceReport

ID_CARD = "id-card"
CAMERA = "camera"
FACE = "face"
PRINTER = "printer"
PLATFORM = "platform"
SMART_CARD = "smart-card"
OUTBOX = "outbox"

FACE_SERVICE = frozenset({ID_CARD, CAMERA, FACE})
"""What a service with a face cannot do without (E-27)."""

USUAL_ROLL_MM = 80_000
LOW_PART = 5
"""A new roll should lie ready when less than a fifth is left."""

ONE_PAPER_MM = 250
"""The longest paper of the services there are, a copy of 229 mm on the 58 mm roll, and the way to the knife."""


@dataclass(frozen=True, slots=True)
class RollLeft:
    """Of the roll in the printer, as far as anybody has said how long it was."""

    remaining_mm: int | None = None
    full_mm: int | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """How everything is at present. ``waiting`` counts records not yet delivered, ``refused`` is why the outbox would
    take no case without the hall's answer, None while it would; ``smart_card`` is None where no
    reader for social-security cards is fitted; ``code_readers`` are the scanners beside the camera, by name;
    ``reports`` are what a technician sees of every device."""

    reader: DeviceStatus
    camera: DeviceStatus
    face: DeviceStatus
    printer: PrinterStatus
    platform: DeviceStatus
    waiting: int
    smart_card: DeviceStatus | None = None
    code_readers: tuple[tuple[str, DeviceStatus], ...] = ()
    reports: tuple[DeviceReport, ...] = ()
    refused: str | None = None

    def devices(self) -> dict[str, DeviceStatus]:
        """Every device and the link by the name the log uses, and the outbox while it takes nothing."""
        return {
            ID_CARD: self.reader,
            CAMERA: self.camera,
            FACE: self.face,
            PRINTER: self.printer.device,
            PLATFORM: self.platform,
            **({} if self.smart_card is None else {SMART_CARD: self.smart_card}),
            **dict(self.code_readers),
            **({} if self.refused is None else {OUTBOX: Unavailable(self.refused, "")}),
        }


def health_of(
    reports: Iterable[DeviceReport],
    waiting: int,
    code_readers: Iterable[str] = (),
    roll: RollLeft = RollLeft(),
    refused: str | None = None,
) -> Health | None:
    """None until each of the devices that every terminal has was looked at. ``code_readers`` are the names of the
    scanners that are fitted."""
    known = {report.device: report for report in reports}
    if not {*FACE_SERVICE, PRINTER, PLATFORM} <= known.keys():
        return None
    printer, slot = known[PRINTER], known.get(SMART_CARD)
    return Health(
        reader=known[ID_CARD].status,
        camera=known[CAMERA].status,
        face=known[FACE].status,
        printer=PrinterStatus(printer.status, printer.paper or PaperLevel.UNKNOWN, _left(printer, roll), roll.full_mm),
        platform=known[PLATFORM].status,
        waiting=waiting,
        smart_card=None if slot is None else slot.status,
        code_readers=tuple((name, known[name].status) for name in code_readers if name in known),
        reports=tuple(known.values()),
        refused=refused,
    )


def _left(printer: DeviceReport, roll: RollLeft) -> int | None:
    """The count alone runs down on a roll that was changed without a word; the printer's sensor knows better. And a new
    roll is known before the printer is asked again."""
    known = [left for left in (printer.remaining_mm, roll.remaining_mm) if left is not None]
    return max(known, default=None)


def lost(health: Health, needed: frozenset[str]) -> tuple[str, str] | None:
    """Device and reason of the first of the ``needed`` ones that does not serve; None when all do."""
    for device, status in health.devices().items():
        if device in needed and isinstance(status, Unavailable):
            return device, status.reason
    return None


def paper_low(printer: PrinterStatus) -> bool:
    """Whether a new roll should lie ready: by the printer's own sensor, or by what is left."""
    left = printer.remaining_mm
    low = (printer.full_mm or USUAL_ROLL_MM) // LOW_PART
    return printer.paper is PaperLevel.LOW or (left is not None and left < low)


def can_print(printer: PrinterStatus) -> bool:
    """Whether something may be begun that is nothing without its paper."""
    left = printer.remaining_mm
    enough = left is None or left >= ONE_PAPER_MM
    return isinstance(printer.device, Ready) and printer.paper is not PaperLevel.EMPTY and enough


def clock_wrong(health: Health) -> bool:
    """True when the platform says, or said last, that the terminal's clock is off: nothing new may be signed (E-28)."""
    if health.refused == CLOCK_DRIFT:
        return True
    return isinstance(health.platform, Unavailable) and health.platform.reason == CLOCK_DRIFT


def closed_by(health: Health) -> str | None:
    """What keeps a service with a face closed: a device it cannot do without (E-27), a clock it must not sign by, a
    line that was down until no more could be taken in (domain.md 5.3.5), or a storage that keeps nothing."""
    for name, status in (("reader", health.reader), ("camera", health.camera), ("face", health.face)):
        if not isinstance(status, Ready):
            return name
    if clock_wrong(health):
        return "clock"
    if health.refused in OFFLINE_LIMITS:
        return "line" if isinstance(health.platform, Unavailable) else None
    return None if health.refused is None else OUTBOX
