"""What the fleet is told of a terminal, derived from what the terminal knows of itself."""

import re
from datetime import datetime

from kiosk.flow.health import Health, closed_by
from kiosk.ports.device_status import DeviceStatus, Unavailable
from kiosk.ports.fleet_status import DeviceLine, QueueFigures, TerminalStatus

STARTING = "starting"
"""``closed_by`` until every device was looked at once."""

_WORD = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST = 48
_NO_WORD = "untold"


def terminal_status(
    health: Health | None, queue: QueueFigures | None, *, at: datetime, since: datetime, version: str, disk_free_mb: int
) -> TerminalStatus:
    """A device's reason that is no stable word is left out, so that no free text travels."""
    if health is None:
        return TerminalStatus(at, since, version, STARTING, (), queue, "unknown", None, disk_free_mb)
    return TerminalStatus(
        at=at,
        since=since,
        version=version,
        closed_by=closed_by(health),
        devices=tuple(_line(name, status) for name, status in health.devices().items()),
        queue=queue,
        paper=health.printer.paper.value,
        paper_left_mm=health.printer.remaining_mm,
        disk_free_mb=disk_free_mb,
    )


def _line(name: str, status: DeviceStatus) -> DeviceLine:
    if not isinstance(status, Unavailable):
        return DeviceLine(name, ok=True)
    word = len(status.reason) <= _LONGEST and _WORD.fullmatch(status.reason) is not None
    return DeviceLine(name, ok=False, reason=status.reason if word else _NO_WORD)
