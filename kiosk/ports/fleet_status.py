"""How one terminal is, told to whoever watches the fleet. Nothing of a citizen is in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kiosk.ports.device_status import DeviceStatus


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """``reason`` is a stable word, empty while the device is well."""

    name: str
    ok: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """Records not yet delivered: ``waiting`` will be sent, ``dead`` need a person; ``oldest_s`` is the age in seconds
    of the oldest one waiting."""

    waiting: int
    dead: int
    oldest_s: int | None


@dataclass(frozen=True, slots=True)
class TerminalStatus:
    """``at`` is the terminal's own clock, ``since`` when its program was started.

    ``closed_by`` names what keeps services with a face closed, None while they are open; ``queue`` is None where the
    storage cannot be read; ``paper_left_mm`` is None where nobody knows how long the roll was.
    """

    at: datetime
    since: datetime
    version: str
    closed_by: str | None
    devices: tuple[DeviceLine, ...]
    queue: QueueFigures | None
    paper: str
    paper_left_mm: int | None
    disk_free_mb: int


class FleetStatus(Protocol):
    """Safe for several threads."""

    def start(self) -> None:
        """From now on the terminal is there for the fleet."""

    def publish(self, status: TerminalStatus) -> None:
        """Returns at once. Without a link the newest status is kept and told with the next one."""

    def status(self) -> DeviceStatus:
        """How the way to the watchers is."""

    def close(self) -> None:
        """Says goodbye, so that a terminal that was switched off is not looked for."""
