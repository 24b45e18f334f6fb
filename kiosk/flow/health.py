"""What the terminal can do right now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.ports.device_status import CLOCK_DRIFT, Ready, Unavailable

if TYPE_CHECKING:
    from kiosk.ports.device_status import DeviceStatus
    from kiosk.ports.printer import PrinterStatus


@dataclass(frozen=True, slots=True)
class Health:
    """The last self-check. ``waiting`` counts records not yet delivered; ``smart_card`` is None where no reader for
    social-security cards is fitted; ``code_readers`` are the scanners beside the camera, by name."""

    reader: DeviceStatus
    camera: DeviceStatus
    face: DeviceStatus
    printer: PrinterStatus
    platform: DeviceStatus
    waiting: int
    smart_card: DeviceStatus | None = None
    code_readers: tuple[tuple[str, DeviceStatus], ...] = ()

    def devices(self) -> dict[str, DeviceStatus]:
        """Every device and the link by the name the log uses."""
        return {
            "id-card": self.reader,
            "camera": self.camera,
            "face": self.face,
            "printer": self.printer.device,
            "platform": self.platform,
            **({} if self.smart_card is None else {"smart-card": self.smart_card}),
            **dict(self.code_readers),
        }


def clock_wrong(health: Health) -> bool:
    """True when the platform says that the terminal's clock is off: nothing new may be signed (E-28)."""
    return isinstance(health.platform, Unavailable) and health.platform.reason == CLOCK_DRIFT


def closed_by(health: Health) -> str | None:
    """What keeps a service with a face closed: a device it cannot do without (E-27), or a clock it must not sign by."""
    for name, status in (("reader", health.reader), ("camera", health.camera), ("face", health.face)):
        if not isinstance(status, Ready):
            return name
    return "clock" if clock_wrong(health) else None
