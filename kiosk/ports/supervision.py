"""Who watches the devices, and what he tells of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from kiosk.ports.device_status import DeviceStatus, Unavailable
from kiosk.ports.printer import PaperLevel


@dataclass(frozen=True, slots=True)
class Trouble:
    """What was wrong with a device, and when that was seen last."""

    what: Unavailable
    at: datetime


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """How a device is, by the name the log uses.

    ``since`` is when it became ready or was lost. ``failures`` counts bad looks in a row: one of them is a flicker, and
    ``status`` is still ready then. ``last_error`` stays when the device has come back. ``paper`` is the printer's.
    ``looked_at``, ``took_s`` (seconds) and ``remaining_mm``, what the printer thinks is left on its roll, are those of
    the last look and no news.
    """

    device: str
    status: DeviceStatus
    since: datetime
    failures: int = 0
    last_error: Trouble | None = None
    paper: PaperLevel | None = None
    looked_at: datetime | None = field(default=None, compare=False)
    took_s: float = field(default=0.0, compare=False)
    remaining_mm: int | None = field(default=None, compare=False)


Listener = Callable[[DeviceReport], None]


class Supervision(Protocol):
    """Watches every device of a terminal by itself. Safe for several threads."""

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Tells ``listener`` how every device is now and then every change, once and in order; the answer ends that.
        ``listener`` is called on any thread and must not wait."""

    def reports(self) -> tuple[DeviceReport, ...]:
        """The newest report of every device that was looked at."""

    def look_at_all(self) -> None:
        """Nobody is served: asks every device how it is, now. Returns at once."""

    def keep_quiet(self) -> None:
        """Somebody is served: until ``look_at_all`` no device is asked that a question could disturb; it is still seen
        whether it is there."""
