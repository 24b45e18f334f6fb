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
    """The last self-check. ``waiting`` counts records not yet delivered."""

    reader: DeviceStatus
    camera: DeviceStatus
    face: DeviceStatus
    printer: PrinterStatus
    platform: DeviceStatus
    waiting: int

    def devices(self) -> dict[str, DeviceStatus]:
        """Every device and the link by the name the log uses."""
        return {
            "id-card": self.reader,
            "camera": self.camera,
            "face": self.face,
            "printer": self.printer.device,
            "platform": self.platform,
        }


def closed_by(health: Health) -> str | None:
    """What keeps the item closed: a device it cannot do without (E-27), or a clock it must not sign by (E-28)."""
    for name, status in (("reader", health.reader), ("camera", health.camera), ("face", health.face)):
        if not isinstance(status, Ready):
            return name
    if isinstance(health.platform, Unavailable) and health.platform.reason == CLOCK_DRIFT:
        return "clock"
    return None
